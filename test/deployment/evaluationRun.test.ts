import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { AppApi, passedPreflight } from '../../shared/deployment/evaluation/evaluationRun.js';
import type { Clock } from '../../shared/deployment/patience.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

interface Check {
  readonly check: string;
  readonly outcome: string;
  readonly found: string;
}

/** An app whose preflights answer in turn; the last one answers ever after. */
async function anApp(
  t: TestContext,
  answers: readonly { version: string; checks: readonly Check[] }[],
): Promise<AppApi> {
  const left = [...answers];
  const server = createServer((_, response) => {
    const answer = left.length > 1 ? left.shift() : left[0];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ outcome: 'fail', ...answer }));
  });
  const port = await listenUntilTheEnd(t, server);
  return new AppApi(`http://127.0.0.1:${port}`, 'key');
}

function aClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    wait: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
}

const without = { check: 'secrets', outcome: 'fail', found: 'There is no secret DFE-CLIENT-ID.' };
const dfe = { check: 'dfe', outcome: 'skipped', found: 'secrets failed' };
const storage = (outcome: string): Check => ({ check: 'storage', outcome, found: 'what was found' });

describe('the preflight of an evaluation', () => {
  it('passes without DfE’s credentials, which it needs not', async (t) => {
    const api = await anApp(t, [{ version: '1', checks: [without, dfe, storage('pass')] }]);
    assert.match(await passedPreflight(api, '1', aClock()), /There is no secret/);
  });

  it('waits for the version that was uploaded, and for roles', async (t) => {
    const api = await anApp(t, [
      { version: '0', checks: [storage('pass')] },
      { version: '1', checks: [storage('fail')] },
      { version: '1', checks: [storage('warn')] },
    ]);
    assert.match(await passedPreflight(api, '1', aClock()), /^warn/);
  });

  it('says which checks fail once it has waited long enough', async (t) => {
    const api = await anApp(t, [{ version: '1', checks: [without, storage('fail')] }]);
    await assert.rejects(
      passedPreflight(api, '1', aClock()),
      /does not pass[^]*fail +storage: what was found/,
    );
  });
});
