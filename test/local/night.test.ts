import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import type { RunStatus } from '../../shared/records/runStatus.js';
import { runAsked } from './night.js';

const earlier = '20260811T010000000Z-abcdef';
const asked = '20260811T020000000Z-abcdef';

test('a run is asked for when a paused run of an earlier try has been cancelled', async (t) => {
  const { host, calls } = await appWith(t, ['held']);
  const run = await runAsked(host, wish, new AbortController().signal, () => undefined);
  assert.equal(run.runId, asked);
  assert.deepEqual(calls, [`DELETE /api/runs/${earlier}`, 'POST /api/runs']);
});

test('a run is asked for when an interrupted run of an earlier try has ended', async (t) => {
  const { host, calls } = await appWith(t, ['sending', 'sending', 'completed']);
  const run = await runAsked(host, wish, new AbortController().signal, () => undefined);
  assert.equal(run.runId, asked);
  assert.deepEqual(calls, ['POST /api/runs']);
});

const wish = { scope: 'outstanding' } as const;

/** An app that has an earlier run, and answers as the real one does while that has not ended. */
async function appWith(t: TestContext, ofEarlier: RunStatus['status'][]) {
  const calls: string[] = [];
  let status: RunStatus['status'] = 'requested';
  const server = createServer(({ method = '', url = '' }, response) => {
    if (method !== 'GET') calls.push(`${method} ${url}`);
    if (method === 'DELETE') status = 'cancelled';
    const isOver = status === 'completed' || status === 'cancelled';
    const answer = (): unknown => {
      if (method === 'POST') return { runId: asked, statusUrl: `http://app/api/runs/${asked}` };
      if (url.endsWith(asked)) return runOf(asked, 'completed');
      if (method === 'GET' && url.endsWith(earlier)) status = ofEarlier.shift() ?? status;
      return url.includes('limit') ? { runs: [runOf(earlier, status)] } : runOf(earlier, status);
    };
    response.statusCode = method === 'POST' && !isOver ? 409 : 200;
    response.end(JSON.stringify(answer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { host: { baseUrl: `http://127.0.0.1:${String(address.port)}`, functionKey: 'key' }, calls };
}

function runOf(runId: string, status: RunStatus['status']) {
  const isOver = status === 'completed' || status === 'cancelled';
  return {
    runId,
    status,
    trigger: 'http',
    scope: 'outstanding',
    dryRun: false,
    requestedAt: '2026-08-11T01:00:00.000Z',
    requestedBy: 'local analyst',
    today: '2026-08-11',
    ...(isOver ? { endedAt: '2026-08-11T01:10:00.000Z' } : {}),
  };
}
