import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Role } from '../../shared/access/principal.js';
import { handler } from '../../shared/api/requestRun.js';
import { plainDate } from '../../shared/child/dates.js';
import type { Messages } from '../../shared/runs/resumeStalledRuns.js';
import { runStore } from '../../shared/records/runStore.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { noTelemetry } from '../../shared/telemetry/events.js';
import { putInEnvironment } from '../local/host/environment.js';
import { principalHeaders } from '../local/host/signedIn.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';

let restore = (): void => undefined;
before(() => {
  restore = putInEnvironment({ WEBSITE_AUTH_ENABLED: 'true' });
});
after(() => {
  restore();
});

const problem = z.object({ error: z.string(), role: z.string().optional(), runId: z.string().optional() });
const refreshEnded = { scope: 'outstanding', startedBy: 'refresh' };

/** An app without runs, and calls of POST /api/runs by a program with the role of the refresh, or with others. */
function anApp() {
  const runs = runStore(new MemoryBlobs());
  let digits = 0;
  const dependencies = {
    runs,
    telemetry: noTelemetry,
    now: () => new Date('2026-08-11T00:30:00Z'),
    today: () => plainDate('2026-08-11'),
    isStartedByRefresh: true,
    randomHex: () => String((digits += 1)).padStart(6, '0'),
  };
  const queued: Partial<Messages>[] = [];
  const call = (body: object, as: readonly Role[] = ['ssd-refresh']) =>
    handler(
      {
        method: 'POST',
        url: 'https://council.example/api/runs',
        headers: new Headers(principalHeaders({ name: as.join(' and '), roles: as })),
        query: new URLSearchParams(),
        params: {},
        text: () => Promise.resolve(JSON.stringify(body)),
      },
      {
        container: () => dependencies,
        queue: (messages) => queued.push(messages),
        log: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      },
    );
  return { runs, dependencies, queued, call };
}

describe('the program that refreshes the SSD, when the refresh has ended', () => {
  test('starts the nightly run, and gets the same answer when it repeats the call', async () => {
    const { runs, queued, call } = anApp();
    const answer = await call(refreshEnded);
    assert.equal(answer.status, 202);
    const [runId = ''] = await runs.runIds();
    assert.deepEqual(answer.jsonBody, { runId, statusUrl: `https://council.example/api/runs/${runId}` });
    assert.deepEqual(await call(refreshEnded), answer);
    assert.deepEqual(queued, [{ extracts: [{ runId }] }]);
    const { startedBy, scope, requestedBy } = (await runs.request.read(runId)) ?? {};
    assert.deepEqual([startedBy, scope, requestedBy], ['refresh', 'outstanding', 'ssd-refresh']);
  });

  test('gets 409 with the run that the timer has started on this date, and what to do', async () => {
    const { runs, dependencies, queued, call } = anApp();
    await requestRun({ trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' }, dependencies);
    const answer = await call(refreshEnded);
    assert.equal(answer.status, 409);
    const { error, runId } = problem.parse(answer.jsonBody);
    assert.deepEqual([runId], await runs.runIds());
    assert.match(error, /ask for a run .* set RUN_SCHEDULE to a later time/);
    assert.deepEqual(queued, []);
  });

  test('may ask for no other run', async () => {
    const { runs, call } = anApp();
    for (const body of [
      { scope: 'outstanding' },
      { scope: 'all', reason: 'why' },
      { scope: 'refused', dryRun: true },
      { scope: 'children', children: ['1'], reason: 'why' },
    ]) {
      const { status, jsonBody } = await call(body);
      assert.deepEqual([status, problem.parse(jsonBody).role], [403, 'operator'], JSON.stringify(body));
    }
    for (const more of [
      { scope: 'all' },
      { scope: 'children', children: ['1'] },
      { dryRun: true },
      { mode: 'snapshot' },
      { approve: true, reason: 'why' },
      { startedBy: 'timer' },
    ]) {
      const { status } = await call({ ...refreshEnded, ...more });
      assert.equal(status, 400, JSON.stringify(more));
    }
    assert.deepEqual(await runs.runIds(), []);
  });

  test('is refused with another role than its own or operator, and the answer names operator', async () => {
    const { call } = anApp();
    for (const roles of [[], ['reader'], ['data-officer', 'deployer']] as const) {
      const { status, jsonBody } = await call(refreshEnded, roles);
      assert.deepEqual([status, problem.parse(jsonBody).role], [403, 'operator']);
    }
    assert.equal((await call(refreshEnded, ['operator'])).status, 202);
  });
});
