import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { counted } from '../database/countedDatabase.js';
import {
  aChange,
  aLeaver,
  aNewChild,
  aPayload,
  accepted,
  claimId,
  claimOf,
  firstRun,
  hashOf,
  held,
  inStep,
  refused,
  runOf,
  secondRun,
  sentTextOf,
  staged,
  unanswered,
} from './children.js';
import { describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('staging children', (staging) => {
  const { children, claim, columnsOf, haveAccepted, settle, stage } = staging;

  it('What was staged is read back as it was', async () => {
    const writes = [aNewChild('A1'), { ...aNewChild('B2'), legacyId: undefined }];
    await stage(...writes);
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

  it('Staging writes over the children that are there, adds the others and leaves the rest alone', async () => {
    await stage(aNewChild('A1'), aNewChild('B2'));
    await stage(aChange('A1'), aNewChild('C3'));
    assert.deepEqual(await children(), [
      staged(aChange('A1')),
      staged(aNewChild('B2')),
      staged(aNewChild('C3')),
    ]);
  });

  it('Staging a child twice says the same as staging it once', async () => {
    await stage(aNewChild('A1'));
    await stage(aNewChild('A1'));
    assert.deepEqual(await children(), [staged(aNewChild('A1'))]);
  });

  it('Staging no children asks the database nothing', async () => {
    const watched = counted(staging.database);
    await new StagingTable(watched, staging.name).stage([]);
    assert.equal(watched.roundTrips + watched.transactions, 0);
  });

  it('A staged change or leaver keeps what DfE holds of the child', async () => {
    const [first, second] = [aNewChild('A1'), aNewChild('B2')];
    await stage(first, second);
    await haveAccepted(firstRun, first, second);
    await stage(aChange('A1'), aLeaver('B2'));
    assert.deepEqual(await children(), [
      staged(aChange('A1'), held(first)),
      staged(aLeaver('B2'), held(second)),
    ]);
  });

  it('A staged change or leaver keeps what DfE may hold, and which run sent it', async () => {
    const [first, second] = [aNewChild('A1'), aNewChild('B2')];
    await stage(first, second);
    await claim(secondRun, first, second);
    await stage(aChange('A1'), aLeaver('B2'));
    assert.deepEqual(await children(), [
      staged(aChange('A1'), { mayHold: [sentTextOf(first)] }),
      staged(aLeaver('B2'), { mayHold: [sentTextOf(second)] }),
    ]);
    assert.deepEqual(await claim(firstRun, aChange('A1'), aLeaver('B2')), new Map());
  });

  it('A staged change keeps what DfE refused, so that a child that changes back is recognised', async () => {
    const first = aNewChild('A1');
    await stage(first);
    await claim(firstRun, first);
    await settle(firstRun, refused(first));
    await stage(aChange('A1'));
    assert.deepEqual(await children(), [staged(aChange('A1'), { refusedHash: first.hash })]);
  });

  it("A staged change clears the partial payload of Data to Insight's sender, which belongs to the payload before", async () => {
    await stage(aNewChild('A1'));
    await staging.database.query(`UPDATE ${staging.name} SET partial_json_payload = '{"part":1}'`);
    await stage(aChange('A1'));
    assert.equal((await columnsOf('A1'))['partial_json_payload'], null);
  });

  for (const [what, tooLong] of [
    ['an id', { ...aNewChild('B2'), personId: 'X'.repeat(21) }],
    ['an id that is far too long', { ...aNewChild('B2'), personId: 'X'.repeat(60) }],
    ['a legacy id', { ...aNewChild('B2'), legacyId: 'X'.repeat(37) }],
    ['a legacy id of a child it has', { ...aChange('A1'), legacyId: 'X'.repeat(60) }],
  ] as const) {
    it(`Nothing at all is staged when ${what} is too long`, async () => {
      await stage(aNewChild('A1'));
      await assert.rejects(stage(aChange('A1'), tooLong, aNewChild('C3')), (error) => {
        assert.ok(error instanceof Error);
        assert.doesNotMatch(error.message, /XXX/, 'an error quotes no value');
        return true;
      });
      assert.deepEqual(await children(), [staged(aNewChild('A1'))]);
    });
  }

  it('The table refuses a second row of a person, so that two runs cannot make one', async () => {
    await stage(aNewChild('A1'));
    await assert.rejects(
      staging.database.query(`INSERT INTO ${staging.name} (person_id, json_payload) VALUES ('A1', '{}')`),
    );
    assert.equal((await children()).length, 1);
  });

  it('Names in every script are kept byte for byte', async () => {
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
    await stage(...writes);
    await claim(firstRun, ...writes);
    assert.deepEqual(
      await children(),
      writes.map((write) => unanswered(write)),
    );
    await settle(firstRun, ...writes.map((write) => accepted(write)));
    assert.deepEqual(await children(), writes.map(inStep));
    for (const { acknowledged } of await children()) {
      assert.equal(acknowledged?.hash, hashOf(acknowledged?.json ?? ''));
    }
    for (const { personId, json } of writes) {
      assert.equal((await columnsOf(personId))['json_payload'], json);
    }
  });

  it('500 children of 20 KB are staged, claimed and settled by a few statements in one transaction each', async () => {
    const writes = Array.from({ length: 500 }, (_, at) =>
      aNewChild(`C${1000 + at}`, JSON.stringify({ at, text: 'ŵ'.repeat(10 * 1024) })),
    );
    const watched = counted(staging.database);
    const watchedTable = new StagingTable(watched, staging.name);
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
    assert.equal(await staging.table.countHeld(), 250);
    assert.deepEqual(
      found.filter(({ acknowledged }) => acknowledged !== undefined).map(({ acknowledged }) => acknowledged),
      writes.filter((_, at) => at % 2 === 0).map(({ json, hash }) => ({ json, hash })),
    );
  });

  it('A range gives its children, and the first and the last range are open', async () => {
    const ids = ['A1', 'A2', 'B1', 'B2', 'C1'];
    await stage(...ids.map((id) => aNewChild(id)));
    const idsIn = async (after: string | null, upTo: string | null) =>
      (await children({ after, upTo })).map(({ personId }) => personId);
    assert.deepEqual(await idsIn(null, 'A2'), ['A1', 'A2']);
    assert.deepEqual(await idsIn('A2', 'B2'), ['B1', 'B2']);
    assert.deepEqual(await idsIn('B2', null), ['C1']);
    assert.deepEqual(await idsIn(null, null), ids);
    assert.deepEqual(await idsIn('D', null), []);
  });

  it("States are understood in any case, as Data to Insight's senders write them", async () => {
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
      await staging.database.query(
        `INSERT INTO ${staging.name} (person_id, json_payload, submission_status, row_state)
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
});
