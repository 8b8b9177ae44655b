import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recentRuns, runStatus } from '../../shared/records/runStatus.js';
import type { RunId } from '../../shared/records/runId.js';
import { aWorld, ssds, type Dependencies } from '../runs/world.js';
import { unhurried } from './whole.js';

const world = aWorld();
const unguarded = { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 100 };

async function statusOf({ runs }: Dependencies, runId: RunId | undefined) {
  const status = await runStatus(runId ?? '', runs);
  assert.ok(status?.warnings !== undefined);
  return { ...status, warnings: status.warnings };
}

describe('the status of a run', () => {
  test('says what the SSD is like, with warnings; a list of runs is without them', async () => {
    const dependencies = world.dependencies('first');
    const { figures, warnings, cohortReport } = await statusOf(dependencies, await world.run(dependencies));
    assert.ok((figures?.relations?.length ?? 0) > 20);
    const { rows = 0, withReportedRole = 0 } = figures?.involvements ?? {};
    assert.ok(withReportedRole > 0 && withReportedRole <= rows);
    assert.ok((figures?.fill?.['child_details.surname']?.filled ?? 0) > 0);
    assert.ok(cohortReport?.rowsOutOfScope !== undefined);
    assert.ok(warnings.every(({ kind }) => kind === 'notFilled'));
    const [listed] = (await recentRuns(1, dependencies.runs, unhurried)).runs;
    assert.equal(listed?.warnings, undefined);
    assert.ok(listed?.figures !== undefined);
  });

  test('warns of an attribute that fell since the run before, of roles and of keys that match nothing', async () => {
    await world.run(world.dependencies('first'));
    const schema = ssds.first;
    const { database } = world;
    const changes = [
      ['ssd_person', 'pers_ethnicity', 'NULL'],
      ['ssd_involvements', 'invo_professional_role_id', "'SOMEONE'"],
      ['ssd_assessment_factors', 'cinf_assessment_id', "'X' || cinf_assessment_id"],
    ] as const;
    const saved = await Promise.all(
      changes.map(async ([table]) => {
        await database.query(`CREATE TABLE ${schema}.saved_${table} AS SELECT * FROM ${schema}.${table}`);
        return table;
      }),
    );
    try {
      for (const [table, column, value] of changes) {
        await database.query(`UPDATE ${schema}.${table} SET ${column} = ${value}`);
      }
      const dependencies = world.dependencies('first', { guardLimits: unguarded });
      const { warnings, figures } = await statusOf(dependencies, await world.run(dependencies));
      assert.equal(figures?.involvements?.withReportedRole, 0);
      const seen = warnings.map(({ kind, table, column }) => `${kind} ${table}.${column}`);
      for (const warning of [
        'joinsNothing ssd_assessment_factors.cinf_assessment_id',
        'noReportedRole ssd_involvements.invo_professional_role_id',
        'fellSharply ssd_person.pers_ethnicity',
      ]) {
        assert.ok(seen.includes(warning), `${warning} in ${seen.join(', ')}`);
      }
    } finally {
      for (const table of saved) {
        await database.query(`DELETE FROM ${schema}.${table}`);
        await database.query(`INSERT INTO ${schema}.${table} SELECT * FROM ${schema}.saved_${table}`);
        await database.query(`DROP TABLE ${schema}.saved_${table}`);
      }
    }
  });
});
