import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import type { Settlement } from '../../shared/staging/settlement.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';
import {
  aChange,
  aLeaver,
  aNewChild,
  accepted,
  firstRun,
  held,
  inStep,
  notTaken,
  refused,
  secondRun,
  staged,
  thirdRun,
  unanswered,
} from './children.js';
import { describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('settling what DfE answered', (staging) => {
  const { children, claim, columnsOf, haveAccepted, settle, stage, wholeRowOf } = staging;

  const child = aNewChild('A1');
  const other = aNewChild('B2');
  beforeEach(async () => {
    await stage(child, other);
    await claim(firstRun, child, other);
  });

  it('An accepted child is recorded as what DfE holds, with the receipt, and is no longer in doubt', async () => {
    await settle(firstRun, accepted(child, 'receipt-7'));
    assert.deepEqual(await children(), [inStep(child), unanswered(other)]);
    const columns = await columnsOf('A1');
    assert.equal(columns['api_response'], 'receipt-7');
    assert.equal(columns['json_payload'], child.json);
    assert.notEqual(columns['submission_timestamp'], null);
    assert.equal(columns['unanswered_json_payload'], null);
  });

  it('A refused child is marked, with the reason and with what was refused', async () => {
    const reason = JSON.stringify(['UPN “ŵ” is not valid', 'x'.repeat(5000)]);
    await settle(firstRun, refused(child, reason));
    assert.deepEqual(await children(), [
      staged({ ...child, status: 'Error' }, { refusedHash: child.hash }),
      unanswered(other),
    ]);
    assert.equal((await columnsOf('A1'))['api_response'], reason);
  });

  it('A refused child stays in doubt while DfE may hold an earlier try', async () => {
    await settle(firstRun, refused(child, 'no', true));
    assert.deepEqual((await children())[0], unanswered(child, { status: 'Error', refusedHash: child.hash }));
  });

  it('A child that was certainly not taken is not in doubt, and waits as before', async () => {
    await settle(firstRun, notTaken(child));
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

  it('A receipt of 1,000 characters is kept whole', async () => {
    const receipt = 'r'.repeat(1000);
    await settle(firstRun, accepted(child, receipt));
    assert.equal((await columnsOf('A1'))['api_response'], receipt);
  });

  it('Every child is settled, whatever text of DfE a record of an earlier version holds', async () => {
    const text = `a\0b\ud800${'c'.repeat(20_000)}`;
    await settle(firstRun, accepted(child, text), refused(other, text));
    const kept = `a\ufffdb\ufffd${'c'.repeat(9_996)}`;
    assert.equal((await columnsOf('A1'))['api_response'], kept);
    assert.equal((await columnsOf('B2'))['api_response'], kept);
    assert.deepEqual(await children(), [
      inStep(child),
      staged({ ...other, status: 'Error' }, { refusedHash: other.hash }),
    ]);
  });

  it('Accepted, refused and not taken children of one chunk are settled together', async () => {
    const third = aNewChild('C3');
    await stage(third);
    await claim(firstRun, third);
    await settle(firstRun, refused(other), notTaken(third), accepted(child));
    assert.deepEqual(await children(), [
      inStep(child),
      staged({ ...other, status: 'Error' }, { refusedHash: other.hash }),
      unanswered(third, { mayHold: [] }),
    ]);
  });

  const change = aChange('A1');
  for (const [what, answer, row] of [
    ['refused', refused(change), staged({ ...change, status: 'Error' }, { refusedHash: change.hash })],
    ['not taken', notTaken(change), unanswered(change, { mayHold: [] })],
  ] as const) {
    it(`What DfE holds is kept when a later payload is ${what}`, async () => {
      await settle(firstRun, accepted(child));
      await stage(change);
      await claim(secondRun, change);
      await settle(secondRun, answer);
      assert.deepEqual((await children())[0], { ...row, ...held(child) });
    });
  }

  it('A refusal is forgotten once a payload is accepted', async () => {
    await settle(firstRun, refused(child));
    await stage(change);
    await haveAccepted(secondRun, change);
    assert.deepEqual((await children())[0], inStep(change));
  });

  for (const [what, answer, more] of [
    ['accepted, and what DfE holds is recorded', accepted(child), held(child)],
    ['refused, and the older one is remembered', refused(child), { refusedHash: child.hash }],
    ['not taken', notTaken(child), {}],
  ] as const) {
    it(`A newer payload stays outstanding when an older one is ${what}`, async () => {
      await stage(change);
      await settle(firstRun, answer);
      assert.deepEqual(await children(), [staged(change, more), unanswered(other)]);
      assert.equal((await columnsOf('A1'))['json_payload'], change.json);
    });
  }

  it('DfE holds nothing of a child whose purge it accepted', async () => {
    await settle(firstRun, accepted(child));
    await stage(aLeaver('A1'));
    await claim(secondRun, aLeaver('A1'));
    await settle(secondRun, accepted(aLeaver('A1'), 'receipt-9'));
    assert.deepEqual((await children())[0], staged({ ...aLeaver('A1'), status: 'Sent' }));
    const row = await columnsOf('A1');
    assert.equal(row['api_response'], 'receipt-9');
    for (const column of [
      'previous_json_payload',
      'previous_hash',
      'acknowledged_hash',
      'unanswered_json_payload',
    ]) {
      assert.equal(row[column], null, column);
    }
  });

  it('DfE can no longer hold anything of a child whose purge it accepted, whatever was never answered', async () => {
    await stage(aLeaver('A1'));
    await haveAccepted(secondRun, aLeaver('A1'));
    assert.deepEqual((await children())[0], staged({ ...aLeaver('A1'), status: 'Sent' }));
  });

  it('A child that came back stays outstanding when its purge is accepted late', async () => {
    await settle(firstRun, accepted(child));
    await stage(aLeaver('A1'));
    await claim(secondRun, aLeaver('A1'));
    await stage(change);
    await settle(secondRun, accepted(aLeaver('A1')));
    assert.deepEqual(await children(), [staged(change), unanswered(other)]);
  });

  it('Children that the table does not have are passed over', async () => {
    const [missing, another] = [aNewChild('Z9'), aNewChild('Y8')];
    await settle(firstRun, accepted(missing), refused(another), notTaken(aNewChild('X7')));
    assert.deepEqual(await children(), [unanswered(child), unanswered(other)]);
  });

  const answers: Readonly<Record<string, (write: StagingWrite) => Settlement>> = {
    'an acceptance': accepted,
    'a refusal': (write) => refused(write),
    'a refusal after a try without an answer': (write) => refused(write, 'no', true),
    'an answer that it was not taken': notTaken,
  };
  for (const [what, answer] of Object.entries(answers)) {
    it(`Settling ${what} twice says the same as settling it once`, async () => {
      await settle(firstRun, answer(child));
      const once = await wholeRowOf('A1');
      await settle(firstRun, answer(child));
      assert.deepEqual(await wholeRowOf('A1'), once);
    });

    it(`Settling ${what} again after a change was staged changes nothing`, async () => {
      await settle(firstRun, answer(child));
      await stage(change);
      const changed = await wholeRowOf('A1');
      await settle(firstRun, answer(child));
      assert.deepEqual(await wholeRowOf('A1'), changed);
    });

    for (const [later, sends] of [
      ['has sent the child', () => stage(change).then(() => claim(secondRun, change))],
      ['has sent the same payload again', () => claim(secondRun, child)],
    ] as const) {
      it(`Nothing is settled by ${what} that comes after a later run ${later}`, async () => {
        await sends();
        const before = await wholeRowOf('A1');
        await settle(firstRun, answer(child));
        assert.deepEqual(await wholeRowOf('A1'), before);
      });
    }

    it(`Nothing is settled by ${what} that comes after a later run had its own answer`, async () => {
      await stage(change);
      await haveAccepted(thirdRun, change);
      await settle(firstRun, answer(child));
      assert.deepEqual((await children())[0], inStep(change));
    });

    it(`Nothing is settled by ${what} to a run that has not sent the child`, async () => {
      const third = aNewChild('C3');
      await stage(third);
      await settle(secondRun, answer(third), answer(child));
      assert.deepEqual(await children(), [unanswered(child), unanswered(other), staged(third)]);
    });
  }

  it('Settling the acceptance of a purge twice says the same as settling it once, also after the child came back', async () => {
    await stage(aLeaver('A1'));
    await haveAccepted(secondRun, aLeaver('A1'));
    const once = await wholeRowOf('A1');
    await settle(secondRun, accepted(aLeaver('A1')));
    assert.deepEqual(await wholeRowOf('A1'), once);
    await stage(child);
    await settle(secondRun, accepted(aLeaver('A1')));
    assert.deepEqual((await children())[0], staged(child));
  });
});

describeStagingTable('the rows of children who have left', (staging) => {
  const { children, columnsOf, haveAccepted, settle, stage, claim } = staging;
  const daysLater = (personId: string, days: number) =>
    staging.database.query(
      staging.engine === 'postgres'
        ? `UPDATE ${staging.name} SET last_updated = last_updated - CAST(@days AS int) * INTERVAL '1 day' WHERE person_id = @personId`
        : `UPDATE ${staging.name} SET last_updated = DATEADD(day, -CAST(@days AS int), last_updated) WHERE person_id = @personId`,
      { personId, days },
    );

  it('are removed when they are old enough, and DfE holds nothing and can hold nothing of the child', async () => {
    const [gone, recent, unsettled, refusedPurge, present, never] = ['A1', 'B2', 'C3', 'D4', 'E5', 'F6'].map(
      (id) => aNewChild(id),
    );
    assert.ok(gone && recent && unsettled && refusedPurge && present && never);
    const sent = [gone, recent, unsettled, refusedPurge, present];
    await stage(...sent, never);
    await haveAccepted(firstRun, ...sent);
    const leavers = [gone, recent, unsettled, refusedPurge].map(({ personId }) => aLeaver(personId));
    const [left, leftLately, leftUnsettled, leftRefused] = leavers;
    assert.ok(left && leftLately && leftUnsettled && leftRefused);
    await stage(...leavers, { ...aLeaver('F6'), status: 'Withdrawn' });
    await claim(secondRun, ...leavers);
    await settle(secondRun, accepted(left), accepted(leftLately), refused(leftRefused));
    for (const { personId } of [...sent, never]) {
      await daysLater(personId, personId === 'B2' ? 364 : 366);
    }
    await staging.table.removeLeavers(365);
    assert.deepEqual(
      (await children()).map(({ personId }) => personId),
      ['B2', 'C3', 'D4', 'E5'],
    );
    assert.notEqual((await columnsOf('E5'))['previous_json_payload'], null);
  });
});
