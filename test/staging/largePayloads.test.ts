import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { stagedChildOf } from '../../shared/staging/stagedChild.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { counted } from '../database/countedDatabase.js';
import { openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import {
  accepted,
  aNewChild,
  byId,
  claimId,
  claimOf,
  everyone,
  firstRun,
  inStep,
  staged,
  unanswered,
  runOf,
} from './children.js';

/** In characters; with their accents and signs outside the basic plane they are more in bytes. */
const size = 200 * 1024;
const sentence = 'Siân lives with “Nain” — 🙂 王小明, \\"quoted\\". ';

describe('payloads of 200 KB', () => {
  const writes = Array.from({ length: 30 }, (_, at) => {
    const text = `${String(at)} ${sentence.repeat(size / sentence.length)}`;
    return aNewChild(`C${100 + at}`, JSON.stringify({ text }));
  });

  for (const engine of testEngines) {
    describe(`of 30 children of one range (${engine.name})`, () => {
      let made: TestSchema;
      let database: Database;
      let table: StagingTable;

      before(async () => {
        made = await openTestSchema(engine);
        database = made.database;
        const name = `${made.schema}.ssd_api_data_staging`;
        await migrate(database, name);
        table = new StagingTable(database, name);
      });
      after(() => made.remove());

      it('are staged, claimed and settled whole, and read back to the letter in one round trip', async () => {
        const children = async () => {
          const watched = counted(database);
          const { rows } = await watched.queryTogether({
            rows: await table.selectOf(everyone, usualIdOrder[engine.engine]),
          });
          assert.equal(watched.roundTrips, 1);
          return rows.map(stagedChildOf).toSorted(byId);
        };
        await table.stage(writes);
        assert.deepEqual(
          await children(),
          writes.map((write) => staged(write)),
        );
        assert.equal((await table.claim(runOf(firstRun), claimId, writes.map(claimOf))).size, writes.length);
        assert.deepEqual(
          await children(),
          writes.map((write) => unanswered(write)),
        );
        await table.settle(
          firstRun,
          writes.map((write) => accepted(write)),
        );
        assert.deepEqual(await children(), writes.map(inStep));
      });
    });
  }
});
