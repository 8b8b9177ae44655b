import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { mayDeployCommand } from '../../shared/commands/mayDeploy.js';
import { anEmptyGroup, groupName, groupPath, holdApp, signInClientId } from '../deployment/anEnvironment.js';
import { refusal } from '../deployment/resourceManagerStandIn.js';

const noRuns = { runs: [] };

interface Case {
  readonly at?: string;
  readonly app?: Parameters<typeof holdApp>[1] | 'none';
  readonly answer?: Response | Error;
  readonly args?: readonly string[];
  /** What else is different in Azure. */
  readonly prepare?: (environment: Awaited<ReturnType<typeof anEmptyGroup>>) => void;
  readonly tokenOf?: (scope: string) => string | undefined;
}

/** What the guard says at a time of 11 August 2026 (UTC), of an app that answers `GET /api/runs` with `answer`. */
async function guard(
  t: TestContext,
  { at = '12:00', app = {}, answer = Response.json(noRuns), args = [], prepare, tokenOf }: Case,
): Promise<{
  code: number;
  says: string;
  asked: { url: string; headers: Headers }[];
  scopes: readonly string[];
}> {
  const environment = await anEmptyGroup(t, tokenOf);
  if (app !== 'none') holdApp(environment, app);
  prepare?.(environment);
  const written: string[] = [];
  const asked: { url: string; headers: Headers }[] = [];
  const code = await mayDeployCommand(['--group', groupName, ...args], {}, (text) => written.push(text), {
    now: () => new Date(`2026-08-11T${at}:00Z`),
    open: environment.open,
    call: (url, { headers }) => {
      asked.push({ url: url.href, headers: new Headers(headers) });
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  const says = written.join('');
  assert.doesNotMatch(says, /seeded|the-token/, 'neither key nor token is printed');
  return { code, says, asked, scopes: environment.scopes };
}

describe('the guard that goes before each deployment', () => {
  it('allows a deployment by day, when no run is in progress, and names the app for the steps that follow', async (t) => {
    const { code, says, asked } = await guard(t, {});
    assert.equal(code, 0, says);
    assert.equal(asked[0]?.url, 'https://func-csc.azurewebsites.net/api/runs?limit=5');
    assert.equal(asked[0].headers.get('x-functions-key'), 'seeded-key');
    assert.match(says, /^##vso\[task\.setvariable variable=functionAppName\]func-csc$/m);
  });

  it('refuses from an hour before the start of the nightly run until half an hour after it', async (t) => {
    const codes: Record<string, number> = {};
    for (const at of ['00:59', '01:00', '02:00', '02:29', '02:30', '02:31']) {
      codes[at] = (await guard(t, { at })).code;
    }
    assert.deepEqual(codes, { '00:59': 0, '01:00': 1, '02:00': 1, '02:29': 1, '02:30': 0, '02:31': 0 });
  });

  it('asks the app where Azure lists no functions at all, because it may be running', async (t) => {
    const { code, says } = await guard(t, {
      prepare: ({ azure }) => {
        azure.answer('GET', /\/functions$/, () => refusal(404, 'NotFound', 'The host cannot be reached.'));
      },
      answer: Response.json({ runs: [{ runId: 'run-1', status: 'sending' }] }),
    });
    assert.equal(code, 1);
    assert.match(says, /Run run-1 is in progress/);
  });

  it('takes other lengths of the window', async (t) => {
    assert.equal((await guard(t, { at: '01:00', args: ['--before', '59'] })).code, 0);
    assert.equal((await guard(t, { at: '04:00', args: ['--after', '121'] })).code, 1);
  });

  it('knows the days of a schedule, and a window that spans midnight', async (t) => {
    const on = (RUN_SCHEDULE: string) => ({ settings: { RUN_SCHEDULE } });
    // The 11th is a Tuesday.
    assert.equal((await guard(t, { at: '02:00', app: on('0 0 2 * * MON') })).code, 0);
    assert.equal((await guard(t, { at: '23:30', app: on('0 15 0 * * WED') })).code, 1);
  });

  for (const status of ['requested', 'extracting', 'sending']) {
    it(`refuses while a run is ${status}`, async (t) => {
      const runs = [
        { runId: 'run-2', status: 'completed' },
        { runId: 'run-1', status },
      ];
      const { code, says } = await guard(t, { answer: Response.json({ runs }) });
      assert.equal(code, 1);
      assert.match(says, new RegExp(`Run run-1 is in progress \\(${status}\\)`));
    });
  }

  for (const status of ['held', 'replaced', 'completed', 'failed', 'cancelled', 'unreadable']) {
    it(`allows a deployment when a run is ${status}, because nothing of it is running`, async (t) => {
      const answer = Response.json({ runs: [{ runId: 'a', status }] });
      assert.equal((await guard(t, { answer })).code, 0);
    });
  }

  const unknown = [
    ['refuses the key', new Response('', { status: 401 })],
    ['does not know the address', new Response('', { status: 404 })],
    ['fails', new Response('', { status: 500 })],
    ['answers something else', Response.json({ hello: 'world' })],
    ['answers a part of its list', Response.json({ runs: [], complete: false })],
    ['answers a page', new Response('<html></html>')],
    ['cannot be reached', new Error('getaddrinfo ENOTFOUND func-csc.azurewebsites.net')],
  ] as const;
  for (const [what, answer] of unknown) {
    it(`refuses when the app ${what}, because then we cannot tell`, async (t) => {
      const { code, says } = await guard(t, { answer });
      assert.equal(code, 1);
      assert.match(says, /We cannot tell whether a run is in progress/);
    });
  }

  it('allows the first deployment: no group or no app yet', async (t) => {
    const { code, says, asked } = await guard(t, { app: 'none' });
    assert.equal(code, 0);
    assert.match(says, /There is no app yet/);
    assert.deepEqual(asked, []);
  });

  it('refuses to deploy code where there is no app', async (t) => {
    const { code, says } = await guard(t, { app: 'none', args: ['--needs-app'] });
    assert.equal(code, 1);
    assert.match(says, /run the stage Infrastructure first/);
  });

  it('allows a deployment to an app without code, or one that is stopped', async (t) => {
    const empty = await guard(t, { at: '02:00', app: { functions: [] } });
    assert.equal(empty.code, 0);
    assert.match(empty.says, /functionAppName\]func-csc\n.*has no code yet/);
    assert.equal((await guard(t, { at: '02:00', app: { state: 'Stopped' } })).code, 0);
  });

  it('allows a deployment where no schedule is set: the host then starts no run by itself', async (t) => {
    assert.equal((await guard(t, { at: '02:00', app: { settings: {} } })).code, 0);
  });

  it('refuses when the schedule cannot be read', async (t) => {
    const { code, says } = await guard(t, { app: { settings: { RUN_SCHEDULE: 'every night' } } });
    assert.equal(code, 1);
    assert.match(says, /not an NCRONTAB schedule/);
  });

  it('refuses while the host of the app does not start, and allows it for a reason', async (t) => {
    const notStarting: Case = {
      prepare: ({ azure }) => {
        const down = () =>
          refusal(400, 'BadRequest', 'Encountered an error (ServiceUnavailable) from host runtime.');
        azure.answer('GET', /\/functions$/, down);
        azure.answer('POST', /listKeys$/, down);
      },
    };
    const { code, says } = await guard(t, notStarting);
    assert.equal(code, 1);
    assert.match(says, /cannot tell whether a run is in progress.*from host runtime/);
    assert.equal((await guard(t, { ...notStarting, args: ['--despite', 'The app is broken'] })).code, 0);
    assert.equal((await guard(t, { app: { key: '' } })).code, 1, 'nor without a key');
  });

  it('refuses where a group has several apps, or may not be read: no reason helps', async (t) => {
    const args = ['--despite', 'I want to'];
    const several = await guard(t, {
      args,
      prepare: ({ azure }) => {
        azure.hold(`${groupPath}/providers/Microsoft.Web/sites/func-other`, {
          kind: 'functionapp,linux',
          properties: { state: 'Running', defaultHostName: 'func-other.azurewebsites.net' },
        });
      },
    });
    assert.equal(several.code, 1);
    assert.match(several.says, /several function apps.*func-csc, func-other/);
    const forbidden = await guard(t, {
      args,
      prepare: ({ azure }) => {
        azure.answer('GET', /\/sites$/, () => refusal(403, 'AuthorizationFailed', 'No authorization.'));
      },
    });
    assert.equal(forbidden.code, 1);
    assert.match(forbidden.says, /AuthorizationFailed/);
  });

  it('refuses when it may not read the settings or the key', async (t) => {
    for (const path of [/appsettings\/list$/, /listKeys$/]) {
      const { code, says } = await guard(t, {
        prepare: ({ azure }) => {
          azure.answer('POST', path, () => refusal(403, 'AuthorizationFailed', 'No authorization.'));
        },
      });
      assert.equal(code, 1);
      assert.match(says, /AuthorizationFailed/);
    }
  });

  it('signs in where the app wants everybody to, with a token for its registration', async (t) => {
    const app = { settings: { HTTP_NEEDS_SIGN_IN: 'true' }, hasSignIn: true };
    const { code, says, asked, scopes } = await guard(t, { app, tokenOf: () => 'the-token' });
    assert.equal(code, 0, says);
    assert.deepEqual(scopes, [`api://${signInClientId}/.default`]);
    assert.equal(asked[0]?.headers.get('authorization'), 'Bearer the-token');
    assert.equal(asked[0].headers.get('x-functions-key'), 'seeded-key');
  });

  it('says what is missing where it cannot sign in', async (t) => {
    const settings = { HTTP_NEEDS_SIGN_IN: 'true' };
    const withoutRole = await guard(t, { app: { settings, hasSignIn: true }, tokenOf: () => undefined });
    assert.equal(withoutRole.code, 1);
    assert.match(withoutRole.says, /needs the app role deployer/);
    const withoutSignIn = await guard(t, { app: { settings } });
    assert.equal(withoutSignIn.code, 1);
    assert.match(withoutSignIn.says, /set signInClientId/);
  });

  it('allows a deployment anyway for a reason, which is in the log on one line', async (t) => {
    const { code, says } = await guard(t, {
      at: '02:00',
      args: ['--despite', 'DfE asked\n##vso[task.complete]'],
    });
    assert.equal(code, 0);
    assert.match(says, /is near/);
    assert.match(says, /because: DfE asked # #vso\[task\.complete\]$/m);
  });

  it('takes a blank reason for none', async (t) => {
    assert.equal((await guard(t, { at: '02:00', args: ['--despite', ' '] })).code, 1);
  });

  it('gives the answers of Azure no line that the agent could take for a command', async (t) => {
    const { says } = await guard(t, {
      prepare: ({ azure }) => {
        azure.answer('GET', /\/sites$/, () => refusal(403, 'X', 'a\n##vso[task.setvariable variable=a]b'));
      },
    });
    assert.doesNotMatch(says, /^##vso/m);
    assert.match(says, /task\.setvariable/);
  });

  it('asks nothing and refuses when it is called wrongly', async (t) => {
    for (const args of [['--before', 'soon'], ['--after', '-1'], ['--group', ''], ['--force']]) {
      const { code, says, asked } = await guard(t, { args });
      assert.equal(code, 1);
      assert.match(says, /^Usage/);
      assert.deepEqual(asked, []);
    }
  });
});
