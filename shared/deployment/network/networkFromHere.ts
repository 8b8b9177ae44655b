import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Network } from '../whatIsLeft/readFacts.js';

const patienceMs = 15_000;
const sqlPort = 1433;

/** The network as this machine sees it. */
export const fromHere: Network = {
  addressesOf: async (name) => {
    try {
      return (await lookup(name, { all: true })).map(({ address }) => address);
    } catch {
      return [];
    }
  },
  answers: (name, over) => (over === 'sql' ? takesConnection(name, sqlPort) : answersOverHttps(name)),
};

/** Any status is an answer; through a proxy, as all calls of a deployment go. */
async function answersOverHttps(name: string): Promise<boolean> {
  try {
    const answer = await fetch(`https://${name}/`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Whether a connection can be opened. */
export function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
