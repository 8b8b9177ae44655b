import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, type TestContext } from 'node:test';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import type { ApiCall } from '../../shared/dfe/apiCall.js';
import { DfeClient } from '../../shared/dfe/client.js';
import {
  CachedCredentials,
  fixedCredentials,
  type Credentials,
  type DfeCredentials,
} from '../../shared/dfe/credentials.js';
import { Network } from '../../shared/dfe/network.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import { parseFaults } from '../local/dfe/faults.js';
import { startDfeSimulator, type DfeSimulator } from '../local/dfe/simulator.js';

export const aChild = { la_child_id: 'C1', child_details: { sex: 'F', disabilities: ['NONE'] } };
export const anotherChild = { ...aChild, la_child_id: 'C2' };

const network = new Network({ connectTimeoutMs: 500 });
after(() => network.close());

export async function aDfe(
  t: TestContext,
  faults = '',
  { clientSecret = 'the-secret', supplierKeys = ['the-key'] } = {},
): Promise<DfeSimulator> {
  const dfe = await startDfeSimulator({
    laCode: '999',
    clientId: 'client',
    clientSecret,
    scope: 'api://dfe/.default',
    supplierKeys,
    faults: parseFaults(faults),
  });
  t.after(() => dfe.stop());
  return dfe;
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

export async function listening(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String(portOf(server))}`;
}

/** What a receiver does with a post: answers with a status, breaks the connection, or something of its own. */
export type Reaction = number | 'reset' | ((response: ServerResponse) => void);

/** A receiver that reacts as set to one post after the other; the last reaction is for all that follow. */
export async function aReceiver(
  t: TestContext,
  ...reactions: readonly Reaction[]
): Promise<{ apiBaseUrl: string; readonly postedAt: readonly number[] }> {
  const postedAt: number[] = [];
  const react = (request: IncomingMessage, response: ServerResponse): void => {
    const reaction = reactions[Math.min(postedAt.length, reactions.length - 1)] ?? 500;
    postedAt.push(performance.now());
    if (reaction === 'reset') request.socket.resetAndDestroy();
    else if (typeof reaction === 'number') response.writeHead(reaction).end('["some words"]');
    else reaction(response);
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      react(request, response);
    });
  });
  return { apiBaseUrl: await listening(t, server), postedAt };
}

/**
 * For what must not wait: a wrong wait would last half an hour, so even a slow machine shows the difference.
 */
export const rightAway = { timeout: 60_000 };

interface ClientOptions {
  readonly clientSecret?: string;
  readonly supplierKey?: string;
  readonly secondarySupplierKey?: string;
  readonly credentials?: Credentials;
  readonly retries?: number;
  readonly timeoutMs?: number;
  readonly longestWaitMs?: number;
  readonly budgetMs?: number;
  readonly now?: () => Date;
  readonly onCall?: (call: ApiCall) => void;
}

export function aClient(
  dfe: Pick<DfeSimulator, 'apiBaseUrl' | 'tokenUrl' | 'scope'>,
  {
    clientSecret = 'the-secret',
    supplierKey = 'the-key',
    secondarySupplierKey,
    credentials = fixedCredentials({ clientId: 'client', clientSecret, supplierKey, secondarySupplierKey }),
    retries = 0,
    timeoutMs = 5000,
    longestWaitMs = 20,
    budgetMs = 60_000,
    now = () => new Date(),
    onCall,
  }: ClientOptions = {},
): DfeClient {
  return new DfeClient(
    {
      baseUrl: dfe.apiBaseUrl,
      laCode: '999',
      userAgent: 'a-test',
      timeoutMs,
      retry: { retries, firstWaitMs: 1, longestWaitMs, budgetMs },
    },
    {
      credentials,
      tokens: new TokenSource(
        { tokenUrl: dfe.tokenUrl, scope: dfe.scope },
        { credentials, network, now, onCall },
      ),
      network,
      onCall,
    },
  );
}

/** Credentials as in a vault: each read finds the next version, and the last one from then on. */
export function aVaultOf(
  ...versions: readonly Partial<DfeCredentials>[]
): Credentials & { readonly reads: number } {
  let reads = 0;
  // Reads are never too close together.
  let now = 0;
  const read = () => {
    const version = versions[Math.min(reads, versions.length - 1)];
    reads += 1;
    return Promise.resolve({
      clientId: 'client',
      clientSecret: 'the-secret',
      supplierKeys: ['the-key'],
      remarks: [],
      ...version,
    } satisfies DfeCredentials);
  };
  const cached = new CachedCredentials(
    { client: 'THE-CLIENT in the vault', supplierKeys: 'THE-KEYS in the vault' },
    read,
    Infinity,
    () => new Date((now += 61_000)),
  );
  return {
    names: cached.names,
    current: () => cached.current(),
    renewed: () => cached.renewed(),
    get reads() {
      return reads;
    },
  };
}

/** The token endpoint alone: another receiver takes the place of the API. */
export function endpointsOf({ tokenUrl, scope }: DfeSimulator): Pick<DfeSimulator, 'tokenUrl' | 'scope'> {
  return { tokenUrl, scope };
}

/** Asserts that DfE has not answered about the children. */
export function noAnswer(answer: DfeAnswer): Extract<DfeAnswer, { kind: 'none' }> {
  assert.ok(answer.kind === 'none', `${answer.kind} is an answer about the children`);
  return answer;
}
