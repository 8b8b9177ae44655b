import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { smokeCommand } from '../../shared/commands/smokeCommand.js';

const version = '1.2.3-g0123456789ab';
const fine = { outcome: 'pass', version, checks: [{ check: 'settings', outcome: 'pass', found: 'all.' }] };
const failing = {
  outcome: 'fail',
  version,
  checks: [{ check: 'dfe', outcome: 'fail', found: 'DfE said no.', remedy: 'Mend the key.' }],
};

/** Asks an app that gives these answers, one after the other, and the last again and again; a wait takes no time. */
async function smoke(
  answers: readonly (object | number | Error)[],
  args: readonly string[] = [],
): Promise<{ code: number; says: string; calls: number }> {
  const written: string[] = [];
  let calls = 0;
  let now = 0;
  const code = await smokeCommand(
    ['--url', 'https://app.example', '--version', version, ...args],
    { FUNCTION_KEY: 'seeded-key' },
    (text) => written.push(text),
    {
      now: () => now,
      wait: (milliseconds) => Promise.resolve((now += milliseconds)),
      call: (url, { method, headers }) => {
        assert.equal(`${method ?? ''} ${url.href}`, 'POST https://app.example/api/preflight');
        assert.deepEqual(headers, { 'x-functions-key': 'seeded-key' });
        const answer = answers[Math.min(calls++, answers.length - 1)];
        if (answer instanceof Error) return Promise.reject(answer);
        return Promise.resolve(
          typeof answer === 'number' ? new Response('', { status: answer }) : Response.json(answer),
        );
      },
    },
  );
  return { code, says: written.join(''), calls };
}

describe('the smoke check that follows each deployment', () => {
  it('passes when the version that was deployed answers and nothing fails, and prints every check', async () => {
    const { code, says, calls } = await smoke([fine]);
    assert.equal(code, 0, says);
    assert.equal(calls, 1);
    assert.match(says, /^pass {4}settings: all\.$/m);
  });

  it('passes with warnings', async () => {
    assert.equal((await smoke([{ ...fine, outcome: 'warn' }])).code, 0);
  });

  it('fails when the version before goes on answering, although the deployment was told to be done', async () => {
    const { code, says } = await smoke([{ ...fine, version: '1.2.3-gfedcba987654' }]);
    assert.equal(code, 1);
    assert.match(says, /answers as version 1\.2\.3-gfedcba987654, and not yet as 1\.2\.3-g0123456789ab/);
  });

  it('waits while the app starts, and until the new version answers', async () => {
    const { code, calls } = await smoke([
      new Error('getaddrinfo ENOTFOUND'),
      503,
      404,
      { outcome: 'pass', checks: [] },
      { ...fine, version: '1.2.2' },
      failing,
      fine,
    ]);
    assert.equal(code, 0);
    assert.equal(calls, 7);
  });

  it('fails when a check goes on failing, and says what to do', async () => {
    const { code, says, calls } = await smoke([failing]);
    assert.equal(code, 1);
    assert.match(says, /^fail {4}dfe: DfE said no\.\n {8}-> Mend the key\.$/m);
    assert.equal(calls, 21);
  });

  it('gives up when its minutes are over, and shows no key', async () => {
    const { code, says, calls } = await smoke([new Error('connect ECONNREFUSED')], ['--minutes', '1']);
    assert.equal(code, 1);
    assert.equal(calls, 3);
    assert.match(says, /cannot be reached: connect ECONNREFUSED/);
    assert.doesNotMatch(says, /seeded-key/);
  });

  it('asks nothing and fails when it is called wrongly', async () => {
    for (const args of [['--version', ''], ['--url', 'app'], ['--minutes', 'x'], ['--quick']]) {
      const { code, says, calls } = await smoke([fine], args);
      assert.equal(code, 1);
      assert.match(says, /^Usage/);
      assert.equal(calls, 0);
    }
  });
});
