import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { smokeCommand } from '../../shared/commands/smoke.js';
import { anEmptyGroup, groupName, holdApp } from '../deployment/anEnvironment.js';
import { refusal } from '../deployment/resourceManagerStandIn.js';
import { aClock } from '../deployment/aClock.js';

const version = '1.2.3-g0123456789ab';
const fine = { outcome: 'pass', version, checks: [{ check: 'settings', outcome: 'pass', found: 'all.' }] };
const failing = {
  outcome: 'fail',
  version,
  checks: [{ check: 'dfe', outcome: 'fail', found: 'DfE said no.', remedy: 'Correct the key.' }],
};

/** A release as it was unpacked. */
async function aRelease(t: TestContext, content: string = JSON.stringify({ version })): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-smoke-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), content);
  return folder;
}

interface Case {
  readonly args?: readonly string[];
  readonly app?: Parameters<typeof holdApp>[1] | 'none';
  readonly release?: string;
  readonly prepare?: (environment: Awaited<ReturnType<typeof anEmptyGroup>>) => void;
}

/** Asks an app that gives these answers, one after the other, and the last again and again; a wait takes no time. */
async function smoke(
  t: TestContext,
  answers: readonly (object | number | Error)[],
  { args = [], app = {}, release, prepare }: Case = {},
): Promise<{ code: number; says: string; calls: Headers[] }> {
  const environment = await anEmptyGroup(t, () => 'the-token');
  if (app !== 'none') holdApp(environment, app);
  prepare?.(environment);
  const written: string[] = [];
  const calls: Headers[] = [];
  const code = await smokeCommand(
    ['--group', groupName, '--release', release ?? (await aRelease(t)), ...args],
    {},
    (text) => written.push(text),
    {
      clock: aClock(),
      open: environment.open,
      call: (url, { method, headers }) => {
        assert.equal(`${method ?? ''} ${url.href}`, 'POST https://func-csc.azurewebsites.net/api/preflight');
        const answer = answers[Math.min(calls.length, answers.length - 1)];
        calls.push(new Headers(headers));
        if (answer instanceof Error) return Promise.reject(answer);
        return Promise.resolve(
          typeof answer === 'number' ? new Response('', { status: answer }) : Response.json(answer),
        );
      },
    },
  );
  const says = written.join('');
  assert.doesNotMatch(says, /seeded|the-token/, 'neither key nor token is printed');
  return { code, says, calls };
}

describe('the smoke check that follows each deployment', () => {
  it('passes when the version that was deployed answers and nothing fails, and prints every check', async (t) => {
    const { code, says, calls } = await smoke(t, [fine]);
    assert.equal(code, 0, says);
    assert.equal(calls.length, 1);
    assert.equal(calls[0]?.get('x-functions-key'), 'seeded-key');
    assert.equal(calls[0].get('authorization'), null);
    assert.match(says, /^pass {4}settings: all\.$/m);
  });

  it('passes with warnings', async (t) => {
    assert.equal((await smoke(t, [{ ...fine, outcome: 'warn' }])).code, 0);
  });

  it('takes the preflight of another version, whose checks have other names', async (t) => {
    const checks = [{ check: 'anEarlierCheck', outcome: 'notice', found: 'as it was.' }];
    const { code, says } = await smoke(t, [{ ...fine, checks }]);
    assert.equal(code, 0);
    assert.match(says, /^notice {2}anEarlierCheck: as it was\.$/m);
    assert.equal((await smoke(t, [{ outcome: 'pass', version }])).code, 0, 'also one that lists none');
    assert.equal(
      (await smoke(t, [{ ...fine, outcome: 'perhaps' }])).code,
      1,
      'but no outcome it does not know',
    );
  });

  it('fails when the version before still answers, although the deployment was reported as done', async (t) => {
    const { code, says } = await smoke(t, [{ ...fine, version: '1.2.3-gfedcba987654' }]);
    assert.equal(code, 1);
    assert.match(says, /runs version 1\.2\.3-gfedcba987654, not yet version 1\.2\.3-g0123456789ab/);
  });

  it('waits while the app starts, and until the new version answers', async (t) => {
    const { code, calls } = await smoke(t, [
      new Error('getaddrinfo ENOTFOUND'),
      503,
      404,
      { outcome: 'pass', checks: [] },
      { ...fine, version: '1.2.2' },
      failing,
      fine,
    ]);
    assert.equal(code, 0);
    assert.equal(calls.length, 7);
  });

  it('waits until the host gives a key', async (t) => {
    let failures = 3;
    const { code, says, calls } = await smoke(t, [fine], {
      prepare: ({ azure }) => {
        azure.answer('POST', /listKeys$/, () =>
          (failures -= 1) < 0 ? undefined : refusal(400, 'BadRequest', 'The host runtime does not answer.'),
        );
      },
    });
    assert.equal(code, 0, says);
    assert.equal(calls.length, 1);
    assert.match(says, /The host runtime does not answer/);
  });

  it('fails when there is no app', async (t) => {
    const { code, says } = await smoke(t, [fine], { app: 'none' });
    assert.equal(code, 1);
    assert.match(says, /There is no function app in rg-csc-test/);
  });

  it('signs in where the app wants everybody to', async (t) => {
    const app = { settings: { HTTP_NEEDS_SIGN_IN: 'true' }, hasSignIn: true };
    const { code, calls } = await smoke(t, [fine], { app });
    assert.equal(code, 0);
    assert.equal(calls[0]?.get('authorization'), 'Bearer the-token');
  });

  it('says what to do when the service connection has no right in the app', async (t) => {
    const { code, says } = await smoke(t, [403], { args: ['--minutes', '0'] });
    assert.equal(code, 1);
    assert.match(says, /answers 403.*app role deployer/);
  });

  it('fails when a check keeps failing, and says what to do', async (t) => {
    const { code, says, calls } = await smoke(t, [failing]);
    assert.equal(code, 1);
    assert.match(says, /^fail {4}dfe: DfE said no\.\n {8}-> Correct the key\.$/m);
    assert.equal(calls.length, 31, 'for a quarter of an hour, since a new role takes its minutes');
  });

  it('gives up when its minutes are over', async (t) => {
    const { code, says, calls } = await smoke(t, [new Error('connect ECONNREFUSED')], {
      args: ['--minutes', '1'],
    });
    assert.equal(code, 1);
    assert.equal(calls.length, 3);
    assert.match(says, /cannot be called: connect ECONNREFUSED/);
  });

  it('gives the answer of an app no line that the agent could take for a command', async (t) => {
    const checks = [{ check: 'x', outcome: 'pass', found: 'a\n##vso[task.complete result=Succeeded]' }];
    const { says } = await smoke(t, [{ ...fine, checks }]);
    assert.doesNotMatch(says, /##vso/);
  });

  it('asks nothing and fails when it is called wrongly, or the release was not unpacked', async (t) => {
    for (const args of [['--release', ''], ['--group', ''], ['--minutes', 'x'], ['--quick']]) {
      const { code, says, calls } = await smoke(t, [fine], { args });
      assert.equal(code, 1);
      assert.match(says, /^Usage/);
      assert.equal(calls.length, 0);
    }
    const { code, says } = await smoke(t, [fine], { release: await aRelease(t, '{}') });
    assert.equal(code, 1);
    assert.match(says, /names no version/);
  });
});
