import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { UnkeepableIdsError } from '../../shared/staging/unkeepableIds.js';
import { openTestSchema, serverEngines, type TestSchema } from '../database/engines.js';
import { meetingOf } from '../database/meeting.js';
import { migrate } from '../local/migrations.js';
import {
  accepted,
  aChange,
  aNewChild,
  aPayload,
  claimOf,
  firstRun,
  held,
  inStep,
  secondRun,
  sentTextOf,
  staged,
  runOf,
} from './children.js';
import { childrenOf } from './stagingUnderTest.js';

const ids = Array.from({ length: 40 }, (_, at) => `C${100 + at}`);

/** A database whose first transaction waits in `meet` before or after its first statement. */
function pausing(database: Database, when: 'before' | 'after', meet: () => Promise<void>): Database {
  let isFirst = true;
  return {
    engine: database.engine,
    query: (sql, parameters) => database.query(sql, parameters),
    queryTogether: (selects, parameters) => database.queryTogether(selects, parameters),
    transaction: (work) =>
      database.transaction((transaction) =>
        work({
          query: async (sql, parameters) => {
            const waits = isFirst;
            isFirst = false;
            if (waits && when === 'before') await meet();
            const rows = await transaction.query(sql, parameters);
            if (waits && when === 'after') await meet();
            return rows;
          },
        }),
      ),
    close: () => database.close(),
  };
}

for (const engine of serverEngines) {
  describe(`two writers of the staging table at once (${engine.name})`, { timeout: 120_000 }, () => {
    let made: TestSchema;
    let other: Database;
    let name: string;
    let one: StagingTable;
    let another: StagingTable;

    before(async () => {
      made = await openTestSchema(engine);
      other = await openDatabase(engine.connectionString);
      name = `${made.schema}.ssd_api_data_staging`;
      await migrate(made.database, name);
      one = new StagingTable(made.database, name);
      another = new StagingTable(other, name);
    });
    after(async () => {
      await other.close();
      await made.remove();
    });
    beforeEach(() => made.database.query(`DELETE FROM ${name}`));

    const children = () => childrenOf(made.database, one);

    /** Two tables: the writer of the second begins when that of the first is in the midst of its first transaction. */
    function overlapping(): readonly [StagingTable, StagingTable] {
      const meet = meetingOf(2);
      return [
        new StagingTable(pausing(made.database, 'after', meet), name),
        new StagingTable(pausing(other, 'before', meet), name),
      ];
    }

    for (const [what, some] of [
      ['the same new child', ids.slice(0, 1)],
      ['the same new children in opposite order', ids],
    ] as const) {
      it(`Two writers that stage ${what} both succeed, and leave one row a child, as the later one wrote it`, async () => {
        const [first, second] = overlapping();
        const later = some.map((id) => aNewChild(id, aPayload(id, 'later')));
        await Promise.all([first.stage(some.map((id) => aNewChild(id))), second.stage(later.toReversed())]);
        assert.deepEqual(
          await children(),
          later.map((write) => staged(write)),
        );
      });
    }

    it('Two writers that share some of the children they stage leave every child of both', async () => {
      const [first, second] = overlapping();
      await Promise.all([
        first.stage(ids.slice(0, 30).map((id) => aNewChild(id))),
        second.stage(ids.slice(10).map((id) => aNewChild(id))),
      ]);
      assert.deepEqual(
        await children(),
        ids.map((id) => staged(aNewChild(id))),
      );
    });

    it('A writer that stages a child twice at once is refused, and nothing is written', async () => {
      const child = aNewChild('A1');
      await assert.rejects(one.stage([child, child]), UnkeepableIdsError);
      assert.deepEqual(await children(), []);
    });

    it('Two writers that claim the same children in opposite order both succeed, one of them without a doubt', async () => {
      const writes = ids.map((id) => aNewChild(id));
      await one.stage(writes);
      const claims = writes.map(claimOf);
      const claimed = await Promise.all([
        one.claim(runOf(firstRun), 'attempt-1', claims),
        another.claim(runOf(firstRun), 'attempt-2', claims.toReversed()),
      ]);
      for (const id of ids) {
        const doubts = claimed.map((by) => by.get(id)?.inDoubt);
        assert.deepEqual(doubts.sort(), [false, true]);
      }
    });

    it('A child that one writer claims and another changes is sent and remembered, or not sent', async () => {
      const writes = ids.map((id) => aNewChild(id));
      await one.stage(writes);
      const [claimed] = await Promise.all([
        one.claim(runOf(firstRun), 'attempt-1', writes.map(claimOf)),
        another.stage(ids.map((id) => aChange(id)).reverse()),
      ]);
      const found = await children();
      assert.deepEqual(
        found.map(({ currentHash }) => currentHash),
        ids.map((id) => aChange(id).hash),
      );
      for (const [at, { personId, mayHold }] of found.entries()) {
        const write = writes[at];
        assert.ok(write !== undefined);
        assert.deepEqual(mayHold, claimed.has(personId) ? [sentTextOf(write)] : []);
      }
    });

    it('Answers that one writer records while another stages changes are in the row with the changes', async () => {
      const writes = ids.map((id) => aNewChild(id));
      await one.stage(writes);
      await one.claim(runOf(firstRun), 'attempt-1', writes.map(claimOf));
      const changed = ids.slice(0, 20).map((id) => aChange(id));
      await Promise.all([
        one.settle(
          firstRun,
          writes.map((write) => accepted(write)),
        ),
        another.stage(changed.toReversed()),
      ]);
      assert.deepEqual(await children(), [
        ...changed.map((write, at) => staged(write, held(writes[at] ?? write))),
        ...writes.slice(20).map(inStep),
      ]);
    });

    it('A run that is settled while a later run claims leaves the later one its doubt, or none to keep', async () => {
      const writes = ids.map((id) => aNewChild(id));
      await one.stage(writes);
      await one.claim(runOf(firstRun), 'attempt-1', writes.map(claimOf));
      const [, later] = await Promise.all([
        one.settle(
          firstRun,
          writes.map((write) => accepted(write)),
        ),
        another.claim(runOf(secondRun), 'attempt-2', writes.map(claimOf).reverse()),
      ]);
      for (const [at, child] of (await children()).entries()) {
        const write = writes[at];
        assert.ok(write !== undefined);
        assert.equal(later.has(child.personId), true);
        assert.deepEqual(child.mayHold, [sentTextOf(write)]);
        const wasInDoubt = later.get(child.personId)?.inDoubt;
        assert.equal(child.acknowledged !== undefined, wasInDoubt === false);
      }
    });
  });
}
