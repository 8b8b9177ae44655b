import assert from 'node:assert/strict';
import { beforeEach } from 'node:test';
import { extractRun } from '../../shared/runs/extractRun.js';
import { startSending } from '../../shared/runs/startSending.js';
import { chunkMessageOf } from '../../shared/records/chunk.js';
import type { RunId } from '../../shared/records/runId.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, nightly, type Dependencies, type SsdName } from './world.js';

export const world = aWorld();
beforeEach(() => world.fresh());

/** A run whose first messages are in hand, and the telemetry about it. */
export async function aRun(ssd: SsdName = 'first', overrides: Partial<Dependencies> = {}) {
  const telemetry = recordedTelemetry();
  const dependencies = world.dependencies(ssd, {
    telemetry,
    lanes: 2,
    chunkLimits: { maxChildren: 3, maxBytes: 190_000 },
    ...overrides,
  });
  const runId = await world.begin(dependencies, { ...nightly, trigger: 'http', scope: 'all' });
  const messages = await extractRun(runId, dependencies);
  const plan = await dependencies.runs.plan.read(runId);
  assert.ok(plan !== undefined && plan.chunks > 4);
  const message = (chunk: number) => chunkMessageOf(runId, plan, chunk);
  const reasons = () => telemetry.named('ChunkTurnedAway').map(({ dimensions: { reason } }) => reason);
  return { dependencies, telemetry, runId, plan, messages, message, reasons };
}

/** Plays a run to its end, from the messages that a tick would give. */
export async function playOut(runId: RunId, dependencies: Dependencies): Promise<void> {
  const waiting = await startSending(runId, dependencies);
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const { next } = await sendChunk(one, dependencies);
    if (next !== undefined) waiting.push(next);
  }
}
