import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:net';
import type { TestContext } from 'node:test';
import { Network } from '../../shared/dfe/network.js';

const variables = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'],
  'NODE_TLS_REJECT_UNAUTHORIZED',
];

/** A way out in an environment with these variables, until the end of the test. */
export function networkIn(
  t: TestContext,
  environment: Readonly<Record<string, string>> = {},
  trusted?: string,
): Network {
  const was = variables.map((name) => [name, process.env[name]] as const);
  for (const name of variables) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  const network = new Network({ connectTimeoutMs: 500, ...(trusted === undefined ? {} : { trusted }) });
  t.after(async () => {
    for (const [name, value] of was) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await network.close();
  });
  return network;
}

export async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

export const aPost = { method: 'POST', body: 'children' } as const;
