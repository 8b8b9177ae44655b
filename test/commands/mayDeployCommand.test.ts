import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayDeployCommand } from '../../shared/commands/mayDeployCommand.js';

const nightly = '0 0 2 * * *';
const noRuns = { runs: [] };

/** What the guard says at a time of 11 August 2026 (UTC), of an app that answers `GET /api/runs` with `answer`. */
async function guard({
  at = '12:00',
  schedule = nightly,
  answer = Response.json(noRuns),
  args = [],
}: {
  at?: string;
  schedule?: string;
  answer?: Response | Error;
  args?: string[];
}): Promise<{ code: number; says: string; asked: string[] }> {
  const written: string[] = [];
  const asked: string[] = [];
  const code = await mayDeployCommand(
    ['--url', 'https://app.example', ...args],
    { RUN_SCHEDULE: schedule, FUNCTION_KEY: 'seeded-key' },
    (text) => written.push(text),
    {
      now: () => new Date(`2026-08-11T${at}:00Z`),
      call: (url) => {
        asked.push(url.href);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
  );
  return { code, says: written.join(''), asked };
}

describe('the guard that goes before each deployment', () => {
  it('lets a deployment go by day, when no run is going on', async () => {
    const { code, says, asked } = await guard({});
    assert.equal(code, 0, says);
    assert.deepEqual(asked, ['https://app.example/api/runs?limit=5']);
  });

  it('refuses from an hour before the start of the nightly run until half an hour after it', async () => {
    const codes = Object.fromEntries(
      await Promise.all(
        ['00:59', '01:00', '02:00', '02:29', '02:30', '02:31'].map(
          async (at) => [at, (await guard({ at })).code] as const,
        ),
      ),
    );
    assert.deepEqual(codes, { '00:59': 0, '01:00': 1, '02:00': 1, '02:29': 1, '02:30': 0, '02:31': 0 });
  });

  it('takes other lengths of the window', async () => {
    assert.equal((await guard({ at: '01:00', args: ['--before', '59'] })).code, 0);
    assert.equal((await guard({ at: '04:00', args: ['--after', '121'] })).code, 1);
  });

  it('knows the days of a schedule, and a window that spans midnight', async () => {
    // The 11th is a Tuesday.
    assert.equal((await guard({ at: '02:00', schedule: '0 0 2 * * MON' })).code, 0);
    assert.equal((await guard({ at: '23:30', schedule: '0 15 0 * * WED' })).code, 1);
  });

  for (const status of ['requested', 'extracting', 'sending']) {
    it(`refuses while a run is ${status}`, async () => {
      const answer = Response.json({
        runs: [
          { runId: 'run-2', status: 'completed' },
          { runId: 'run-1', status },
        ],
      });
      const { code, says } = await guard({ answer });
      assert.equal(code, 1);
      assert.match(says, new RegExp(`Run run-1 is going on \\(${status}\\)`));
    });
  }

  for (const status of ['held', 'replaced', 'completed', 'failed', 'cancelled', 'unreadable']) {
    it(`lets a deployment go when a run is ${status}, since nothing of it is running`, async () => {
      assert.equal((await guard({ answer: Response.json({ runs: [{ runId: 'a', status }] }) })).code, 0);
    });
  }

  const unknown = [
    ['refuses the key', new Response('', { status: 401 })],
    ['fails', new Response('', { status: 500 })],
    ['answers something else', Response.json({ hello: 'world' })],
    ['answers a part of its list', Response.json({ runs: [], complete: false })],
    ['answers a page', new Response('<html></html>')],
    ['cannot be reached', new Error('getaddrinfo ENOTFOUND app.example')],
  ] as const;
  for (const [what, answer] of unknown) {
    it(`refuses when the app ${what}, for then nobody knows`, async () => {
      const { code, says } = await guard({ answer });
      assert.equal(code, 1);
      assert.match(says, /It cannot be seen whether a run is going on/);
      assert.doesNotMatch(says, /seeded-key/);
    });
  }

  it('lets the first deployment go, into an app without code and without a schedule', async () => {
    assert.equal((await guard({ schedule: '', answer: new Response('', { status: 404 }) })).code, 0);
  });

  it('refuses when the schedule cannot be read', async () => {
    const { code, says } = await guard({ schedule: 'every night' });
    assert.equal(code, 1);
    assert.match(says, /no NCRONTAB schedule/);
  });

  it('lets a deployment go all the same for a reason, which stands in the log on one line', async () => {
    const despite = ['--despite', 'DfE asked\n##vso[task.complete]'];
    const { code, says } = await guard({ at: '02:00', args: despite });
    assert.equal(code, 0);
    assert.match(says, /is near/);
    assert.match(says, /because: DfE asked ##vso\[task\.complete\]$/m);
  });

  it('takes a blank reason for none', async () => {
    assert.equal((await guard({ at: '02:00', args: ['--despite', ' '] })).code, 1);
  });

  it('asks nothing and refuses when it is called wrongly', async () => {
    for (const args of [['--before', 'soon'], ['--after', '-1'], ['--url', 'app'], ['--force']]) {
      const { code, says, asked } = await guard({ args });
      assert.equal(code, 1);
      assert.match(says, /^Usage/);
      assert.deepEqual(asked, []);
    }
  });
});
