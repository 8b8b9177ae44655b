import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aChange, aLeaver, aNewChild, aPayload, firstRun, hashOf, refused, secondRun } from './children.js';
import { binary, describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('the states of children', (staging) => {
  const { claim, haveAccepted, settle, stage } = staging;

  const refusal = '400: child_details.postcode: must be a postcode';

  /** One child in each state that this system makes. */
  async function oneOfEach(): Promise<void> {
    const gone = aNewChild('gone');
    const known = ['changed', 'leaver', 'same', 'doubt'].map((personId) => aNewChild(personId));
    await stage(gone, ...known);
    await haveAccepted(firstRun, gone, ...known);
    await stage(aLeaver('gone'));
    await haveAccepted(secondRun, aLeaver('gone'));
    const bad = aNewChild('bad');
    const lost = aNewChild('lost');
    const doubt = aChange('doubt');
    await stage(aNewChild('new'), aChange('changed'), aLeaver('leaver'), bad, lost, doubt);
    await stage({ ...aLeaver('withdrawn'), status: 'Withdrawn' });
    await claim(secondRun, bad, lost, doubt);
    await settle(secondRun, refused(bad, refusal));
    await stage(aChange('doubt', aPayload('doubt', 'third')));
  }

  it('Each child is listed with its state, whether DfE may hold more, and why it was refused', async () => {
    await oneOfEach();
    const found = new Map<string, unknown>();
    for await (const { personId, ...rest } of staging.table.children()) found.set(personId, rest);
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

  it('The children of each state are counted, and all of them', async () => {
    await oneOfEach();
    const counts = await staging.table.countByState();
    assert.equal(counts.get('outstanding: changed'), 2);
    assert.equal(counts.get('refused'), 1);
    assert.equal(
      [...counts.values()].reduce((sum, number) => sum + number, 0),
      9,
    );
  });

  it('More children than fit one range are listed, each once', async () => {
    const many = Array.from({ length: 4_001 }, (_, index) => aNewChild(`C${String(index)}`, '{}'));
    await stage(...many);
    const seen: string[] = [];
    for await (const { personId } of staging.table.children()) seen.push(personId);
    assert.equal(seen.length, many.length);
    assert.equal(new Set(seen).size, many.length);
  });

  it('What Data to Insight has tried counts as unanswered, and what it has sent unchanged as up to date', async () => {
    const hash = binary[staging.engine]('@hash');
    await staging.database.query(
      `INSERT INTO ${staging.name} (person_id, json_payload, current_hash, previous_json_payload, previous_hash, row_state, submission_status)
           VALUES ('sent', '{}', ${hash}, '{}', ${hash}, 'new', 'sent')`,
      { hash: hashOf('{}') },
    );
    await staging.database.query(
      `INSERT INTO ${staging.name} (person_id, json_payload, current_hash, row_state, submission_status)
           VALUES ('tried', '{}', ${hash}, 'new', 'error')`,
      { hash: hashOf('{}') },
    );
    const counts = await staging.table.countByState();
    assert.deepEqual(
      counts,
      new Map([
        ['up to date', 1],
        ['unanswered', 1],
      ]),
    );
  });
});
