import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gatewayAnswer, textAnswer, type HttpAnswer } from './answers.js';
import type { Faults } from './faults.js';
import { Receiver, type Outcome } from './receiver.js';
import type { ArrayMode, HeldChild } from './state.js';
import { Tally, type DfeStatistics } from './statistics.js';
import { answerTokenRequest } from './token-endpoint.js';
import { Tokens } from './tokens.js';

export interface DfeSimulatorOptions {
  /** Three digits; a post for another authority gets 403. */
  readonly laCode: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** Any of them is accepted (primary, secondary). */
  readonly supplierKeys: readonly string[];
  /** How long DfE works on each post; default 0. */
  readonly latencyMs?: number;
  readonly faults?: Faults;
  /** Default `replace`. */
  readonly arrays?: ArrayMode;
  /** For receipts, the expiry of tokens and the fault `rate`; default the clock of the machine. */
  readonly now?: () => Date;
  /** Seed of everything random about faults. */
  readonly seed?: string;
  /** Default a free one. */
  readonly port?: number;
}

export interface DfeSimulator {
  /** Without a slash at the end. */
  readonly apiBaseUrl: string;
  readonly tokenUrl: string;
  readonly scope: string;
  /** A copy of the counts so far. */
  readonly statistics: DfeStatistics;
  /**
   * A copy of what DfE holds now, one entry a child, without what was purged: in order of la_child_id, with lists in a
   * fixed order (state.ts), so that two states can be compared with deepEqual.
   */
  children(): HeldChild[];
  /** Replaces all faults; `{}` ends them. The random sequences begin again. */
  setFaults(faults: Faults): void;
  /** Cuts every connection and frees the port; what is held can still be read. */
  stop(): Promise<void>;
}

export const API_PATH = '/children-in-social-care-data-receiver-test/1';
export const TOKEN_PATH = '/6a1f2c9e-0000-4000-8000-000000000000/oauth2/v2.0/token';
const CHILDREN_PATH = new RegExp(`^${API_PATH}/children_social_care_data/(\\d{3})/children$`);

/**
 * Starts a DfE CSC API with its token endpoint on 127.0.0.1. It judges what is sent (rules.ts), keeps what it holds
 * (state.ts), and on request has faults (faults.ts). It logs nothing and writes nothing to disk.
 */
export async function startDfeSimulator(options: DfeSimulatorOptions): Promise<DfeSimulator> {
  const now = options.now ?? (() => new Date());
  const tokens = new Tokens(now);
  const tally = new Tally();
  const receiver = new Receiver(
    {
      laCode: options.laCode,
      supplierKeys: options.supplierKeys,
      faults: options.faults ?? {},
      arrays: options.arrays ?? 'replace',
      seed: options.seed ?? 'dfe',
      now,
    },
    tokens,
    tally,
  );
  const stopping = new AbortController();

  async function answerToken(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readBody(request);
    const { down, token } = receiver.faults;
    if (request.method !== 'POST') return methodNotAllowed();
    if (down === true || receiver.draws.hits('token', token)) return unavailable();
    const { 'content-type': contentType } = request.headers;
    const answer = answerTokenRequest(body, contentType, options, tokens);
    if (answer.status === 200) tally.count.tokensIssued += 1;
    else tally.count.tokensRefused += 1;
    return answer;
  }

  async function answerPost(
    request: IncomingMessage,
    response: ServerResponse,
    laCode: string,
  ): Promise<void> {
    tally.postArrives();
    let outcomeName = 'reset';
    try {
      if (receiver.draws.hits('reset', receiver.faults.reset)) {
        reset(request);
        return;
      }
      const body = await readBody(request);
      tally.bodyIsRead(body.byteLength);
      const outcome: Outcome =
        receiver.faults.down === true
          ? { answer: unavailable() }
          : receiver.receive({ laCode, headers: request.headers, body });
      const { slow } = receiver.faults;
      const isSlow = receiver.draws.hits('slow', slow?.share);
      const wait = (options.latencyMs ?? 0) + (isSlow ? (slow?.milliseconds ?? 0) : 0);
      if (wait > 0) await delay(wait, undefined, { signal: stopping.signal });
      outcomeName = outcome.lost === true ? 'lost' : String(outcome.answer.status);
      if (outcome.lost === true) reset(request);
      else write(response, outcome.answer);
    } finally {
      tally.postLeaves(outcomeName);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const laCode = CHILDREN_PATH.exec(path)?.[1];
    if (laCode !== undefined && request.method === 'POST') {
      await answerPost(request, response, laCode);
    } else if (path === TOKEN_PATH) {
      write(response, await answerToken(request));
    } else {
      await readBody(request);
      if (receiver.faults.down === true) write(response, unavailable());
      else if (laCode === undefined) write(response, gatewayAnswer(404, 'Resource not found'));
      else write(response, methodNotAllowed());
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // Usually the connection: the caller gave up, or the simulator is being stopped.
      if (request.socket.destroyed || stopping.signal.aborted || response.headersSent)
        request.socket.destroy();
      else write(response, textAnswer(500, `The simulator itself failed: ${String(error)}`));
    });
  });
  // A client that reuses an idle connection just as it is closed would see a reset.
  server.keepAliveTimeout = 120_000;
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;

  return {
    apiBaseUrl: origin + API_PATH,
    tokenUrl: origin + TOKEN_PATH,
    scope: options.scope,
    get statistics() {
      return tally.read();
    },
    children: () => structuredClone(receiver.children()),
    setFaults: (faults) => {
      receiver.setFaults(faults);
    },
    stop: () => {
      stopping.abort();
      return stop(server);
    },
  };
}

/** Reads to the end in every case, so that an early answer never cuts a caller off while it is still sending. */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts);
}

function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, headers).end(body);
}

/** A TCP reset (RST), not an orderly end. */
function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

function methodNotAllowed(): HttpAnswer {
  return gatewayAnswer(405, 'The only method is POST.', { allow: 'POST' });
}

function unavailable(): HttpAnswer {
  return gatewayAnswer(503, 'The service is unavailable.');
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The simulator has no port.');
  return address.port;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
