import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { counted } from '../database/countedDatabase.js';
import {
  aChange,
  aLeaver,
  aNewChild,
  accepted,
  claimId,
  claimOf,
  firstRun,
  held,
  inStep,
  notTaken,
  refused,
  runOf,
  secondRun,
  sentTextOf,
  staged,
  unanswered,
} from './children.js';
import { describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('claiming children before they are sent', (staging) => {
  const { children, claim, columnsOf, haveAccepted, settle, stage, wholeRowOf } = staging;

  const child = aNewChild('A1');
  const other = aNewChild('B2');
  const noDoubt = { inDoubt: false, staysInDoubt: false };
  beforeEach(() => stage(child, other));

  it('A claim records that DfE may hold what is sent, and leaves the other children alone', async () => {
    const claimed = await claim(firstRun, child);
    assert.deepEqual(claimed, new Map([['A1', noDoubt]]));
    assert.deepEqual(await children(), [unanswered(child), staged(other)]);
    assert.equal((await wholeRowOf('A1'))['sent_run_id'], firstRun);
    assert.equal((await wholeRowOf('B2'))['sent_run_id'], null);
    assert.equal((await columnsOf('A1'))['json_payload'], child.json);
  });

  it('A claim keeps what DfE has acknowledged', async () => {
    await haveAccepted(firstRun, child);
    await stage(aChange('A1'));
    await claim(secondRun, aChange('A1'));
    assert.deepEqual((await children())[0], unanswered(aChange('A1'), held(child)));
  });

  it('A child that has changed since is not claimed, and its row stays as it is', async () => {
    await stage(aChange('A1'));
    const before = await wholeRowOf('A1');
    assert.deepEqual(await claim(firstRun, child, other), new Map([['B2', noDoubt]]));
    assert.deepEqual(await wholeRowOf('A1'), before);
  });

  it('A child that the table does not have is not claimed', async () => {
    assert.deepEqual(await claim(firstRun, aNewChild('Z9')), new Map());
    assert.deepEqual(await children(), [staged(child), staged(other)]);
  });

  it('A child that a later run has sent is not claimed, and its row stays as it is', async () => {
    await claim(secondRun, child);
    const before = await wholeRowOf('A1');
    assert.deepEqual(
      await staging.table.claim(runOf(firstRun), claimId, [{ ...claimOf(child), sent: 'older' }]),
      new Map(),
    );
    assert.deepEqual(await wholeRowOf('A1'), before);
  });

  it('A child that a later run has sent is not claimed even when DfE has answered that run', async () => {
    await haveAccepted(secondRun, child);
    assert.deepEqual(await claim(firstRun, child), new Map());
    assert.deepEqual((await children())[0], inStep(child));
  });

  it('A child that an earlier run has sent and DfE has answered is claimed without a doubt', async () => {
    await claim(firstRun, child, other);
    await settle(firstRun, accepted(child), refused(other));
    assert.deepEqual([...(await claim(secondRun, child, other)).values()], [noDoubt, noDoubt]);
    assert.equal((await wholeRowOf('A1'))['sent_run_id'], secondRun);
  });

  for (const [who, runId] of [
    ['an earlier run', secondRun],
    ['an earlier attempt of the same run', firstRun],
  ] as const) {
    it(`A claim says of which children DfE may hold what ${who} has sent`, async () => {
      await claim(firstRun, child);
      assert.deepEqual(
        await claim(runId, child, other),
        new Map([
          ['A1', { inDoubt: true, staysInDoubt: false }],
          ['B2', noDoubt],
        ]),
      );
    });
  }

  it('A change is in doubt as long as the payload before it is unanswered', async () => {
    await claim(firstRun, child);
    await stage(aChange('A1'));
    const claimed = await claim(secondRun, aChange('A1'));
    assert.deepEqual(claimed.get('A1'), { inDoubt: true, staysInDoubt: false });
    const [found] = await children();
    const both = [sentTextOf(child), sentTextOf(aChange('A1'))];
    assert.deepEqual(found, unanswered(aChange('A1'), { mayHold: both }));
  });

  it('A purge does not replace what was sent before it and never answered', async () => {
    await claim(firstRun, child);
    await stage(aLeaver('A1'), aLeaver('B2'));
    await claim(secondRun, aLeaver('A1'), aLeaver('B2'));
    assert.deepEqual(await children(), [
      unanswered(aLeaver('A1'), { mayHold: [sentTextOf(child), sentTextOf(aLeaver('A1'))] }),
      unanswered(aLeaver('B2')),
    ]);
  });

  it('A child is claimed once without a doubt, however many attempts of a run come at the same time', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => claim(firstRun, child, other)));
    for (const id of ['A1', 'B2']) {
      const doubts = claims.map((claimed) => claimed.get(id)?.inDoubt);
      assert.deepEqual(doubts.sort(), [false, true, true]);
    }
  });

  it('A child belongs to the later of two runs that claim it at the same time', async () => {
    const [earlier, later] = await Promise.all([claim(firstRun, child), claim(secondRun, child)]);
    assert.equal(later.has('A1'), true);
    assert.equal(later.get('A1')?.inDoubt, earlier.has('A1'), 'it knows whether the other has sent it');
    assert.equal((await wholeRowOf('A1'))['sent_run_id'], secondRun);
  });

  it('A child is found under its id in another case exactly where the database takes the two for one', async () => {
    const keyOf = await staging.table.idKey();
    const isOne = keyOf('a1') === keyOf('A1');
    const claimed = await staging.table.claim(runOf(firstRun), claimId, [
      { ...claimOf(child), personId: 'a1' },
    ]);
    assert.equal(claimed.has('a1'), isOne);
    assert.equal((await wholeRowOf('A1'))['sent_run_id'], isOne ? firstRun : null);
    await settle(firstRun, { ...accepted(child), personId: 'a1' });
    assert.deepEqual((await children())[0], isOne ? inStep(child) : staged(child));
  });

  it('An answer to one attempt leaves the doubt of another attempt alone', async () => {
    for (const answer of [notTaken(child), refused(child)]) {
      await staging.table.claim(runOf(firstRun), 'attempt-1', [claimOf(child)]);
      await staging.table.claim(runOf(firstRun), 'attempt-2', [claimOf(child)]);
      // The first attempt had a clear answer; we cannot tell about the second.
      await settle(firstRun, answer);
      const [row] = await children();
      assert.deepEqual(row?.mayHold, [sentTextOf(child)]);
    }
  });

  it('A claim of no children asks the database nothing', async () => {
    const watched = counted(staging.database);
    assert.equal((await new StagingTable(watched, staging.name).claim(runOf(firstRun), claimId, [])).size, 0);
    assert.equal(watched.roundTrips + watched.transactions, 0);
  });
});
