import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ruleTextOf } from '../../shared/records/findingsOfRun.js';
import { aWorld, ssds } from './world.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';

const world = aWorld();
beforeEach(() => world.fresh());

test('rows that belong to nobody are reported, at every level, and hold nobody else up', async () => {
  const { database } = world;
  const add = (table: Parameters<typeof loadRows>[2], row: Record<string, string | null>) =>
    loadRows(database, ssds.first, table, [row]);
  const expected = await world.expected('first');
  await add('ssd_person', { pers_person_id: null, pers_dob: '2015-05-05' });
  await add('ssd_cin_episodes', { cine_referral_id: 'E-ORPHAN', cine_person_id: 'NOBODY' });
  await add('ssd_cin_episodes', { cine_referral_id: 'E-NULL', cine_person_id: null });
  await add('ssd_assessment_factors', { cinf_table_id: 'F-ORPHAN', cinf_assessment_id: 'NONE' });
  await add('ssd_cla_placement', {
    clap_cla_placement_id: 'P-ORPHAN',
    clap_cla_id: 'NONE',
    clap_person_id: null,
  });
  await add('ssd_sdq_scores', { csdq_table_id: 'S-ORPHAN', csdq_person_id: 'NOBODY' });

  const dependencies = world.dependencies('first');
  const runId = await world.run(dependencies);
  assert.ok(runId !== undefined);
  const plan = await dependencies.runs.plan.read(runId);
  assert.ok(plan);
  const found: string[] = [];
  for await (const { rule, table, rowId } of dependencies.runs.findings.all(runId, plan.attempt)) {
    if (ruleTextOf(rule).severity !== 'remark') found.push(`${rule} ${table} ${rowId ?? '-'}`);
  }
  assert.deepEqual(found.sort(), [
    'child-id ssd_person -',
    'no-person ssd_assessment_factors F-ORPHAN',
    'no-person ssd_cin_episodes E-NULL',
    'no-person ssd_cin_episodes E-ORPHAN',
    'no-person ssd_cla_placement P-ORPHAN',
    'no-person ssd_sdq_scores S-ORPHAN',
  ]);
  assert.deepEqual(world.dfe.children(), expected);
});
