import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { sentEntrySchema } from '../../shared/run/ledger.js';
import { chunkSchema } from '../../shared/run/runRecords.js';
import { aWorld, nightly } from './world.js';

const world = aWorld();
const table = 'ssd_api_data_staging';

/** DfE is told of children, then of what changed in sixty nights; the table is that of the first night again. */
async function restored(): Promise<void> {
  await world.night(world.dependencies('first'));
  await world.database.query(`DROP TABLE IF EXISTS backup`);
  await world.database.query(`CREATE TABLE backup AS SELECT * FROM ${table}`);
  await world.night(world.dependencies('later'));
  assert.deepEqual(world.dfe.children(), await world.expected('later'));
  await world.database.query(`DELETE FROM ${table}`);
  await world.database.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM backup`);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : 'NULL';
}

/** As docs/operate.md does: each submission that the ledger names becomes one that DfE may hold. */
async function rememberWhatWasSent(): Promise<void> {
  const blobs = world.blobs();
  for (const { name } of await blobs.list('ledger/')) {
    if (!name.endsWith('-sent.json')) continue;
    const { blob } = sentEntrySchema.parse(JSON.parse((await blobs.read(name)) ?? ''));
    const { children } = chunkSchema.parse(JSON.parse((await blobs.read(blob)) ?? ''));
    for (const { personId, payload } of children) {
      const id = literal(personId);
      const sent = literal(JSON.stringify(payload));
      await world.database.query(`UPDATE ${table}
SET unanswered_json_payload = CONCAT_WS(CHR(10), unanswered_json_payload, ${sent}) WHERE person_id = ${id}`);
      await world.database.query(`INSERT INTO ${table}
  (person_id, legacy_id, json_payload, unanswered_json_payload, row_state, submission_status)
SELECT ${id}, ${literal(payload['mis_child_id'])}, ${sent}, ${sent}, 'New', 'Pending'
WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE person_id = ${id})`);
    }
  }
}

describe('a staging table that was restored from a backup', () => {
  // Under merge, what is not removed by name stays.
  beforeEach(() => world.fresh({ arrays: 'merge' }));

  test('brings DfE to what the SSD says by the next night, once it was told what was sent since', async () => {
    await restored();
    await rememberWhatWasSent();
    await world.night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('knows then who was sent to DfE since and has left again', async () => {
    await restored();
    const known = new Set((await world.expected('first')).map((child) => child.la_child_id));
    const come = (await world.expected('later')).filter((child) => !known.has(child.la_child_id));
    assert.ok(come.length > 0);
    await rememberWhatWasSent();
    await world.night(world.dependencies('first'));
    for (const { la_child_id } of come) {
      assert.equal((await world.stagingRow(la_child_id))?.['row_state'], 'Deleted');
    }
  });

  test('leaves at DfE what it was not told of, also when every child is sent', async () => {
    await restored();
    await world.night(world.dependencies('first'), { ...nightly, scope: 'all' });
    const held = new Set(world.dfe.children().map((child) => child.la_child_id));
    const expected = await world.expected('first');
    for (const { la_child_id } of expected) assert.ok(held.has(la_child_id));
    assert.notDeepEqual(world.dfe.children(), expected);
  });
});
