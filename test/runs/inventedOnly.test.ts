import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { readInventedPeople } from '../../shared/ssd/inventedPeople.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { planSchema } from '../../shared/records/plan.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { fillSsd, type SsdSource } from '../../infra/syntheticSsd/fill.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';
import { aWorld, ssds, type Dependencies } from './world.js';

const world = aWorld(12);
const schema = ssds.first;
const today = '2026-08-11';
const source: SsdSource = { kind: 'synthetic', children: 12, seed: 'run' };
const aChild = {
  pers_person_id: 'C1',
  pers_forename: 'Real',
  pers_surname: 'Child',
  pers_dob: '2015-05-05',
  pers_sex: 'F',
};

beforeEach(async () => {
  await world.fresh();
  await fillSsd(world.database, schema, source, today);
});

/** An app whose receiver is a test receiver, and which sends children as they are: SSD_SYNTHETIC is true. */
function anApp(its: { isReceiverHere?: boolean; from?: string } = {}): Dependencies {
  const { isReceiverHere = false, from = schema } = its;
  return world.dependencies('first', {
    ssd: new SsdReader(world.database, from, builtInProfile('systemc').names),
    readInvented: () => readInventedPeople(world.database, from, { isReceiverHere }),
  });
}

async function endOf(app: Dependencies): Promise<{ status: string | undefined; explanation: string }> {
  const status = await runStatus((await world.run(app)) ?? '', app.runs);
  return { status: status?.status, explanation: status?.explanation ?? '' };
}

/** A run that fails, sends nothing, and leaves the row of a real child in the staging table as it is, or makes none. */
async function assertRefused(app: Dependencies, why: RegExp): Promise<void> {
  const before = await world.stagingRow('C1');
  const { status, explanation } = await endOf(app);
  assert.equal(status, 'failed', explanation);
  assert.match(explanation, why);
  assert.match(explanation, /^SSD_SYNTHETIC is true, but .*Nothing was sent\. Set SSD_SYNTHETIC to false\./);
  assert.doesNotMatch(explanation, /C1|\d{5}/);
  assert.equal(world.dfe.statistics.posts, 0);
  assert.deepEqual(await world.stagingRow('C1'), before);
}

const markTable = `${schema}.csc_local_stack`;
const sql = (text: string) => world.database.query(text);

describe('a run without pseudonyms to a test receiver', () => {
  test('sends the children that the seed in the mark gives, and those who came and left since', async () => {
    assert.equal((await endOf(anApp())).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
    const later = { ...world.dependencies('later'), readInvented: anApp().readInvented };
    assert.equal((await endOf(later)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('removes the children of an SSD that was made again from another seed', async () => {
    assert.equal((await endOf(anApp())).status, 'completed');
    await fillSsd(world.database, schema, { ...source, seed: 'another' }, today);
    assert.equal((await endOf(anApp())).status, 'completed');
    assert.deepEqual(
      world.dfe.children(),
      await world.expectedIn(schema, world.dependencies('first').today()),
    );
  });

  test('fails on one real child among the invented ones, also under a number like theirs', async () => {
    for (const id of ['C1', '1000001', '1000001000000001']) {
      await fillSsd(world.database, schema, source, today);
      await loadRows(world.database, schema, 'ssd_person', [{ ...aChild, pers_person_id: id }]);
      await assertRefused(
        anApp(),
        /did not make 1 of the ids in the SSD and 0 of those in the staging table/,
      );
      assert.equal(await world.stagingRow(id), undefined);
    }
  });

  test('fails on a real child that is in the staging table only, whose removal would be sent', async () => {
    await sql(
      `INSERT INTO ssd_api_data_staging (person_id, json_payload, row_state, submission_status) VALUES ('C1', '{}', 'New', 'Sent')`,
    );
    await assertRefused(anApp(), /did not make 0 of the ids in the SSD and 1 of those in the staging table/);
  });

  test('fails on a mark with another seed, with none, or that the login may not read', async () => {
    await sql(`UPDATE ${markTable} SET seed = 'other'`);
    await assertRefused(anApp(), /did not make [1-6] of the ids in the SSD/);
    await sql(`UPDATE ${markTable} SET seed = NULL`);
    await assertRefused(anApp(), /found no mark/);
    await fillSsd(world.database, schema, source, today);
    const read = () => readInventedPeople(world.database, schema, { isReceiverHere: true });
    assert.notEqual(await read(), undefined);
    await sql('CREATE ROLE reader');
    await sql(`GRANT USAGE ON SCHEMA ${schema} TO reader`);
    await sql('SET ROLE reader');
    const people = await read().finally(() => sql('RESET ROLE'));
    assert.equal(people, undefined);
  });

  test('fails on an SSD without a mark, and on a real one into which a mark was copied', async () => {
    await assertRefused(anApp({ from: ssds.later }), /found no mark/);
    for (const statement of createTables('postgres', 'ssd_real', 'systemc')) await sql(statement);
    await loadRows(world.database, 'ssd_real', 'ssd_person', [aChild]);
    await sql(`CREATE TABLE ssd_real.csc_local_stack AS SELECT * FROM ${markTable}`);
    await assertRefused(anApp({ from: 'ssd_real' }), /did not make 1 of the ids in the SSD/);
    assert.deepEqual(await world.stagingRows(), []);
  });

  test('fails on an SSD that an earlier release made, until it is made again', async () => {
    for (const column of ['seed', 'person_id']) await sql(`ALTER TABLE ${markTable} DROP COLUMN ${column}`);
    await assertRefused(anApp(), /found no mark/);
    await fillSsd(world.database, schema, source, today);
    assert.equal((await endOf(anApp())).status, 'completed');
  });

  test('believes a list of ids that were loaded from files only while the receiver is on this machine', async () => {
    const person = { table: 'ssd_person', row: aChild } as const;
    const referral = {
      table: 'ssd_cin_episodes',
      row: { cine_referral_id: 'E1', cine_person_id: 'C1', cine_referral_date: '2026-01-02' },
    } as const;
    const entries = async function* () {
      yield* await Promise.resolve([person, referral]);
    };
    const rows = () => {
      throw new Error('not asked');
    };
    const folder = { today, system: 'systemc', rows, entries } as const;
    await fillSsd(world.database, schema, { kind: 'folder', folder }, today);
    await assertRefused(anApp({ isReceiverHere: false }), /found no mark|did not make 1/);
    assert.equal((await endOf(anApp({ isReceiverHere: true }))).status, 'completed');
    assert.deepEqual(
      world.dfe.children().map((child) => child.la_child_id),
      ['C1'],
    );
  });

  test('that an earlier release planned without asking who is invented sends nothing', async () => {
    const app = anApp();
    const runId = await world.begin(app);
    await extractRun(runId, app);
    const name = `runs/${runId}/plan.json`;
    const plan = planSchema.parse(JSON.parse((await world.blobs().read(name)) ?? ''));
    assert.equal(plan.areInvented, true);
    await world.blobs().write(name, JSON.stringify({ ...plan, areInvented: undefined }));
    await world.ticks(app);
    assert.equal(world.dfe.statistics.posts, 0);
    const status = await runStatus(runId, app.runs);
    assert.equal(status?.status, 'cancelled');
    assert.match(status.explanation ?? '', /did not check that all children are invented/);
  });
});
