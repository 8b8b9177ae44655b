import assert from 'node:assert/strict';
import { beforeEach } from 'node:test';
import { runStatus } from '../../shared/records/runStatus.js';
import { recordedTelemetry } from './recordedTelemetry.js';
import { aWorld, ssds, type Dependencies } from '../runs/world.js';

export const world = aWorld(12);
beforeEach(async () => {
  await world.fresh();
  await upnsAre(`'ABC123'`);
});

/** @param upn of every child, as SQL; one that is none is a finding */
export function upnsAre(upn: string): Promise<unknown> {
  return world.database.query(`UPDATE ${ssds.first}.ssd_person SET pers_upn = ${upn}`);
}

export async function aRecordedRun(overrides: Partial<Dependencies> = {}) {
  const telemetry = recordedTelemetry();
  const dependencies = world.dependencies('first', { telemetry, ...overrides });
  const runId = await world.run(dependencies);
  assert.ok(runId !== undefined);
  const status = await runStatus(runId, dependencies.runs);
  assert.ok(status?.figures && status.totals);
  return { telemetry, dependencies, runId, figures: status.figures, totals: status.totals };
}
