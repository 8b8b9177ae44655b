import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database, Engine, Parameters, Row } from '../../shared/database/database.js';
import type { IdRange } from '../../shared/database/idRange.js';
import type { Settlement } from '../../shared/staging/settlement.js';
import { stagedChildOf, type StagedChild } from '../../shared/staging/stagedChild.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { StagingTable, type Claimed } from '../../shared/staging/stagingTable.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';
import { counted } from '../database/countedDatabase.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import {
  aChange,
  aLeaver,
  aNewChild,
  aPayload,
  accepted,
  byId,
  claimId,
  claimOf,
  everyone,
  firstRun,
  hashOf,
  held,
  inStep,
  notTaken,
  refused,
  secondRun,
  sentTextOf,
  staged,
  thirdRun,
  unanswered,
  nightOf,
  runOf,
} from './children.js';

/** Hexadecimal text as a binary hash. */
const binary: Readonly<Record<Engine, (parameter: string) => string>> = {
  postgres: (parameter) => `decode(${parameter}, 'hex')`,
  sqlserver: (parameter) => `CONVERT(binary(32), ${parameter}, 2)`,
};

for (const engine of testEngines) {
  describe(`the staging table (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let name: string;
    let table: StagingTable;
    /** Each run has a night of its own, and nothing of the night before can still land. */
    let time: Date;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      name = `${made.schema}.ssd_api_data_staging`;
      await migrate(database, name);
      table = new StagingTable(database, name, { app: () => time, database: () => time });
    });
    after(() => made.remove());
    beforeEach(() => database.query(`DELETE FROM ${name}`));

    async function childrenIn(range: IdRange): Promise<StagedChild[]> {
      const { after: from, upTo } = range;
      const parameters = { ...(from === null ? {} : { after: from }), ...(upTo === null ? {} : { upTo }) };
      const { rows } = await database.queryTogether(
        { rows: await table.selectOf(range, usualIdOrder[engine.engine]) },
        parameters,
      );
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

    /** All that the row says but when. */
    async function wholeRowOf(personId: string): Promise<Row> {
      const [row] = await database.query(`SELECT * FROM ${name} WHERE person_id = @personId`, { personId });
      const { last_updated, submission_timestamp, ...rest } = row ?? {};
      assert.ok(last_updated !== undefined && submission_timestamp !== undefined);
      return rest;
    }

    async function claim(runId: string, ...writes: readonly StagingWrite[]): Promise<Claimed> {
      time = nightOf(runId);
      return table.claim(runOf(runId), claimId, writes.map(claimOf));
    }

    /** Sends children that are staged already, and has all of them accepted. */
    async function haveAccepted(runId: string, ...writes: readonly StagingWrite[]): Promise<void> {
      await claim(runId, ...writes);
      await table.settle(
        runId,
        writes.map((write) => accepted(write)),
      );
    }

    describe('when it is reconciled', () => {
      const refusal = '400: child_details.postcode: must be a postcode';

      /** One child in each state that this system makes. */
      async function oneOfEach(): Promise<void> {
        const gone = aNewChild('gone');
        const known = ['changed', 'leaver', 'same', 'doubt'].map((personId) => aNewChild(personId));
        await table.stage([gone, ...known]);
        await haveAccepted(firstRun, gone, ...known);
        await table.stage([aLeaver('gone')]);
        await haveAccepted(secondRun, aLeaver('gone'));
        const bad = aNewChild('bad');
        const lost = aNewChild('lost');
        const doubt = aChange('doubt');
        await table.stage([aNewChild('new'), aChange('changed'), aLeaver('leaver'), bad, lost, doubt]);
        await table.stage([{ ...aLeaver('withdrawn'), status: 'Withdrawn' }]);
        await claim(secondRun, bad, lost, doubt);
        await table.settle(secondRun, [refused(bad, refusal)]);
        await table.stage([aChange('doubt', aPayload('doubt', 'third'))]);
      }

      it('says of each child in which state it is, whether DfE may hold more, and why it was refused', async () => {
        await oneOfEach();
        const found = new Map<string, unknown>();
        for await (const { personId, ...rest } of table.children()) found.set(personId, rest);
        const inState = (state: string) => ({ state, mayHold: false, refusal: undefined });
        assert.deepEqual(Object.fromEntries(found), {
          new: inState('outstanding: new'),
          changed: inState('outstanding: changed'),
          leaver: inState('outstanding: left'),
          same: inState('up to date'),
          doubt: { ...inState('outstanding: changed'), mayHold: true },
          bad: { ...inState('refused'), refusal },
          lost: { ...inState('unanswered'), mayHold: true },
          gone: inState('removed'),
          withdrawn: inState('withdrawn'),
        });
      });

      it('counts the children by state, and all of them', async () => {
        await oneOfEach();
        const counts = await table.countByState();
        assert.equal(counts.get('outstanding: changed'), 2);
        assert.equal(counts.get('refused'), 1);
        assert.equal(
          [...counts.values()].reduce((sum, number) => sum + number, 0),
          9,
        );
      });

      it('reads more children than go into one range, each once', async () => {
        const many = Array.from({ length: 4_001 }, (_, index) => aNewChild(`C${String(index)}`, '{}'));
        await table.stage(many);
        const seen: string[] = [];
        for await (const { personId } of table.children()) seen.push(personId);
        assert.equal(seen.length, many.length);
        assert.equal(new Set(seen).size, many.length);
      });

      it('counts what Data to Insight has tried as unanswered, and what it has sent unchanged as up to date', async () => {
        const hash = binary[engine.engine]('@hash');
        await database.query(
          `INSERT INTO ${name} (person_id, json_payload, current_hash, previous_json_payload, previous_hash, row_state, submission_status)
           VALUES ('sent', '{}', ${hash}, '{}', ${hash}, 'new', 'sent')`,
          { hash: hashOf('{}') },
        );
        await database.query(
          `INSERT INTO ${name} (person_id, json_payload, current_hash, row_state, submission_status)
           VALUES ('tried', '{}', ${hash}, 'new', 'error')`,
          { hash: hashOf('{}') },
        );
        const counts = await table.countByState();
        assert.deepEqual(
          counts,
          new Map([
            ['up to date', 1],
            ['unanswered', 1],
          ]),
        );
      });
    });

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
        await haveAccepted(firstRun, first, second);
        await table.stage([aChange('A1'), aLeaver('B2')]);
        assert.deepEqual(await children(), [
          staged(aChange('A1'), held(first)),
          staged(aLeaver('B2'), held(second)),
        ]);
      });

      it('keeps what DfE may hold, and which run sent it, while a change or a leaver is staged', async () => {
        const [first, second] = [aNewChild('A1'), aNewChild('B2')];
        await table.stage([first, second]);
        await claim(secondRun, first, second);
        await table.stage([aChange('A1'), aLeaver('B2')]);
        assert.deepEqual(await children(), [
          staged(aChange('A1'), { mayHold: [sentTextOf(first)] }),
          staged(aLeaver('B2'), { mayHold: [sentTextOf(second)] }),
        ]);
        assert.deepEqual(await claim(firstRun, aChange('A1'), aLeaver('B2')), new Map());
      });

      it('keeps what DfE refused, so that a child that changes back is known', async () => {
        const first = aNewChild('A1');
        await table.stage([first]);
        await claim(firstRun, first);
        await table.settle(firstRun, [refused(first)]);
        await table.stage([aChange('A1')]);
        assert.deepEqual(await children(), [staged(aChange('A1'), { refusedHash: first.hash })]);
      });

      it("clears the partial payload of Data to Insight's sender: it belongs to the payload before", async () => {
        await table.stage([aNewChild('A1')]);
        await database.query(`UPDATE ${name} SET partial_json_payload = '{"part":1}'`);
        await table.stage([aChange('A1')]);
        assert.equal((await columnsOf('A1'))['partial_json_payload'], null);
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
        await claim(firstRun, ...writes);
        assert.deepEqual(
          await children(),
          writes.map((write) => unanswered(write)),
        );
        await table.settle(
          firstRun,
          writes.map((write) => accepted(write)),
        );
        assert.deepEqual(await children(), writes.map(inStep));
        for (const { acknowledged } of await children()) {
          assert.equal(acknowledged?.hash, hashOf(acknowledged?.json ?? ''));
        }
        for (const { personId, json } of writes) {
          assert.equal((await columnsOf(personId))['json_payload'], json);
        }
      });

      it('takes 500 children of 20 KB in one call, by a few statements in one transaction', async () => {
        const writes = Array.from({ length: 500 }, (_, at) =>
          aNewChild(`C${1000 + at}`, JSON.stringify({ at, text: 'ŵ'.repeat(10 * 1024) })),
        );
        const watched = counted(database);
        const watchedTable = new StagingTable(watched, name);
        await watchedTable.stage(writes);
        assert.equal(watched.roundTrips, 2);
        assert.equal(watched.transactions, 1);
        assert.equal((await watchedTable.claim(runOf(firstRun), claimId, writes.map(claimOf))).size, 500);
        assert.equal(watched.roundTrips, 4);
        assert.equal(watched.transactions, 2);
        await watchedTable.settle(
          firstRun,
          writes.map((write, at) => (at % 2 === 0 ? accepted(write) : refused(write))),
        );
        assert.equal(watched.roundTrips, 7);
        assert.equal(watched.transactions, 3);
        const found = await children();
        assert.equal(found.length, 500);
        assert.equal(await table.countHeld(), 250);
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
        ['G7', 'STAGED', 'new'],
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
          ['Staged', 'New'],
        ],
      );
    });

    describe('when a run is about to send', () => {
      const child = aNewChild('A1');
      const other = aNewChild('B2');
      beforeEach(() => table.stage([child, other]));

      it('records that DfE may hold what is sent, and leaves the other children alone', async () => {
        const claimed = await claim(firstRun, child);
        assert.deepEqual(claimed, new Map([['A1', { inDoubt: false, staysInDoubt: false }]]));
        assert.deepEqual(await children(), [unanswered(child), staged(other)]);
        assert.equal((await wholeRowOf('A1'))['sent_run_id'], firstRun);
        assert.equal((await wholeRowOf('B2'))['sent_run_id'], null);
        assert.equal((await columnsOf('A1'))['json_payload'], child.json);
      });

      it('keeps what DfE has acknowledged', async () => {
        await haveAccepted(firstRun, child);
        await table.stage([aChange('A1')]);
        await claim(secondRun, aChange('A1'));
        const [found] = await children();
        assert.deepEqual(found, unanswered(aChange('A1'), held(child)));
      });

      it('does not let a child go that has changed since, and leaves its row as it is', async () => {
        await table.stage([aChange('A1')]);
        const before = await wholeRowOf('A1');
        assert.deepEqual(
          await claim(firstRun, child, other),
          new Map([['B2', { inDoubt: false, staysInDoubt: false }]]),
        );
        assert.deepEqual(await wholeRowOf('A1'), before);
      });

      it('does not let a child go that it does not have', async () => {
        assert.deepEqual(await claim(firstRun, aNewChild('Z9')), new Map());
        assert.deepEqual(await children(), [staged(child), staged(other)]);
      });

      it('does not let a child go that a later run has sent, and leaves its row as it is', async () => {
        await claim(secondRun, child);
        const before = await wholeRowOf('A1');
        assert.deepEqual(
          await table.claim(runOf(firstRun), claimId, [{ ...claimOf(child), sent: 'older' }]),
          new Map(),
        );
        assert.deepEqual(await wholeRowOf('A1'), before);
      });

      it('does not let a child go that a later run has sent, also when DfE has answered that run', async () => {
        await haveAccepted(secondRun, child);
        assert.deepEqual(await claim(firstRun, child), new Map());
        assert.deepEqual((await children())[0], inStep(child));
      });

      it('lets a child go that an earlier run has sent and DfE has answered, without a doubt', async () => {
        await claim(firstRun, child, other);
        await table.settle(firstRun, [accepted(child), refused(other)]);
        assert.deepEqual(
          [...(await claim(secondRun, child, other)).values()],
          [
            { inDoubt: false, staysInDoubt: false },
            { inDoubt: false, staysInDoubt: false },
          ],
        );
        assert.equal((await wholeRowOf('A1'))['sent_run_id'], secondRun);
      });

      for (const [who, runId] of [
        ['an earlier run', secondRun],
        ['an earlier attempt of the same run', firstRun],
      ] as const) {
        it(`says of which children DfE may hold what ${who} has sent`, async () => {
          await claim(firstRun, child);
          assert.deepEqual(
            await claim(runId, child, other),
            new Map([
              ['A1', { inDoubt: true, staysInDoubt: false }],
              ['B2', { inDoubt: false, staysInDoubt: false }],
            ]),
          );
        });
      }

      it('is in doubt about a change as long as the payload before it is unanswered', async () => {
        await claim(firstRun, child);
        await table.stage([aChange('A1')]);
        const claimed = await claim(secondRun, aChange('A1'));
        assert.deepEqual(claimed.get('A1'), { inDoubt: true, staysInDoubt: false });
        const [found] = await children();
        const both = [sentTextOf(child), sentTextOf(aChange('A1'))];
        assert.deepEqual(found, unanswered(aChange('A1'), { mayHold: both }));
      });

      it('does not forget over a purge what was sent before it and never answered', async () => {
        await claim(firstRun, child);
        await table.stage([aLeaver('A1'), aLeaver('B2')]);
        await claim(secondRun, aLeaver('A1'), aLeaver('B2'));
        assert.deepEqual(await children(), [
          unanswered(aLeaver('A1'), { mayHold: [sentTextOf(child), sentTextOf(aLeaver('A1'))] }),
          unanswered(aLeaver('B2')),
        ]);
      });

      it('lets a child go once without a doubt, however many attempts of a run come at the same time', async () => {
        const claims = await Promise.all([1, 2, 3].map(() => claim(firstRun, child, other)));
        for (const id of ['A1', 'B2']) {
          const doubts = claims.map((claimed) => claimed.get(id)?.inDoubt);
          assert.deepEqual(doubts.sort(), [false, true, true]);
        }
      });

      it('belongs to the later of two runs that come at the same time', async () => {
        const [earlier, later] = await Promise.all([claim(firstRun, child), claim(secondRun, child)]);
        const key = 'A1';
        assert.equal(later.has(key), true);
        assert.equal(later.get(key)?.inDoubt, earlier.has(key), 'it knows whether the other has sent it');
        assert.equal((await wholeRowOf('A1'))['sent_run_id'], secondRun);
      });

      it('finds a child under its id in another case exactly where the database takes the two for one', async () => {
        const keyOf = await table.idKey();
        const isOne = keyOf('a1') === keyOf('A1');
        const claimed = await table.claim(runOf(firstRun), claimId, [{ ...claimOf(child), personId: 'a1' }]);
        assert.equal(claimed.has('a1'), isOne);
        assert.equal((await wholeRowOf('A1'))['sent_run_id'], isOne ? firstRun : null);
        await table.settle(firstRun, [{ ...accepted(child), personId: 'a1' }]);
        assert.deepEqual((await children())[0], isOne ? inStep(child) : staged(child));
      });

      it('leaves the doubt of another attempt at the same child alone', async () => {
        for (const settle of [notTaken(child), refused(child)]) {
          await table.claim(runOf(firstRun), 'attempt-1', [claimOf(child)]);
          await table.claim(runOf(firstRun), 'attempt-2', [claimOf(child)]);
          // The first one had a clear answer; of the second nobody knows.
          await table.settle(firstRun, [settle]);
          const [row] = await children();
          assert.deepEqual(row?.mayHold, [sentTextOf(child)]);
        }
      });

      it('asks nothing for no children', async () => {
        const watched = counted(database);
        assert.equal((await new StagingTable(watched, name).claim(runOf(firstRun), claimId, [])).size, 0);
        assert.equal(watched.roundTrips + watched.transactions, 0);
      });
    });

    describe('when DfE has answered', () => {
      const child = aNewChild('A1');
      const other = aNewChild('B2');
      beforeEach(async () => {
        await table.stage([child, other]);
        await claim(firstRun, child, other);
      });

      it('records a child that it accepted as what DfE holds, with the receipt, and has no doubt any more', async () => {
        await table.settle(firstRun, [accepted(child, 'receipt-7')]);
        assert.deepEqual(await children(), [inStep(child), unanswered(other)]);
        const columns = await columnsOf('A1');
        assert.equal(columns['api_response'], 'receipt-7');
        assert.equal(columns['json_payload'], child.json);
        assert.notEqual(columns['submission_timestamp'], null);
        assert.equal((await wholeRowOf('A1'))['unanswered_json_payload'], null);
      });

      it('marks a child that it refused, keeps the reason, and remembers what was refused', async () => {
        const reason = JSON.stringify(['UPN “ŵ” is not valid', 'x'.repeat(5000)]);
        await table.settle(firstRun, [refused(child, reason)]);
        assert.deepEqual(await children(), [
          staged({ ...child, status: 'Error' }, { refusedHash: child.hash }),
          unanswered(other),
        ]);
        assert.equal((await columnsOf('A1'))['api_response'], reason);
      });

      it('keeps the doubt about a child that it refused while it may hold an earlier try', async () => {
        await table.settle(firstRun, [refused(child, 'no', true)]);
        assert.deepEqual(
          (await children())[0],
          unanswered(child, { status: 'Error', refusedHash: child.hash }),
        );
      });

      it('has no doubt about what was certainly not taken, and a child that waits as before', async () => {
        await table.settle(firstRun, [notTaken(child)]);
        assert.deepEqual(await children(), [unanswered(child, { mayHold: [] }), unanswered(other)]);
        const columns = await columnsOf('A1');
        assert.equal(columns['api_response'], null);
        assert.equal(columns['submission_timestamp'], null);
        assert.deepEqual(
          await claim(firstRun, child),
          new Map([['A1', { inDoubt: false, staysInDoubt: false }]]),
          'and it can be sent again',
        );
      });

      it('keeps a receipt of 1,000 characters whole', async () => {
        const receipt = 'r'.repeat(1000);
        await table.settle(firstRun, [accepted(child, receipt)]);
        assert.equal((await columnsOf('A1'))['api_response'], receipt);
      });

      it('settles every child, whatever text of DfE a record of an earlier version holds', async () => {
        const text = `a\0b\ud800${'c'.repeat(20_000)}`;
        await table.settle(firstRun, [accepted(child, text), refused(other, text)]);
        const kept = `a\ufffdb\ufffd${'c'.repeat(9_996)}`;
        assert.equal((await columnsOf('A1'))['api_response'], kept);
        assert.equal((await columnsOf('B2'))['api_response'], kept);
        assert.deepEqual(await children(), [
          inStep(child),
          staged({ ...other, status: 'Error' }, { refusedHash: other.hash }),
        ]);
      });

      it('settles accepted, refused and not taken children of one chunk together', async () => {
        const third = aNewChild('C3');
        await table.stage([third]);
        await claim(firstRun, third);
        await table.settle(firstRun, [refused(other), notTaken(third), accepted(child)]);
        assert.deepEqual(await children(), [
          inStep(child),
          staged({ ...other, status: 'Error' }, { refusedHash: other.hash }),
          unanswered(third, { mayHold: [] }),
        ]);
      });

      it('keeps what DfE holds when a later payload is refused', async () => {
        await table.settle(firstRun, [accepted(child)]);
        await table.stage([aChange('A1')]);
        await claim(secondRun, aChange('A1'));
        await table.settle(secondRun, [refused(aChange('A1'))]);
        const [found] = await children();
        assert.deepEqual(
          found,
          staged({ ...aChange('A1'), status: 'Error' }, { ...held(child), refusedHash: aChange('A1').hash }),
        );
      });

      it('keeps what DfE holds when a later payload is not taken', async () => {
        await table.settle(firstRun, [accepted(child)]);
        await table.stage([aChange('A1')]);
        await claim(secondRun, aChange('A1'));
        await table.settle(secondRun, [notTaken(aChange('A1'))]);
        assert.deepEqual((await children())[0], unanswered(aChange('A1'), { ...held(child), mayHold: [] }));
      });

      it('forgets a refusal once a payload is accepted', async () => {
        await table.settle(firstRun, [refused(child)]);
        await table.stage([aChange('A1')]);
        await haveAccepted(secondRun, aChange('A1'));
        assert.deepEqual((await children())[0], inStep(aChange('A1')));
      });

      it('leaves a newer payload outstanding when an older one is accepted, and records what DfE holds', async () => {
        await table.stage([aChange('A1')]);
        await table.settle(firstRun, [accepted(child)]);
        assert.deepEqual(await children(), [staged(aChange('A1'), held(child)), unanswered(other)]);
        assert.equal((await columnsOf('A1'))['json_payload'], aChange('A1').json);
      });

      it('leaves a newer payload outstanding when an older one is refused, and remembers the older one', async () => {
        await table.stage([aChange('A1')]);
        await table.settle(firstRun, [refused(child)]);
        assert.deepEqual(await children(), [
          staged(aChange('A1'), { refusedHash: child.hash }),
          unanswered(other),
        ]);
        assert.equal((await columnsOf('A1'))['json_payload'], aChange('A1').json);
      });

      it('leaves a newer payload outstanding when an older one is not taken', async () => {
        await table.stage([aChange('A1')]);
        await table.settle(firstRun, [notTaken(child)]);
        assert.deepEqual(await children(), [staged(aChange('A1')), unanswered(other)]);
      });

      it('holds nothing of a child whose purge was accepted', async () => {
        await table.settle(firstRun, [accepted(child)]);
        await table.stage([aLeaver('A1')]);
        await claim(secondRun, aLeaver('A1'));
        await table.settle(secondRun, [accepted(aLeaver('A1'), 'receipt-9')]);
        const [found] = await children();
        assert.deepEqual(found, staged({ ...aLeaver('A1'), status: 'Sent' }));
        assert.equal((await columnsOf('A1'))['api_response'], 'receipt-9');
        const row = await wholeRowOf('A1');
        for (const column of [
          'previous_json_payload',
          'previous_hash',
          'acknowledged_hash',
          'unanswered_json_payload',
        ]) {
          assert.equal(row[column], null, column);
        }
      });

      it('may hold nothing any more of a child whose purge was accepted, whatever was never answered', async () => {
        await table.stage([aLeaver('A1')]);
        await haveAccepted(secondRun, aLeaver('A1'));
        assert.deepEqual((await children())[0], staged({ ...aLeaver('A1'), status: 'Sent' }));
      });

      it('keeps a child that came back outstanding when its purge is accepted late', async () => {
        await table.settle(firstRun, [accepted(child)]);
        await table.stage([aLeaver('A1')]);
        await claim(secondRun, aLeaver('A1'));
        await table.stage([aChange('A1')]);
        await table.settle(secondRun, [accepted(aLeaver('A1'))]);
        assert.deepEqual(await children(), [staged(aChange('A1')), unanswered(other)]);
      });

      it('passes over children it does not have', async () => {
        const [missing, another] = [aNewChild('Z9'), aNewChild('Y8')];
        await table.settle(firstRun, [accepted(missing), refused(another), notTaken(aNewChild('X7'))]);
        assert.deepEqual(await children(), [unanswered(child), unanswered(other)]);
      });

      const answers: Readonly<Record<string, (write: StagingWrite) => Settlement>> = {
        'an acceptance': accepted,
        'a refusal': (write) => refused(write),
        'a refusal after a try without an answer': (write) => refused(write, 'no', true),
        'that it was not taken': notTaken,
      };
      for (const [what, answer] of Object.entries(answers)) {
        it(`says the same when ${what} is settled twice`, async () => {
          await table.settle(firstRun, [answer(child)]);
          const once = await wholeRowOf('A1');
          await table.settle(firstRun, [answer(child)]);
          assert.deepEqual(await wholeRowOf('A1'), once);
        });

        it(`says the same when ${what} is settled again after a change was staged`, async () => {
          await table.settle(firstRun, [answer(child)]);
          await table.stage([aChange('A1')]);
          const changed = await wholeRowOf('A1');
          await table.settle(firstRun, [answer(child)]);
          assert.deepEqual(await wholeRowOf('A1'), changed);
        });

        it(`hears nothing of ${what} that comes after a later run has sent the child`, async () => {
          await table.stage([aChange('A1')]);
          await claim(secondRun, aChange('A1'));
          const before = await wholeRowOf('A1');
          await table.settle(firstRun, [answer(child)]);
          assert.deepEqual(await wholeRowOf('A1'), before);
        });

        it(`hears nothing of ${what} that comes after a later run has sent just the same again`, async () => {
          await claim(secondRun, child);
          const before = await wholeRowOf('A1');
          await table.settle(firstRun, [answer(child)]);
          assert.deepEqual(await wholeRowOf('A1'), before);
        });

        it(`hears nothing of ${what} that comes after a later run had its own answer`, async () => {
          await table.stage([aChange('A1')]);
          await haveAccepted(thirdRun, aChange('A1'));
          await table.settle(firstRun, [answer(child)]);
          assert.deepEqual((await children())[0], inStep(aChange('A1')));
        });

        it(`hears nothing of ${what} to a run that has not sent the child`, async () => {
          const third = aNewChild('C3');
          await table.stage([third]);
          await table.settle(secondRun, [answer(third), answer(child)]);
          assert.deepEqual(await children(), [unanswered(child), unanswered(other), staged(third)]);
        });
      }

      it('says the same when the acceptance of a purge is settled twice, also after the child came back', async () => {
        await table.stage([aLeaver('A1')]);
        await haveAccepted(secondRun, aLeaver('A1'));
        const once = await wholeRowOf('A1');
        await table.settle(secondRun, [accepted(aLeaver('A1'))]);
        assert.deepEqual(await wholeRowOf('A1'), once);
        await table.stage([child]);
        await table.settle(secondRun, [accepted(aLeaver('A1'))]);
        assert.deepEqual((await children())[0], staged(child));
      });
    });

    describe("on a row of Data to Insight's scripts", () => {
      const first = aPayload('A1');
      const second = aPayload('A1', 'second');
      const theirs = (json: string) => hashOf(`theirs of ${json}`);

      /** Their builder, for a child it did not have. */
      async function build(json: string): Promise<void> {
        await database.query(
          `INSERT INTO ${name} (person_id, legacy_id, json_payload, current_hash, submission_status, row_state)
           VALUES ('A1', 'A1-mis', @json, ${binary[database.engine]('@hash')}, 'Pending', 'New')`,
          { json, hash: theirs(json) },
        );
      }

      /** Their builder, for a child it has: what was staged before goes to the previous columns, sent or not. */
      async function rebuild(json: string): Promise<void> {
        await database.query(
          `UPDATE ${name}
           SET previous_json_payload = json_payload, previous_hash = current_hash,
             json_payload = @json, current_hash = ${binary[database.engine]('@hash')},
             submission_status = 'Pending', row_state = 'Updated'`,
          { json, hash: theirs(json) },
        );
      }

      /** Their sender, once DfE has accepted what was staged. */
      async function markSent(status = 'sent'): Promise<void> {
        await database.query(
          `UPDATE ${name}
           SET previous_json_payload = json_payload, previous_hash = current_hash,
             submission_status = @status, row_state = 'unchanged'`,
          { status },
        );
      }

      async function theRow(): Promise<Pick<StagedChild, 'acknowledged' | 'mayHold'>> {
        const [row] = await children();
        assert.ok(row);
        return { acknowledged: row.acknowledged, mayHold: row.mayHold };
      }

      for (const status of ['sent', 'Sent', 'SENT ']) {
        it(`takes what their sender marked as "${status}" for acknowledged, with a hash that is not ours`, async () => {
          await build(first);
          await markSent(status);
          assert.deepEqual(await theRow(), {
            acknowledged: { json: first, hash: undefined },
            mayHold: [],
          });
        });
      }

      it('knows that DfE holds a child that was sent and then marked as deleted', async () => {
        await build(first);
        await markSent();
        await database.query(`UPDATE ${name} SET row_state = 'Deleted'`);
        assert.deepEqual((await theRow()).acknowledged, { json: first, hash: undefined });
      });

      for (const status of ['Pending', 'error', 'withdrawn', 'something else', null]) {
        it(`does not know whether DfE holds the payload before a change that is "${String(status)}"`, async () => {
          await build(first);
          await rebuild(second);
          await database.query(`UPDATE ${name} SET submission_status = @status`, { status });
          const row = await theRow();
          assert.equal(row.acknowledged, undefined);
          assert.ok(row.mayHold.includes(first));
          assert.equal(await table.countHeld(), 1);
          assert.equal(await table.heldAtDfe('A1'), 'DfE may hold the child');
        });
      }

      for (const status of ['error', 'Sent']) {
        it(`does not know whether DfE holds a first payload that they marked as "${status}" and nothing else, and does not forget it when a night is staged`, async () => {
          await build(first);
          await database.query(`UPDATE ${name} SET submission_status = @status`, { status });
          assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
          assert.equal(await table.countHeld(), 1);
          assert.equal(await table.heldAtDfe('A1'), 'DfE may hold the child');
          assert.equal(await table.removeIfNotHeld('A1'), false);
          await table.stage([aChange('A1', aPayload('A1', 'third'))]);
          assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
        });
      }

      it('does not take a payload for acknowledged because both hashes are the same, while it waits', async () => {
        await build(first);
        await markSent('Pending');
        assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
      });

      it('does not take the payload before for acknowledged where another one is marked as sent', async () => {
        await build(first);
        await rebuild(second);
        await database.query(`UPDATE ${name} SET submission_status = 'sent', row_state = 'unchanged'`);
        const row = await theRow();
        assert.equal(row.acknowledged, undefined);
        assert.ok(row.mayHold.includes(first));
      });

      it('knows what this system acknowledged also after their builder has staged a change', async () => {
        const ours = aNewChild('A1');
        await table.stage([ours]);
        await haveAccepted(firstRun, ours);
        await rebuild(second);
        assert.deepEqual(await theRow(), { ...held(ours), mayHold: [] });
      });

      it('knows what their sender has sent after this system acknowledged something else', async () => {
        await table.stage([aNewChild('A1')]);
        await haveAccepted(firstRun, aNewChild('A1'));
        await rebuild(second);
        await markSent();
        assert.deepEqual(await theRow(), { acknowledged: { json: second, hash: undefined }, mayHold: [] });
      });

      it('names both what was sent and never answered and what may have been sent before', async () => {
        await build(first);
        await rebuild(second);
        const ours = aChange('A1', aPayload('A1', 'third'));
        await table.stage([ours]);
        await claim(firstRun, ours);
        const { acknowledged, mayHold } = await theRow();
        assert.equal(acknowledged, undefined);
        assert.deepEqual(mayHold.toSorted(), [first, sentTextOf(ours)].sort());
        await table.settle(firstRun, [accepted(ours)]);
        assert.deepEqual(await theRow(), { ...held(ours), mayHold: [] });
      });

      it('takes over what DfE is known to hold without sending it again', async () => {
        await build(first);
        await markSent();
        const sameInOurWords: StagingWrite = {
          ...aNewChild('A1', `${first} `),
          rowState: 'Unchanged',
          status: 'Sent',
          isHeld: true,
        };
        await table.stage([sameInOurWords]);
        assert.deepEqual(await children(), [inStep(sameInOurWords)]);
        await table.stage([aChange('A1')]);
        assert.deepEqual(await children(), [staged(aChange('A1'), held(sameInOurWords))]);
      });
    });

    it('counts the children that DfE holds or may hold, once each', async () => {
      const ids = ['A1', 'B2', 'C3', 'D4', 'E5', 'F6'];
      const [inStepChild, changed, waiting, rejected, gone, onlyStaged] = ids.map((id) => aNewChild(id));
      assert.ok(inStepChild && changed && waiting && rejected && gone && onlyStaged);
      assert.equal(await table.countHeld(), 0);
      await table.stage([inStepChild, changed, waiting, rejected, gone, onlyStaged]);
      assert.equal(await table.countHeld(), 0, 'nothing was sent');
      await claim(firstRun, inStepChild, changed, waiting, rejected, gone);
      assert.equal(await table.countHeld(), 5, 'all that was sent is unanswered');
      await table.settle(firstRun, [accepted(inStepChild), accepted(changed), refused(rejected)]);
      await table.stage([aChange('B2'), aLeaver('E5')]);
      await claim(secondRun, aChange('B2'));
      await haveAccepted(secondRun, aLeaver('E5'));
      assert.equal(await table.countHeld(), 3);
    });

    describe('when a row is to be erased', () => {
      const child = aNewChild('A1');
      const other = aNewChild('B2');
      beforeEach(() => table.stage([child, other]));

      /** How the row of the child stands, and what has become of the child until then. */
      const cases: Readonly<Record<string, readonly [standing: string, prepare: () => Promise<void>]>> = {
        'was never sent': ['DfE holds nothing', () => Promise.resolve()],
        'was refused': [
          'DfE holds nothing',
          async () => {
            await claim(firstRun, child);
            await table.settle(firstRun, [refused(child)]);
          },
        ],
        'was certainly not taken': [
          'DfE holds nothing',
          async () => {
            await claim(firstRun, child);
            await table.settle(firstRun, [notTaken(child)]);
          },
        ],
        'was purged': [
          'DfE holds nothing',
          async () => {
            await haveAccepted(firstRun, child);
            await table.stage([aLeaver('A1')]);
            await haveAccepted(secondRun, aLeaver('A1'));
          },
        ],
        'is being sent': [
          'DfE may hold the child',
          async () => {
            await claim(firstRun, child);
          },
        ],
        'was refused after a try without an answer': [
          'DfE may hold the child',
          async () => {
            await claim(firstRun, child);
            await table.settle(firstRun, [refused(child, 'no', true)]);
          },
        ],
        'was accepted': ['DfE holds the child', () => haveAccepted(firstRun, child)],
        'was accepted, and its purge is unanswered': [
          'DfE holds the child',
          async () => {
            await haveAccepted(firstRun, child);
            await table.stage([aLeaver('A1')]);
            await claim(secondRun, aLeaver('A1'));
          },
        ],
      };
      for (const [what, [standing, prepare]] of Object.entries(cases)) {
        const goes = standing === 'DfE holds nothing';
        it(`${goes ? 'removes' : 'keeps'} the row of a child that ${what}: ${standing}`, async () => {
          await prepare();
          const before = await wholeRowOf('A1');
          assert.equal(await table.heldAtDfe('A1'), standing);
          assert.equal(await table.removeIfNotHeld('A1'), goes);
          assert.equal(await table.heldAtDfe('A1'), goes ? 'no row' : standing);
          if (!goes) assert.deepEqual(await wholeRowOf('A1'), before);
          assert.ok(
            (await children()).some(({ personId }) => personId === 'B2'),
            'and no other row',
          );
        });
      }

      it('has nothing to remove of a child it does not have', async () => {
        assert.equal(await table.heldAtDfe('Z9'), 'no row');
        assert.equal(await table.removeIfNotHeld('Z9'), true);
        assert.equal((await children()).length, 2);
      });

      it('does not let a child go any more whose row was removed before its run came to it', async () => {
        await table.removeIfNotHeld('A1');
        assert.deepEqual(await claim(firstRun, child), new Map());
        assert.deepEqual(await children(), [staged(other)]);
      });
    });

    describe('on a migration', () => {
      /** As Data to Insight's sender leaves a child that DfE has accepted. */
      async function addRow(target: string, personId: string, json: string): Promise<void> {
        const hash = binary[database.engine]('@hash');
        await database.query(
          `INSERT INTO ${target} (person_id, legacy_id, json_payload, previous_json_payload, partial_json_payload,
             current_hash, previous_hash, submission_status, row_state)
           VALUES (@personId, @personId, @json, @json, '{}', ${hash}, ${hash}, 'sent', 'unchanged')`,
          { personId, json, hash: hashOf(`theirs of ${json}`) },
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
          `SELECT id, person_id, legacy_id, previous_json_payload, json_payload, partial_json_payload,
             current_hash, previous_hash, submission_status, submission_timestamp, api_response, row_state, last_updated
           FROM ${target} ORDER BY id`,
        );
      }

      it('may be migrated again and again, its rows untouched', async () => {
        await table.stage([aNewChild('A1'), aNewChild('B2')]);
        await haveAccepted(firstRun, aNewChild('A1'));
        await claim(firstRun, aNewChild('B2'));
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
        const { rows } = await database.queryTogether({
          rows: await takenOver.selectOf(everyone, usualIdOrder[engine.engine]),
        });
        const [first] = rows.map(stagedChildOf).toSorted(byId);
        assert.deepEqual(first, {
          personId: 'A1',
          legacyId: 'A1',
          rowState: 'Unchanged',
          status: 'Sent',
          currentHash: hashOf('theirs of {"la_child_id":"A1","name":"Siân"}'),
          acknowledged: { json: '{"la_child_id":"A1","name":"Siân"}', hash: undefined },
          mayHold: [],
          refusedHash: undefined,
        });
        assert.equal(await takenOver.countHeld(), 2);
        await takenOver.stage([aChange('A1'), aNewChild('C3')]);
        const claimed = await takenOver.claim(runOf(firstRun), claimId, [
          claimOf(aChange('A1')),
          claimOf(aNewChild('C3')),
        ]);
        assert.deepEqual([...claimed.keys()].sort(), ['A1', 'C3']);
        await takenOver.settle(firstRun, [accepted(aChange('A1')), accepted(aNewChild('C3'))]);
        assert.equal(await takenOver.countHeld(), 3);
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

interface Statement {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Every statement the staging table has, as it would be given to an engine that is not there. */
async function statementsFor(engine: Engine): Promise<Statement[]> {
  const statements: Statement[] = [];
  const query = (sql: string, parameters: Parameters = {}): Promise<Row[]> => {
    statements.push({ sql, parameters });
    return Promise.resolve(sql.includes('COUNT(*)') ? [{ children: 0 }] : []);
  };
  const table = new StagingTable(
    {
      engine,
      query,
      queryTogether: () => Promise.reject(new Error('not asked')),
      transaction: (work) => work({ query }),
      close: () => Promise.resolve(),
    },
    'dbo.ssd_api_data_staging',
  );
  const child = aNewChild('A1');
  await table.stage([child]);
  await table.claim(runOf(firstRun), claimId, [claimOf(child)]);
  await table.settle(firstRun, [accepted(child), refused(child), notTaken(child)]);
  await table.countHeld();
  await table.heldAtDfe('A1');
  await table.removeIfNotHeld('A1');
  const ranges = [everyone, { after: 'A', upTo: null }, { after: 'A', upTo: 'B' }];
  for (const range of ranges) {
    const { after: from, upTo } = range;
    statements.push({
      sql: await table.selectOf(range, usualIdOrder[engine]),
      parameters: { ...(from === null ? {} : { after: from }), ...(upTo === null ? {} : { upTo }) },
    });
  }
  return statements;
}

/** What only the other engine understands, and a text that both share must not hold. */
const foreignWords: Readonly<Record<Engine, RegExp>> = {
  sqlserver:
    /\b(?:encode|decode|now|json_to_recordset|FOR UPDATE|LIMIT|ILIKE|RETURNING|TIME ZONE)\b|::|\|\|/i,
  postgres: /\b(?:CONVERT|SYSUTCDATETIME|GETDATE|OPENJSON|TOP|ISNULL|UPDLOCK|OUTPUT|nvarchar)\b|\[/i,
};

for (const engine of ['sqlserver', 'postgres'] as const) {
  describe(`the statements of the staging table in the words of ${engine}`, () => {
    it('are given a value for every parameter they name, and no other', async () => {
      for (const { sql, parameters } of await statementsFor(engine)) {
        const named = new Set(Array.from(sql.matchAll(/@(\w+)/g), ([, parameter]) => parameter));
        assert.deepEqual([...named].sort(), Object.keys(parameters).sort(), sql);
      }
    });

    it('hold no word that only the other engine understands', async () => {
      for (const { sql } of await statementsFor(engine)) assert.doesNotMatch(sql, foreignWords[engine]);
    });

    it('do without MERGE, which on SQL Server can fail or act twice when two writers meet', async () => {
      for (const { sql } of await statementsFor(engine)) assert.doesNotMatch(sql, /\bMERGE\b/i);
    });
  });
}
