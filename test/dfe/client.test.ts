import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { after, describe, test, type TestContext } from 'node:test';
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

const aChild = { la_child_id: 'C1', child_details: { sex: 'F', disabilities: ['NONE'] } };
const anotherChild = { ...aChild, la_child_id: 'C2' };

const network = new Network({ connectTimeoutMs: 500 });
after(() => network.close());

async function aDfe(
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

async function listening(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String(portOf(server))}`;
}

/** What a receiver does with a post: answers with a status, breaks the connection, or something of its own. */
type Reaction = number | 'reset' | ((response: ServerResponse) => void);

/** A receiver that does what it is told with one post after the other; the last one stands for all that follow. */
async function aReceiver(
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
 * For what must not wait: the wait that would be wrong lasts half an hour, so that even a slow machine tells the two apart.
 */
const rightAway = { timeout: 60_000 };

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

function aClient(
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

/** Credentials as in a vault: each version is what a further read finds, the last one for ever. */
function aVaultOf(...versions: readonly Partial<DfeCredentials>[]): Credentials & { readonly reads: number } {
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

/** Where a token is to be had: another receiver may stand in for the API. */
function endpointsOf({ tokenUrl, scope }: DfeSimulator): Pick<DfeSimulator, 'tokenUrl' | 'scope'> {
  return { tokenUrl, scope };
}

/** What `answer` says about no answer. */
function noAnswer(answer: DfeAnswer): Extract<DfeAnswer, { kind: 'none' }> {
  assert.ok(answer.kind === 'none', `${answer.kind} is an answer about the children`);
  return answer;
}

describe('the DfE client', () => {
  test('posts a bare array and reads one receipt a child, in order', async (t) => {
    const dfe = await aDfe(t);
    const answer = await aClient(dfe).post([aChild, anotherChild]);
    assert.equal(answer.kind, 'accepted');
    assert.equal(answer.receipts.length, 2);
    assert.deepEqual(
      dfe.children().map((child) => child.la_child_id),
      ['C1', 'C2'],
    );
  });

  test('sends text in UTF-8, byte for byte', async (t) => {
    const dfe = await aDfe(t);
    const names = { first_name: 'Łukasz Siân 李 👶', surname: "Ó'Súilleabháin علي e\u0301" };
    await aClient(dfe).post([{ ...aChild, child_details: { ...aChild.child_details, ...names } }]);
    const details = dfe.children()[0]?.['child_details'];
    assert.deepEqual(details, { ...aChild.child_details, ...names });
  });

  test('asks for one token and uses it for many posts, also at the same time', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await Promise.all([client.post([aChild]), client.post([anotherChild])]);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 1);
  });

  test('renews a token before it expires', async (t) => {
    const dfe = await aDfe(t);
    let now = new Date();
    const client = aClient(dfe, { now: () => now });
    await client.post([aChild]);
    now = new Date(now.getTime() + 56 * 60_000);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('asks for a new token once when DfE does not accept the one it has', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await client.post([aChild]);
    dfe.setFaults(parseFaults('401=99%'));
    assert.equal((await client.post([anotherChild])).kind, 'accepted');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('says that the supplier key was not accepted, after one more token', async (t) => {
    const dfe = await aDfe(t);
    const answer = await aClient(dfe, { supplierKey: 'wrong' }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unauthorised');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('fails with the names of the settings, and no secret, when the credentials are refused', async (t) => {
    const dfe = await aDfe(t);
    const { why, text, mayHold } = noAnswer(
      await aClient(dfe, { clientSecret: 'a-wrong-secret' }).post([aChild]),
    );
    assert.equal(why, 'unauthorised');
    assert.equal(mayHold, false);
    assert.match(text, /DFE_CLIENT_SECRET/);
    assert.match(text, /Nothing was sent to DfE\.$/);
    assert.doesNotMatch(text, /a-wrong-secret/);
    assert.equal(dfe.statistics.posts, 0);
  });

  for (const faults of ['429=50%:0', '500=50%', '503=50%', '408=50%', 'reset=50%', 'lost=50%']) {
    test(`repeats a post that meets ${faults}, and every child arrives`, async (t) => {
      const dfe = await aDfe(t, faults);
      const client = aClient(dfe, { retries: 20 });
      for (let post = 0; post < 5; post += 1) {
        assert.equal((await client.post([aChild, anotherChild])).kind, 'accepted');
      }
      assert.ok(dfe.statistics.posts > 5, 'the fault was met');
      assert.equal(dfe.children().length, 2);
    });
  }

  test('gives up after its retries, and says that it was not DfE who refused', async (t) => {
    const dfe = await aDfe(t, '500=100%');
    const answer = await aClient(dfe, { retries: 2 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.equal(noAnswer(answer).status, 500);
    assert.equal(dfe.statistics.posts, 3);
  });

  test('gives up a post that takes too long', async (t) => {
    const dfe = await aDfe(t, 'slow=100%:10000');
    const answer = await aClient(dfe, { timeoutMs: 50 }).post([aChild]);
    assert.deepEqual(answer, {
      kind: 'none',
      why: 'later',
      status: 'network',
      text: 'DfE did not answer in time, or the connection broke',
      mayHold: true,
      tries: 1,
    });
  });

  test('does not repeat a post that DfE refused', async (t) => {
    const dfe = await aDfe(t, 'refuse=C1');
    const answer = await aClient(dfe, { retries: 5 }).post([aChild]);
    assert.equal(answer.kind, 'refused');
    assert.equal(answer.status, 400);
    assert.equal(dfe.statistics.posts, 1);
  });

  for (const faults of ['204=100%', 'garbage=100%', 'count=100%']) {
    test(`takes ${faults} for an outcome that is not known`, async (t) => {
      const dfe = await aDfe(t, faults);
      const answer = noAnswer(await aClient(dfe, { retries: 5 }).post([aChild, anotherChild]));
      assert.equal(answer.why, 'unclear');
      assert.equal(answer.mayHold, true);
      assert.equal(dfe.statistics.posts, 1, 'and does not repeat it at once');
    });
  }

  test('follows no redirect: the key and the children go to one address only', async (t) => {
    const dfe = await aDfe(t);
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits += 1;
      response.end('["a receipt"]');
    });
    const location = await listening(t, elsewhere);
    const { apiBaseUrl } = await aReceiver(t, (response) => {
      response.writeHead(302, { Location: location }).end();
    });
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unclear');
    assert.equal(visits, 0);
  });

  test('takes a wrong address for what it is, and not for a refusal of the children', async (t) => {
    const dfe = await aDfe(t);
    const apiBaseUrl = `${dfe.apiBaseUrl}/wrong`;
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unclear');
    assert.match(noAnswer(answer).text, /DFE_API_BASE_URL/);
  });

  for (const [form, retryAfter] of [
    ['in seconds', () => '1'],
    // A date has whole seconds: this one is one to two of them away.
    ['as a date', () => new Date(Date.now() + 2000).toUTCString()],
  ] as const) {
    test(`waits as long as Retry-After asks ${form}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(
        t,
        (response) => response.writeHead(429, { 'Retry-After': retryAfter() }).end(),
        (response) => response.end('["a receipt"]'),
      );
      const client = aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 1, longestWaitMs: 10_000 });
      assert.equal((await client.post([aChild])).kind, 'accepted');
      const [first = 0, second = 0] = receiver.postedAt;
      assert.ok(second - first >= 990, `${String(second - first)} ms`);
      assert.ok(second - first < 5000, `${String(second - first)} ms`);
    });
  }

  test(
    'does not come again before the time that Retry-After asks for: where the budget ends before, it gives up at once',
    rightAway,
    async (t) => {
      const dfe = await aDfe(t, '429=100%:3600');
      const answer = await aClient(dfe, { retries: 3, longestWaitMs: 200, budgetMs: 1_800_000 }).post([
        aChild,
      ]);
      assert.equal(noAnswer(answer).why, 'later');
      assert.equal(noAnswer(answer).status, 429);
      assert.equal(noAnswer(answer).retryAfterMs, 3_600_000, 'and says how long DfE asked for');
      assert.equal(dfe.statistics.posts, 1);
    },
  );
});

describe('each HTTP request', () => {
  const told = (calls: readonly ApiCall[]) => calls.map(({ operation, status }) => `${operation} ${status}`);

  test('is told with its status, its time, and how much of children it carried', async (t) => {
    const dfe = await aDfe(t, 'refuse=C2');
    const calls: ApiCall[] = [];
    const client = aClient(dfe, { onCall: (call) => calls.push(call) });
    await client.post([aChild]);
    await client.post([aChild, anotherChild]);
    assert.deepEqual(told(calls), ['token 200', 'post 200', 'post 400']);
    assert.ok(calls.every(({ durationMs }) => durationMs > 0));
    assert.deepEqual(
      calls.map(({ children, bytes }) => [children, bytes]),
      [
        [0, 0],
        [1, JSON.stringify([aChild]).length],
        [2, JSON.stringify([aChild, anotherChild]).length],
      ],
    );
  });

  test('is told also when it is repeated, refused a token, broken off, or takes too long', async (t) => {
    const told1: ApiCall[] = [];
    await aClient(await aDfe(t, '500=100%'), { retries: 2, onCall: (call) => told1.push(call) }).post([
      aChild,
    ]);
    assert.deepEqual(told(told1), ['token 200', 'post 500', 'post 500', 'post 500']);

    const told2: ApiCall[] = [];
    const wrong = { clientSecret: 'another', onCall: (call: ApiCall) => told2.push(call) };
    await aClient(await aDfe(t), wrong).post([aChild]);
    assert.deepEqual(told(told2), ['token 401']);

    const told3: ApiCall[] = [];
    await aClient(await aDfe(t, 'reset=100%'), { onCall: (call) => told3.push(call) }).post([aChild]);
    assert.deepEqual(told(told3), ['token 200', 'post network']);

    const told4: ApiCall[] = [];
    const slow = { timeoutMs: 50, onCall: (call: ApiCall) => told4.push(call) };
    await aClient(await aDfe(t, 'slow=100%:2000'), slow).post([aChild]);
    assert.deepEqual(told(told4), ['token 200', 'post timeout']);
  });
});

describe('the budget of a post', () => {
  test('ends the tries, however many are left', rightAway, async (t) => {
    const dfe = await aDfe(t, '503=100%');
    const answer = await aClient(dfe, { retries: 1_000_000, budgetMs: 1000 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.ok(answer.tries > 2, String(answer.tries));
  });

  test('is not spent on waiting for a try that it does not cover', rightAway, async (t) => {
    const dfe = await aDfe(t, '429=100%:3600');
    const patient = { retries: 5, longestWaitMs: 7_200_000, budgetMs: 1_800_000 };
    const answer = await aClient(dfe, patient).post([aChild]);
    assert.equal(noAnswer(answer).status, 429);
    assert.equal(answer.tries, 1);
  });

  test('counts every HTTP request as a try', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 500, 'reset', 401, 429, 422);
    const answer = await aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 5 }).post([aChild]);
    assert.equal(answer.kind, 'refused');
    assert.equal(answer.tries, 5);
    assert.equal(receiver.postedAt.length, 5);
  });

  test('covers a token endpoint that cannot answer for a while', async (t) => {
    const dfe = await aDfe(t, 'token=60%');
    for (let night = 0; night < 5; night += 1) {
      assert.equal((await aClient(dfe, { retries: 30 }).post([aChild])).kind, 'accepted');
    }
    dfe.setFaults(parseFaults('down'));
    const answer = noAnswer(await aClient(dfe, { retries: 2 }).post([aChild]));
    assert.deepEqual(answer, {
      kind: 'none',
      why: 'later',
      status: 'token',
      text: 'The token endpoint (DFE_TOKEN_URL) answered 503: there is no token now to send with. Nothing was sent to DfE.',
      mayHold: false,
      tries: 0,
    });
  });
});

describe('credentials that DfE answers with 401', () => {
  const wrong = (...supplierKeys: [string, ...string[]]) => ({ supplierKeys });

  /** What is read from the vault, one version after the other, and what comes of one post. */
  const cases: readonly (readonly [
    what: string,
    versions: readonly Partial<DfeCredentials>[],
    outcome: { readonly kind: string; readonly tries: number; readonly tokens: number },
  ])[] = [
    ['one wrong key', [wrong('x')], { kind: 'unauthorised', tries: 2, tokens: 2 }],
    ['two wrong keys', [wrong('x', 'y')], { kind: 'unauthorised', tries: 3, tokens: 2 }],
    ['one wrong key, then another', [wrong('x'), wrong('z')], { kind: 'unauthorised', tries: 3, tokens: 2 }],
    [
      'two wrong keys, then two others',
      [wrong('x', 'y'), wrong('z', 'zz')],
      { kind: 'unauthorised', tries: 4, tokens: 2 },
    ],
    ['a wrong key beside a right one', [wrong('x', 'the-key')], { kind: 'accepted', tries: 3, tokens: 2 }],
    ['a key that was replaced in the vault', [wrong('x'), {}], { kind: 'accepted', tries: 3, tokens: 2 }],
    [
      'two keys, of which the second was replaced in the vault',
      [wrong('x', 'y'), wrong('x', 'the-key')],
      { kind: 'accepted', tries: 4, tokens: 2 },
    ],
    [
      'a client secret that was replaced in the vault',
      [{ clientSecret: 'old' }, {}],
      { kind: 'accepted', tries: 1, tokens: 1 },
    ],
    [
      'a client secret and a key that were replaced in the vault',
      [{ clientSecret: 'old', ...wrong('x') }, {}],
      { kind: 'accepted', tries: 1, tokens: 1 },
    ],
    ['a wrong client secret', [{ clientSecret: 'old' }], { kind: 'unauthorised', tries: 0, tokens: 0 }],
    [
      'a wrong client secret, then another',
      [{ clientSecret: 'old' }, { clientSecret: 'older' }],
      { kind: 'unauthorised', tries: 0, tokens: 0 },
    ],
  ];
  for (const [what, versions, outcome] of cases) {
    test(`${what}: ${outcome.kind} after ${String(outcome.tries)} POSTs`, async (t) => {
      const dfe = await aDfe(t);
      const credentials = aVaultOf(...versions);
      const answer = await aClient(dfe, { credentials, retries: 5 }).post([aChild]);
      assert.equal(answer.kind === 'none' ? answer.why : answer.kind, outcome.kind);
      assert.equal(answer.tries, outcome.tries);
      assert.equal(dfe.statistics.posts, outcome.tries);
      assert.equal(dfe.statistics.tokensIssued, outcome.tokens);
      assert.ok(credentials.reads <= 2, 'and the vault is read again once');
    });
  }

  test('are no more than four POSTs above the retries, in whatever order things go wrong', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 401, 503, 401, 503, 401, 503);
    const client = aClient(
      { ...endpointsOf(dfe), ...receiver },
      { credentials: aVaultOf(wrong('x', 'y'), wrong('z', 'zz')), retries: 4 },
    );
    const answer = await client.post([aChild]);
    assert.equal(noAnswer(answer).mayHold, true, 'a 503 tells nothing');
    assert.equal(answer.tries, 8);
  });

  test('are not tried again once another key has worked', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe, { supplierKey: 'x', secondarySupplierKey: 'the-key' });
    assert.equal((await client.post([aChild])).tries, 3);
    assert.equal((await client.post([aChild])).tries, 1);
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('are told by name, with what the vault says of them, and never by value', async (t) => {
    const dfe = await aDfe(t);
    const remarks = ['The secret of the key expired on 2026-10-01.'];
    const credentials = aVaultOf({ supplierKeys: ['wrong-key-1', 'wrong-key-2'], remarks });
    const { text } = noAnswer(await aClient(dfe, { credentials }).post([aChild]));
    assert.equal(
      text,
      'DfE answered 401, also to a new token: check THE-KEYS in the vault, THE-CLIENT in the vault, and DFE_SCOPE. The secret of the key expired on 2026-10-01.',
    );
    const fixed = aClient(dfe, { supplierKey: 'wrong-key-1', secondarySupplierKey: 'wrong-key-2' });
    assert.match(
      noAnswer(await fixed.post([aChild])).text,
      /check DFE_SUPPLIER_KEY and DFE_SUPPLIER_KEY_SECONDARY, DFE_CLIENT_ID and DFE_CLIENT_SECRET, and DFE_SCOPE\.$/,
    );
  });
});

describe('the probe without children', () => {
  test('says that DfE accepts the credentials, and sends an empty list', async (t) => {
    const dfe = await aDfe(t);
    assert.equal((await aClient(dfe).probe()).credentials, 'accepted');
    assert.equal(dfe.statistics.posts, 1);
    assert.equal(dfe.statistics.largestBodyBytes, 2, 'which is []');
    assert.deepEqual(dfe.children(), []);
  });

  const answers: readonly (readonly [what: string, reaction: Reaction, credentials: string])[] = [
    ['200', (response) => response.end('[]'), 'accepted'],
    ['400', 400, 'accepted'],
    ['422', 422, 'accepted'],
    ['401', 401, 'refused'],
    ['403', 403, 'refused'],
    ['429', 429, 'unanswered'],
    ['500', 500, 'unanswered'],
    ['a broken connection', 'reset', 'unanswered'],
    ['302', 302, 'unclear'],
    ['404', 404, 'unclear'],
    ['a page of a proxy', (response) => response.end('<html>Sign in</html>'), 'unclear'],
  ];
  for (const [what, reaction, credentials] of answers) {
    test(`takes ${what} for ${credentials}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, reaction);
      const probe = await aClient({ ...endpointsOf(dfe), ...receiver }).probe();
      assert.equal(probe.credentials, credentials);
      assert.notEqual(probe.text, '');
    });
  }

  test('takes a refused client for refused, and a token endpoint that is down for no answer', async (t) => {
    const dfe = await aDfe(t);
    const probe = await aClient(dfe, { clientSecret: 'wrong' }).probe();
    assert.equal(probe.credentials, 'refused');
    assert.match(probe.text, /DFE_CLIENT_SECRET/);
    dfe.setFaults(parseFaults('token=100%'));
    assert.equal((await aClient(dfe).probe()).credentials, 'unanswered');
  });
});

describe('whether DfE may hold a batch that it has not accepted', () => {
  const garbage: Reaction = (response) => response.end('<html>Service notice</html>');
  const noList: Reaction = (response) => response.end('{"receipt":"one"}');
  const cutOff: Reaction = (response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('["a rec');
    setTimeout(() => response.destroy(), 20);
  };
  const silence: Reaction = () => undefined;

  /** One try, and what it says. */
  const single: readonly (readonly [what: string, reaction: Reaction, kind: string, mayHold: boolean])[] = [
    ['400', 400, 'refused', false],
    ['403', 403, 'refused', false],
    ['413', 413, 'refused', false],
    ['422', 422, 'refused', false],
    ['401', 401, 'unauthorised', false],
    ['429', 429, 'later', false],
    ['408', 408, 'later', true],
    ['500', 500, 'later', true],
    ['502', 502, 'later', true],
    ['503', 503, 'later', true],
    ['504', 504, 'later', true],
    ['201', 201, 'unclear', true],
    ['204', 204, 'unclear', true],
    ['200 with a page in place of receipts', garbage, 'unclear', true],
    ['200 with JSON that is no list', noList, 'unclear', true],
    ['200 that breaks off', cutOff, 'later', true],
    ['a broken connection', 'reset', 'later', true],
    ['silence', silence, 'later', true],
  ];
  for (const [what, reaction, kind, mayHold] of single) {
    test(`after ${what}: ${mayHold ? 'it may' : 'it cannot'}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, reaction);
      const answer = await aClient({ ...endpointsOf(dfe), ...receiver }, { timeoutMs: 500 }).post([aChild]);
      assert.ok(answer.kind !== 'accepted');
      assert.equal(answer.kind === 'none' ? answer.why : answer.kind, kind);
      assert.equal(answer.mayHold, mayHold);
    });
  }

  test('after a connection that was refused: it cannot', async (t) => {
    const dfe = await aDfe(t);
    const closed = createServer();
    const apiBaseUrl = await listening(t, closed);
    closed.close();
    await once(closed, 'close');
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }, { retries: 1 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.equal(noAnswer(answer).status, 'network');
    assert.equal(noAnswer(answer).mayHold, false);
  });

  test('after a server that never finishes the handshake of TLS: it cannot', rightAway, async (t) => {
    const dfe = await aDfe(t);
    const mute = createTcpServer((socket) => t.after(() => socket.destroy()));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    t.after(() => mute.close());
    const address = mute.address();
    assert.ok(address !== null && typeof address === 'object');
    const apiBaseUrl = `https://127.0.0.1:${String(address.port)}`;
    // The time for connecting is its own, and shorter.
    const slow = { timeoutMs: 1_800_000 };
    const answer = noAnswer(await aClient({ ...endpointsOf(dfe), apiBaseUrl }, slow).post([aChild]));
    assert.equal(answer.text, 'DfE could not be reached (UND_ERR_CONNECT_TIMEOUT)');
    assert.equal(answer.mayHold, false);
  });

  /** Tries of one post, the last one answered in a way that says nothing of those before. */
  const repeated: readonly (readonly [what: string, tries: readonly Reaction[], mayHold: boolean])[] = [
    ['a refusal after a 500', [500, 400], true],
    ['a refusal after a broken connection', ['reset', 422], true],
    ['a refusal after silence', [silence, 400], true],
    ['a refusal after a 500 and a 429', [500, 429, 400], true],
    ['a refusal after a 429', [429, 400], false],
    ['a refusal after a 401', [401, 400], false],
    ['a 429 after a 503', [503, 429], true],
    ['429 again and again', [429], false],
    ['a 401 to both tokens after a 500', [500, 401, 401], true],
    ['a refusal to a new token after a 500 and a 401', [500, 401, 400], true],
  ];
  for (const [what, tries, mayHold] of repeated) {
    test(`after ${what}: ${mayHold ? 'it may' : 'it cannot'}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, ...tries);
      const client = aClient({ ...endpointsOf(dfe), ...receiver }, { timeoutMs: 500, retries: 2 });
      const answer = await client.post([aChild]);
      assert.ok(answer.kind !== 'accepted');
      assert.equal(answer.mayHold, mayHold);
    });
  }

  test('is no question once it has accepted; but the same may land again after a try without an answer', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 500, 'reset', (response) => response.end('["a receipt"]'));
    const client = aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 2 });
    assert.deepEqual(await client.post([aChild]), {
      kind: 'accepted',
      receipts: ['a receipt'],
      mayLandAgain: true,
      tries: 3,
    });
  });
});
