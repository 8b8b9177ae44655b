import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { constants, createBrotliCompress, createDeflate, createGzip, gzipSync } from 'node:zlib';
import { DfeClient } from '../../shared/dfe/client.js';
import { fixedCredentials } from '../../shared/dfe/credentials.js';
import { NotSentError, type Network } from '../../shared/dfe/network.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import { aPost, listening, networkIn } from './networks.js';

describe('an answer of DfE that is too long', () => {
  const megabytes = 300;

  /** A server that answers with so many bytes, as they are or packed, and what came of it. */
  async function aFlood(t: TestContext, encoding?: 'gzip' | 'gzip, gzip' | 'br' | 'deflate') {
    const asked: (string | undefined)[] = [];
    let written = 0;
    const packed = encoding === undefined ? undefined : await packedZeros(encoding, megabytes);
    const server = createHttpServer((request, response) => {
      asked.push(request.headers['accept-encoding']);
      response.writeHead(200, encoding === undefined ? {} : { 'content-encoding': encoding });
      if (packed !== undefined) {
        response.end(packed);
        return;
      }
      const block = Buffer.alloc(1_000_000, 'x');
      const more = () => {
        while (!response.destroyed && written < megabytes) {
          written += 1;
          if (!response.write(block)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    const port = await listening(t, server);
    t.after(() => {
      server.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${String(port)}/`, asked, written: () => written };
  }

  test('is not read to its end, and its status is known', async (t) => {
    const server = await aFlood(t);
    const { status, text } = await networkIn(t).fetch(server.url, aPost);
    assert.deepEqual([status, text], [200, undefined]);
    assert.ok(server.written() < 50, `${String(server.written())} MB were written`);
    assert.deepEqual(server.asked, ['identity']);
  });

  for (const encoding of ['gzip', 'gzip, gzip', 'br', 'deflate'] as const) {
    test(`is not unpacked to its end when it comes as ${encoding}, which was not asked for`, async (t) => {
      const server = await aFlood(t, encoding);
      const network = networkIn(t);
      const before = process.memoryUsage.rss();
      assert.deepEqual((await network.fetch(server.url, aPost)).text, undefined);
      const grown = (process.memoryUsage.rss() - before) / 1_000_000;
      assert.ok(grown < 150, `${String(grown)} MB more memory`);
    });
  }

  test('is not read further when it unpacks to nothing', async (t) => {
    const empty = gzipSync('');
    const server = createHttpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(Buffer.concat(Array<Buffer>(400_000).fill(empty)));
    });
    const port = await listening(t, server);
    await assert.rejects(networkIn(t).fetch(`http://127.0.0.1:${String(port)}/`, aPost), (error) => {
      return !(error instanceof NotSentError);
    });
  });

  test('leaves a batch that DfE says it accepted in doubt, and a refused one refused without words', async (t) => {
    for (const [status, expected] of [
      [200, { kind: 'none', why: 'unclear', mayHold: true }],
      [400, { kind: 'refused', mayHold: false }],
    ] as const) {
      const server = createHttpServer((request, response) => {
        if (request.url?.startsWith('/token') === true) {
          response.setHeader('content-type', 'application/json');
          response.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}');
          return;
        }
        response.writeHead(status).end('["x"]'.padEnd(1_000_001));
      });
      const url = `http://127.0.0.1:${String(await listening(t, server))}`;
      const answer = await aClientOf(url, networkIn(t)).post([{ la_child_id: 'C1' }]);
      assert.ok(answer.kind !== 'accepted');
      assert.deepEqual({ ...answer, ...expected }, answer);
      if (answer.kind === 'refused') assert.equal(answer.text, undefined);
    }
  });

  test('holds no token', async (t) => {
    const server = createHttpServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}'.padEnd(1_000_001));
    });
    const url = `http://127.0.0.1:${String(await listening(t, server))}`;
    const answer = await aClientOf(url, networkIn(t)).post([{ la_child_id: 'C1' }]);
    assert.ok(answer.kind === 'none' && answer.status === 'token');
    assert.match(answer.text, /answered 200 without a token/);
  });

  test('has its receipts counted before they are looked at', async (t) => {
    const server = createHttpServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        request.url?.startsWith('/token') === true
          ? '{"access_token":"t","token_type":"Bearer","expires_in":3600}'
          : `[${Array(400_000).fill(1).join()}]`,
      );
    });
    const url = `http://127.0.0.1:${String(await listening(t, server))}`;
    const answer = await aClientOf(url, networkIn(t)).post([{ la_child_id: 'C1' }]);
    assert.ok(answer.kind === 'none' && answer.mayHold);
    assert.equal(answer.text, 'DfE answered with 400000 receipts for 1 children');
  });
});

function aClientOf(url: string, network: Network): DfeClient {
  const credentials = fixedCredentials({
    clientId: 'client',
    clientSecret: 'secret',
    supplierKey: 'key',
    secondarySupplierKey: undefined,
  });
  const tokens = new TokenSource(
    { tokenUrl: `${url}/token`, scope: 'api://dfe/.default' },
    { credentials, network, now: () => new Date() },
  );
  return new DfeClient(
    {
      baseUrl: url,
      laCode: '999',
      userAgent: 'test',
      timeoutMs: 20_000,
      retry: { retries: 0, firstWaitMs: 1, longestWaitMs: 1, budgetMs: 10 },
    },
    { credentials, tokens, network },
  );
}

/** So many megabytes of zeros, packed. */
async function packedZeros(encoding: string, megabytes: number): Promise<Buffer> {
  const pack = {
    gzip: createGzip,
    'gzip, gzip': createGzip,
    br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    deflate: createDeflate,
  }[encoding];
  assert.ok(pack !== undefined);
  const block = Buffer.alloc(1_000_000);
  const packed = await buffer(Readable.from(Array<Buffer>(megabytes).fill(block)).pipe(pack()));
  return encoding === 'gzip, gzip' ? gzipSync(packed) : packed;
}
