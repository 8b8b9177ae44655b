import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';
import {
  aChange,
  aNewChild,
  aPayload,
  accepted,
  firstRun,
  hashOf,
  held,
  inStep,
  sentTextOf,
  staged,
} from './children.js';
import { binary, describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('rows of Data to Insight’s scripts', (staging) => {
  const { children, claim, haveAccepted, settle, stage } = staging;

  const first = aPayload('A1');
  const second = aPayload('A1', 'second');
  const theirs = (json: string) => hashOf(`theirs of ${json}`);

  /** Their builder, for a child it did not have. */
  async function build(json: string): Promise<void> {
    await staging.database.query(
      `INSERT INTO ${staging.name} (person_id, legacy_id, json_payload, current_hash, submission_status, row_state)
           VALUES ('A1', 'A1-mis', @json, ${binary[staging.engine]('@hash')}, 'Pending', 'New')`,
      { json, hash: theirs(json) },
    );
  }

  /** Their builder, for a child it has: what was staged before goes to the previous columns, sent or not. */
  async function rebuild(json: string): Promise<void> {
    await staging.database.query(
      `UPDATE ${staging.name}
           SET previous_json_payload = json_payload, previous_hash = current_hash,
             json_payload = @json, current_hash = ${binary[staging.engine]('@hash')},
             submission_status = 'Pending', row_state = 'Updated'`,
      { json, hash: theirs(json) },
    );
  }

  /** Their sender, once DfE has accepted what was staged. */
  async function markSent(status = 'sent'): Promise<void> {
    await staging.database.query(
      `UPDATE ${staging.name}
           SET previous_json_payload = json_payload, previous_hash = current_hash,
             submission_status = @status, row_state = 'unchanged'`,
      { status },
    );
  }

  async function setStatus(status: string | null): Promise<void> {
    await staging.database.query(`UPDATE ${staging.name} SET submission_status = @status`, { status });
  }

  async function theRow(): Promise<Pick<StagedChild, 'acknowledged' | 'mayHold'>> {
    const [row] = await children();
    assert.ok(row);
    return { acknowledged: row.acknowledged, mayHold: row.mayHold };
  }

  for (const status of ['sent', 'Sent', 'SENT ']) {
    it(`What their sender marked as "${status}" counts as acknowledged, with a hash that is not ours`, async () => {
      await build(first);
      await markSent(status);
      assert.deepEqual(await theRow(), {
        acknowledged: { json: first, hash: undefined },
        mayHold: [],
      });
    });
  }

  it('A child that was sent and then marked as deleted is held by DfE', async () => {
    await build(first);
    await markSent();
    await staging.database.query(`UPDATE ${staging.name} SET row_state = 'Deleted'`);
    assert.deepEqual((await theRow()).acknowledged, { json: first, hash: undefined });
  });

  for (const status of ['Pending', 'error', 'withdrawn', 'something else', null]) {
    it(`DfE may hold the payload before a change that is "${String(status)}"`, async () => {
      await build(first);
      await rebuild(second);
      await setStatus(status);
      const row = await theRow();
      assert.equal(row.acknowledged, undefined);
      assert.ok(row.mayHold.includes(first));
      assert.equal(await staging.table.countHeld(), 1);
      assert.equal(await staging.table.heldAtDfe('A1'), 'DfE may hold the child');
    });
  }

  for (const status of ['error', 'Sent']) {
    it(`DfE may hold a first payload that is only marked as "${status}", also after a change was staged`, async () => {
      await build(first);
      await setStatus(status);
      assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
      assert.equal(await staging.table.countHeld(), 1);
      assert.equal(await staging.table.heldAtDfe('A1'), 'DfE may hold the child');
      assert.equal(await staging.table.removeIfNotHeld('A1'), false);
      await stage(aChange('A1', aPayload('A1', 'third')));
      assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
    });
  }

  it('A payload that waits is not acknowledged only because both hashes are the same', async () => {
    await build(first);
    await markSent('Pending');
    assert.deepEqual(await theRow(), { acknowledged: undefined, mayHold: [first] });
  });

  it('The payload before is not acknowledged where another one is marked as sent', async () => {
    await build(first);
    await rebuild(second);
    await staging.database.query(
      `UPDATE ${staging.name} SET submission_status = 'sent', row_state = 'unchanged'`,
    );
    const row = await theRow();
    assert.equal(row.acknowledged, undefined);
    assert.ok(row.mayHold.includes(first));
  });

  it('What was acknowledged to this system is known also after their builder has staged a change', async () => {
    const ours = aNewChild('A1');
    await stage(ours);
    await haveAccepted(firstRun, ours);
    await rebuild(second);
    assert.deepEqual(await theRow(), { ...held(ours), mayHold: [] });
  });

  it('What their sender has sent is known also after something else was acknowledged to this system', async () => {
    await stage(aNewChild('A1'));
    await haveAccepted(firstRun, aNewChild('A1'));
    await rebuild(second);
    await markSent();
    assert.deepEqual(await theRow(), { acknowledged: { json: second, hash: undefined }, mayHold: [] });
  });

  it('What was sent and never answered and what may have been sent before are both named', async () => {
    await build(first);
    await rebuild(second);
    const ours = aChange('A1', aPayload('A1', 'third'));
    await stage(ours);
    await claim(firstRun, ours);
    const { acknowledged, mayHold } = await theRow();
    assert.equal(acknowledged, undefined);
    assert.deepEqual(mayHold.toSorted(), [first, sentTextOf(ours)].sort());
    await settle(firstRun, accepted(ours));
    assert.deepEqual(await theRow(), { ...held(ours), mayHold: [] });
  });

  it('What DfE is known to hold is taken over without being sent again', async () => {
    await build(first);
    await markSent();
    const sameInOurWords: StagingWrite = {
      ...aNewChild('A1', `${first} `),
      rowState: 'Unchanged',
      status: 'Sent',
      isHeld: true,
    };
    await stage(sameInOurWords);
    assert.deepEqual(await children(), [inStep(sameInOurWords)]);
    await stage(aChange('A1'));
    assert.deepEqual(await children(), [staged(aChange('A1'), held(sameInOurWords))]);
  });
});
