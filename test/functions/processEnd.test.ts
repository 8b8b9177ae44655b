import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { plainDate } from '../../shared/child/dates.js';
import { chunkQueue, extractQueue } from '../../shared/host/queues.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { FunctionsHost } from '../local/host/functionsHost.js';
import { RunsApi } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const source = { kind: 'synthetic', children: 20, seed: 'ends' } as const;

/** A run that does not end fails the test. */
const inTime = { timeout: 120_000 };

/** The messages of a queue that a host would get now: how often each was handed out before. */
async function waiting(storage: string, queueName: string): Promise<number[]> {
  const queue = QueueServiceClient.fromConnectionString(storage).getQueueClient(queueName);
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ dequeueCount }) => dequeueCount);
}

async function allMessages(storage: string, queueName: string): Promise<number | undefined> {
  const queue = QueueServiceClient.fromConnectionString(storage).getQueueClient(queueName);
  return (await queue.getProperties()).approximateMessagesCount;
}

async function ended(host: FunctionsHost) {
  for (;;) {
    await host.idle();
    const run = await new RunsApi(host).newestRun();
    if (run?.endedAt !== undefined) return run;
    await pause(100);
  }
}

test(
  'a process that the host ends during a POST puts its chunks back untried, and the next one sends them at once',
  inTime,
  async (t) => {
    const lines: string[] = [];
    const stack = await Stack.start({
      drainSeconds: 0,
      faults: parseFaults('slow=100%:6000'),
      settings: { CHUNK_MAX_CHILDREN: '5', DFE_POSTS_IN_FLIGHT: '2' },
      onLog: ({ message }) => lines.push(message),
    });
    t.after(() => stack.stop());
    await stack.withDatabase((database) => fillSsd(database, stack.schema, source, today));
    const first = await stack.startApp(today);
    await first.runTimer('nightly');
    while (stack.dfe.statistics.posts < 2) await pause(10);

    await stack.stopApp();
    assert.deepEqual(await waiting(stack.storage, chunkQueue.queueName), [0, 0]);
    assert.equal(await allMessages(stack.storage, chunkQueue.queueName), 2);
    assert.equal(lines.filter((line) => line.includes('went back to its queue')).length, 2);

    stack.dfe.setFaults({});
    const next = await stack.startApp(today);
    const run = await ended(next);
    assert.equal(run.status, 'completed');
    assert.equal(run.totals?.accepted, run.figures?.cohort);
    assert.equal(stack.dfe.children().length, run.figures?.cohort);
  },
);

test(
  'a nightly run that was due while the app was not running starts when the app runs again, once',
  inTime,
  async (t) => {
    const missed = {
      Last: '2020-01-01T02:00:00Z',
      LastUpdated: '2020-01-01T02:00:00Z',
      Next: '2020-01-02T02:00:00Z',
    };
    const timerStatuses = new Map([
      ['nightly', missed],
      ['resumeStalledRuns', missed],
    ]);
    const lines: string[] = [];
    const stack = await Stack.start({ timerStatuses, onLog: ({ message }) => lines.push(message) });
    t.after(() => stack.stop());
    await stack.withDatabase((database) => fillSsd(database, stack.schema, source, today));
    const run = await ended(await stack.startApp(today));
    assert.deepEqual([run.trigger, run.status], ['timer', 'completed']);
    assert.equal(lines.filter((line) => line.includes('It is late')).length, 1);

    const again = await stack.startApp(today);
    assert.equal((await ended(again)).runId, run.runId);
    assert.deepEqual(await waiting(stack.storage, extractQueue.queueName), []);
  },
);
