import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { sentSince } from '../../shared/records/sentSince.js';
import { rememberSql } from '../../shared/staging/remember.js';
import { aWorld, nightly } from '../runs/world.js';

const world = aWorld();
const table = 'ssd_api_data_staging';

/** DfE is told of children, then of what changed in sixty nights; the table is that of the first night again. */
async function restored(): Promise<void> {
  await world.run(world.dependencies('first'));
  await world.database.query(`DROP TABLE IF EXISTS backup`);
  await world.database.query(`CREATE TABLE backup AS SELECT * FROM ${table}`);
  await world.run(world.dependencies('later'));
  assert.deepEqual(world.dfe.children(), await world.expected('later'));
  await world.database.query(`DELETE FROM ${table}`);
  await world.database.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM backup`);
}

/** As `npm run azure -- remember` does: each submission that the ledger names becomes one that DfE may hold. */
async function rememberWhatWasSent(): Promise<void> {
  const blobs = world.blobs();
  for await (const { children = [] } of sentSince(blobs, blobs, new Date(0))) {
    for (const child of children) {
      for (const statement of rememberSql('postgres', table, child).split(/;\n/)) {
        if (statement.trim() !== '') await world.database.query(statement);
      }
    }
  }
}

describe('a staging table that was restored from a backup', () => {
  // Under merge, what is not removed by name stays.
  beforeEach(() => world.fresh({ arrays: 'merge' }));

  test('brings DfE to what the SSD says with the next run, once it has what was sent since', async () => {
    await restored();
    await rememberWhatWasSent();
    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('knows then who was sent to DfE since and has left again', async () => {
    await restored();
    const known = new Set((await world.expected('first')).map((child) => child.la_child_id));
    const come = (await world.expected('later')).filter((child) => !known.has(child.la_child_id));
    assert.ok(come.length > 0);
    await rememberWhatWasSent();
    await world.run(world.dependencies('first'));
    for (const { la_child_id } of come) {
      assert.equal((await world.stagingRow(la_child_id))?.['row_state'], 'Deleted');
    }
  });

  test('leaves at DfE what it does not know about, also when every child is sent', async () => {
    await restored();
    await world.run(world.dependencies('first'), { ...nightly, scope: 'all' });
    const held = new Set(world.dfe.children().map((child) => child.la_child_id));
    const expected = await world.expected('first');
    for (const { la_child_id } of expected) assert.ok(held.has(la_child_id));
    assert.notDeepEqual(world.dfe.children(), expected);
  });
});
