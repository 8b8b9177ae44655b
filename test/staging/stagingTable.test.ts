import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database, Row } from '../../shared/database/database.js';
import type { IdRange } from '../../shared/database/idRange.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import { StagingTable, stagedChildOf, type Settlement } from '../../shared/staging/stagingTable.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';
import { counted } from '../database/countedDatabase.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';

const everyone: IdRange = { after: null, upTo: null };

function hashOf(json: string): string {
  return createHash('sha256').update(json, 'utf8').digest('hex');
}

function aPayload(personId: string, content = 'first'): string {
  return JSON.stringify({ la_child_id: personId, content });
}

function aNewChild(personId: string, json = aPayload(personId)): StagingWrite {
  return {
    personId,
    legacyId: `${personId}-mis`,
    json,
    hash: hashOf(json),
    rowState: 'New',
    status: 'Pending',
  };
}

function aChange(personId: string, json = aPayload(personId, 'second')): StagingWrite {
  return { ...aNewChild(personId, json), rowState: 'Updated' };
}

function aLeaver(personId: string): StagingWrite {
  return { ...aNewChild(personId, `{"la_child_id":"${personId}","purge":true}`), rowState: 'Deleted' };
}

function accepted({ personId, hash, json, rowState }: StagingWrite, receipt = 'receipt-1'): Settlement {
  const holds = rowState === 'Deleted' ? undefined : json;
  return { outcome: 'accepted', personId, hash, holds, receipt };
}

function refused({ personId, hash }: StagingWrite, reason = '["bad UPN"]'): Settlement {
  return { outcome: 'refused', personId, hash, reason };
}

/** What `stagedChildOf` makes of a row that was just staged. */
function staged(write: StagingWrite, more: Partial<StagedChild> = {}): StagedChild {
  return {
    personId: write.personId,
    legacyId: write.legacyId,
    rowState: write.rowState,
    status: write.status,
    currentHash: write.hash,
    acknowledged: undefined,
    refusedHash: undefined,
    ...more,
  };
}

function held({ json, hash }: StagingWrite): { acknowledged: { json: string; hash: string } } {
  return { acknowledged: { json, hash } };
}

function byId(one: StagedChild, other: StagedChild): number {
  return one.personId < other.personId ? -1 : 1;
}

for (const engine of testEngines) {
  describe(`the staging table (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let name: string;
    let table: StagingTable;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      name = `${made.schema}.ssd_api_data_staging`;
      await migrate(database, name);
      table = new StagingTable(database, name);
    });
    after(() => made.remove());
    beforeEach(() => database.query(`DELETE FROM ${name}`));

    async function childrenIn(range: IdRange): Promise<StagedChild[]> {
      const { after: from, upTo } = range;
      const parameters = { ...(from === null ? {} : { after: from }), ...(upTo === null ? {} : { upTo }) };
      const { rows } = await database.queryTogether({ rows: table.selectOf(range) }, parameters);
      return rows.map(stagedChildOf).toSorted(byId);
    }

    async function children(): Promise<StagedChild[]> {
      return childrenIn(everyone);
    }

    async function columnsOf(personId: string): Promise<Row> {
      const rows = await database.query(
        `SELECT json_payload, partial_json_payload, api_response, submission_timestamp, last_updated
         FROM ${name} WHERE person_id = @personId`,
        { personId },
      );
      assert.equal(rows.length, 1);
      return rows[0] ?? {};
    }

    describe('when a night is staged', () => {
      it('gives back what was staged', async () => {
        const writes = [aNewChild('A1'), { ...aNewChild('B2'), legacyId: undefined }];
        await table.stage(writes);
        assert.deepEqual(
          await children(),
          writes.map((write) => staged(write)),
        );
        const columns = await columnsOf('A1');
        assert.equal(columns['json_payload'], aPayload('A1'));
        assert.equal(columns['api_response'], null);
        assert.equal(columns['submission_timestamp'], null);
        assert.notEqual(columns['last_updated'], null);
      });

      it('writes over the children it has, adds the others, and leaves the rest alone', async () => {
        await table.stage([aNewChild('A1'), aNewChild('B2')]);
        await table.stage([aChange('A1'), aNewChild('C3')]);
        assert.deepEqual(await children(), [
          staged(aChange('A1')),
          staged(aNewChild('B2')),
          staged(aNewChild('C3')),
        ]);
      });

      it('says the same when the same is staged twice', async () => {
        await table.stage([aNewChild('A1')]);
        await table.stage([aNewChild('A1')]);
        assert.deepEqual(await children(), [staged(aNewChild('A1'))]);
      });

      it('does nothing for no children', async () => {
        const watched = counted(database);
        await new StagingTable(watched, name).stage([]);
        assert.equal(watched.roundTrips + watched.transactions, 0);
      });

      it('keeps what DfE holds while a change or a leaver is staged', async () => {
        const [first, second] = [aNewChild('A1'), aNewChild('B2')];
        await table.stage([first, second]);
        await table.settle([accepted(first), accepted(second)]);
        await table.stage([aChange('A1'), aLeaver('B2')]);
        assert.deepEqual(await children(), [
          staged(aChange('A1'), held(first)),
          staged(aLeaver('B2'), held(second)),
        ]);
      });

      for (const [what, tooLong] of [
        ['an id', { ...aNewChild('B2'), personId: 'X'.repeat(21) }],
        ['an id that is far too long', { ...aNewChild('B2'), personId: 'X'.repeat(60) }],
        ['a legacy id', { ...aNewChild('B2'), legacyId: 'X'.repeat(37) }],
        ['a legacy id of a child it has', { ...aChange('A1'), legacyId: 'X'.repeat(60) }],
      ] as const) {
        it(`writes nothing at all when ${what} is too long`, async () => {
          await table.stage([aNewChild('A1')]);
          await assert.rejects(table.stage([aChange('A1'), tooLong, aNewChild('C3')]), (error) => {
            assert.ok(error instanceof Error);
            assert.doesNotMatch(error.message, /XXX/, 'an error quotes no value');
            return true;
          });
          assert.deepEqual(await children(), [staged(aNewChild('A1'))]);
        });
      }

      it('refuses a second row of a person, so that no two runs can make one', async () => {
        await table.stage([aNewChild('A1')]);
        await assert.rejects(
          database.query(`INSERT INTO ${name} (person_id, json_payload) VALUES ('A1', '{}')`),
        );
        assert.equal((await children()).length, 1);
      });

      it('keeps names in every script, byte for byte', async () => {
        const awkward = [
          "Siân O'Brien",
          'Łukasz Żółć',
          'محمد عبد الله',
          '👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿',
          'Zoe\u0308 and Zo\u00eb',
          '"quoted" \\ back',
          'line\n\u2028tab\t',
          '[a]@rows $1 ?',
        ];
        const writes = awkward.map((surname, at) => aNewChild(`N${at}`, JSON.stringify({ surname })));
        await table.stage(writes);
        await table.settle(writes.map((write) => accepted(write)));
        assert.deepEqual(
          await children(),
          writes.map((write) => staged({ ...write, rowState: 'Unchanged', status: 'Sent' }, held(write))),
        );
        for (const { acknowledged } of await children()) {
          assert.equal(acknowledged?.hash, hashOf(acknowledged?.json ?? ''));
        }
        for (const { personId, json } of writes) {
          assert.equal((await columnsOf(personId))['json_payload'], json);
        }
      });

      it('takes 500 children of 20 KB in one call, two statements in one transaction', async () => {
        const writes = Array.from({ length: 500 }, (_, at) =>
          aNewChild(`C${1000 + at}`, JSON.stringify({ at, text: 'ŵ'.repeat(10 * 1024) })),
        );
        const watched = counted(database);
        const watchedTable = new StagingTable(watched, name);
        await watchedTable.stage(writes);
        assert.equal(watched.roundTrips, 2);
        assert.equal(watched.transactions, 1);
        await watchedTable.settle(
          writes.map((write, at) => (at % 2 === 0 ? accepted(write) : refused(write))),
        );
        assert.equal(watched.roundTrips, 4);
        assert.equal(watched.transactions, 2);
        const found = await children();
        assert.equal(found.length, 500);
        assert.equal(await table.countAcknowledged(), 250);
        assert.deepEqual(
          found
            .filter(({ acknowledged }) => acknowledged !== undefined)
            .map(({ acknowledged }) => acknowledged),
          writes.filter((_, at) => at % 2 === 0).map(({ json, hash }) => ({ json, hash })),
        );
      });
    });

    it('gives the children of a range, the first and the last range open', async () => {
      const ids = ['A1', 'A2', 'B1', 'B2', 'C1'];
      await table.stage(ids.map((id) => aNewChild(id)));
      const idsIn = async (after: string | null, upTo: string | null) =>
        (await childrenIn({ after, upTo })).map(({ personId }) => personId);
      assert.deepEqual(await idsIn(null, 'A2'), ['A1', 'A2']);
      assert.deepEqual(await idsIn('A2', 'B2'), ['B1', 'B2']);
      assert.deepEqual(await idsIn('B2', null), ['C1']);
      assert.deepEqual(await idsIn(null, null), ids);
      assert.deepEqual(await idsIn('D', null), []);
    });

    it("understands states in any case, as Data to Insight's senders write them", async () => {
      const written = [
        ['A1', 'pending', 'new'],
        ['B2', 'SENT', 'UNCHANGED'],
        ['C3', 'Error', 'updated '],
        ['D4', 'withdrawn', 'Deleted'],
        ['E5', 'something else', ''],
        ['F6', null, null],
      ] as const;
      for (const [personId, status, rowState] of written) {
        await database.query(
          `INSERT INTO ${name} (person_id, json_payload, submission_status, row_state)
           VALUES (@personId, '{}', @status, @rowState)`,
          { personId, status, rowState },
        );
      }
      assert.deepEqual(
        (await children()).map(({ status, rowState }) => [status, rowState]),
        [
          ['Pending', 'New'],
          ['Sent', 'Unchanged'],
          ['Error', 'Updated'],
          ['Withdrawn', 'Deleted'],
          [undefined, undefined],
          [undefined, undefined],
        ],
      );
    });

    describe('when DfE has answered', () => {
      const child = aNewChild('A1');
      const other = aNewChild('B2');
      beforeEach(() => table.stage([child, other]));

      it('records a child that it accepted as what DfE holds, with the receipt', async () => {
        await table.settle([accepted(child, 'receipt-7')]);
        assert.deepEqual(await children(), [
          staged({ ...child, rowState: 'Unchanged', status: 'Sent' }, held(child)),
          staged(other),
        ]);
        const columns = await columnsOf('A1');
        assert.equal(columns['api_response'], 'receipt-7');
        assert.equal(columns['json_payload'], child.json);
        assert.notEqual(columns['submission_timestamp'], null);
        assert.equal(await table.countAcknowledged(), 1);
      });

      it('marks a child that it refused, keeps the reason, and remembers what was refused', async () => {
        const reason = JSON.stringify(['UPN “ŵ” is not valid', 'x'.repeat(5000)]);
        await table.settle([refused(child, reason)]);
        assert.deepEqual(await children(), [
          staged({ ...child, status: 'Error' }, { refusedHash: child.hash }),
          staged(other),
        ]);
        assert.equal((await columnsOf('A1'))['api_response'], reason);
        assert.equal(await table.countAcknowledged(), 0);
      });

      it('keeps a receipt of any length', async () => {
        const receipt = 'r'.repeat(1000);
        await table.settle([accepted(child, receipt)]);
        assert.equal((await columnsOf('A1'))['api_response'], receipt);
      });

      it('settles accepted and refused children of one chunk together', async () => {
        await table.settle([refused(other), accepted(child)]);
        assert.deepEqual(await children(), [
          staged({ ...child, rowState: 'Unchanged', status: 'Sent' }, held(child)),
          staged({ ...other, status: 'Error' }, { refusedHash: other.hash }),
        ]);
      });

      it('keeps what DfE holds when a later payload is refused', async () => {
        await table.settle([accepted(child)]);
        await table.stage([aChange('A1')]);
        await table.settle([refused(aChange('A1'))]);
        const [found] = await children();
        assert.deepEqual(
          found,
          staged({ ...aChange('A1'), status: 'Error' }, { ...held(child), refusedHash: aChange('A1').hash }),
        );
      });

      it('forgets a refusal once a payload is accepted', async () => {
        await table.settle([refused(child)]);
        await table.stage([aChange('A1')]);
        await table.settle([accepted(aChange('A1'))]);
        const [found] = await children();
        assert.deepEqual(
          found,
          staged({ ...aChange('A1'), rowState: 'Unchanged', status: 'Sent' }, held(aChange('A1'))),
        );
      });

      it('leaves a newer payload outstanding when an older one is accepted, and records what DfE holds', async () => {
        await table.stage([aChange('A1')]);
        await table.settle([accepted(child)]);
        assert.deepEqual(await children(), [staged(aChange('A1'), held(child)), staged(other)]);
        assert.equal((await columnsOf('A1'))['json_payload'], aChange('A1').json);
      });

      it('leaves a newer payload as it is when an older one is refused', async () => {
        await table.stage([aChange('A1')]);
        await table.settle([refused(child)]);
        assert.deepEqual(await children(), [staged(aChange('A1')), staged(other)]);
      });

      it('holds nothing of a child whose purge was accepted', async () => {
        await table.settle([accepted(child)]);
        await table.stage([aLeaver('A1')]);
        await table.settle([accepted(aLeaver('A1'), 'receipt-9')]);
        const [found] = await children();
        assert.deepEqual(found, staged({ ...aLeaver('A1'), status: 'Sent' }));
        assert.equal((await columnsOf('A1'))['api_response'], 'receipt-9');
        assert.equal(await table.countAcknowledged(), 0);
      });

      it('keeps a child that came back outstanding when its purge is accepted late', async () => {
        await table.settle([accepted(child)]);
        await table.stage([aLeaver('A1')]);
        await table.stage([aChange('A1')]);
        await table.settle([accepted(aLeaver('A1'))]);
        assert.deepEqual(await children(), [staged(aChange('A1')), staged(other)]);
      });

      it('says the same when the same answers are settled twice', async () => {
        const answers = [accepted(child), refused(other)];
        await table.settle(answers);
        const once = await children();
        await table.settle(answers);
        assert.deepEqual(await children(), once);
      });

      it('passes over children it does not have', async () => {
        await table.settle([accepted(aNewChild('Z9')), refused(aNewChild('Y8'))]);
        assert.deepEqual(await children(), [staged(child), staged(other)]);
      });
    });

    describe('on a migration', () => {
      async function addRow(target: string, personId: string, json: string): Promise<void> {
        await database.query(
          `INSERT INTO ${target} (person_id, legacy_id, json_payload, partial_json_payload, submission_status, row_state)
           VALUES (@personId, @personId, @json, '{}', 'sent', 'unchanged')`,
          { personId, json },
        );
      }

      /** A staging table as Data to Insight's script makes it, without the column and the index of this project. */
      async function aTableOfDataToInsight(twin: string): Promise<string> {
        const target = `${made.schema}.ssd_api_data_staging_${twin}`;
        const { identity, text, hash, moment } = typesOf(database.engine);
        const word = database.engine === 'sqlserver' ? 'nvarchar' : 'varchar';
        await database.query(`CREATE TABLE ${target} (
          id ${identity} PRIMARY KEY, person_id ${word}(20) NULL, legacy_id ${word}(36) NULL,
          previous_json_payload ${text} NULL, json_payload ${text} NOT NULL, partial_json_payload ${text} NULL,
          current_hash ${hash} NULL, previous_hash ${hash} NULL,
          submission_status ${word}(50) DEFAULT 'Pending', submission_timestamp ${moment} DEFAULT CURRENT_TIMESTAMP,
          api_response ${text} NULL, row_state ${word}(10) DEFAULT 'New',
          last_updated ${moment} DEFAULT CURRENT_TIMESTAMP)`);
        return target;
      }

      async function rowsOf(target: string): Promise<Row[]> {
        return database.query(
          `SELECT id, person_id, legacy_id, previous_json_payload, json_payload, partial_json_payload, submission_status,
             submission_timestamp, api_response, row_state, last_updated
           FROM ${target} ORDER BY id`,
        );
      }

      it('may be migrated again and again, its rows untouched', async () => {
        await table.stage([aNewChild('A1'), aNewChild('B2')]);
        await table.settle([accepted(aNewChild('A1'))]);
        const [before, rowsBefore] = [await children(), await rowsOf(name)];
        await migrate(database, name);
        await migrate(database, name);
        assert.deepEqual(await children(), before);
        assert.deepEqual(await rowsOf(name), rowsBefore);
      });

      it("takes over a table that Data to Insight's scripts made, its rows untouched", async () => {
        const target = await aTableOfDataToInsight('anon');
        await addRow(target, 'A1', '{"la_child_id":"A1","name":"Siân"}');
        await addRow(target, 'B2', '{"la_child_id":"B2"}');
        const rowsBefore = await rowsOf(target);
        await migrate(database, target);
        await migrate(database, target);
        assert.deepEqual(await rowsOf(target), rowsBefore);

        const takenOver = new StagingTable(database, target);
        const { rows } = await database.queryTogether({ rows: takenOver.selectOf(everyone) });
        const [first] = rows.map(stagedChildOf).toSorted(byId);
        assert.deepEqual(first, {
          personId: 'A1',
          legacyId: 'A1',
          rowState: 'Unchanged',
          status: 'Sent',
          currentHash: undefined,
          acknowledged: undefined,
          refusedHash: undefined,
        });
        await takenOver.stage([aChange('A1'), aNewChild('C3')]);
        await takenOver.settle([accepted(aChange('A1'))]);
        assert.equal(await takenOver.countAcknowledged(), 1);
        // Their scripts name the columns they know, and go on working.
        await addRow(target, 'D4', '{}');
        assert.equal((await rowsOf(target)).length, 4);
      });

      it('leaves a unique index alone that an authority made itself', async () => {
        const target = await aTableOfDataToInsight('own');
        await database.query(`CREATE UNIQUE INDEX own_person_id ON ${target} (person_id)`);
        await migrate(database, target);
        await migrate(database, target);
        await addRow(target, 'A1', '{}');
        await assert.rejects(addRow(target, 'A1', '{}'));
      });

      it('fails, and changes no row, while a person stands in two rows', async () => {
        const target = await aTableOfDataToInsight('twice');
        await addRow(target, 'A1', '{"first":1}');
        await addRow(target, 'A1', '{"second":2}');
        const rowsBefore = await rowsOf(target);
        await assert.rejects(migrate(database, target));
        assert.deepEqual(await rowsOf(target), rowsBefore);
        await database.query(`DELETE FROM ${target} WHERE id = @id`, { id: Number(rowsBefore[0]?.['id']) });
        await migrate(database, target);
        await assert.rejects(addRow(target, 'A1', '{}'));
      });
    });
  });
}
