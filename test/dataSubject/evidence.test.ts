import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { evidence, evidenceSchema } from '../../shared/dataSubject/evidence.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { compatibilityOf } from '../../shared/ssd/compatibility.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { aWorld } from '../runs/world.js';
import { agreedTerms } from '../settings/someTerms.js';

const world = aWorld();
beforeEach(() => world.fresh());

const about = {
  laCode: '999',
  version: '0.4.0',
  collectionYear: '2026-27',
  profile: 'systemc',
  inclusionSets: ['referral'],
  checkedAgainst: compatibilityOf(builtInProfile('systemc')),
};

describe('the evidence file', () => {
  test('says nothing about any one child, and is made while the database cannot be reached', async () => {
    const dependencies = world.dependencies('first', { terms: agreedTerms });
    const runId = await world.run(dependencies);
    const countByState = () => Promise.reject(new Error('no database'));
    const made = await evidence({ ...dependencies, about, countByState }, noDeadline);
    assert.deepEqual(evidenceSchema.parse(made), made);
    assert.equal(made.childrenByState, null);
    assert.deepEqual(
      made.runs.map((run) => [run.runId, run.terms?.agreement?.reference]),
      [[runId, 'DSA-2026-014']],
    );
    assert.ok(made.disclosures && made.disclosures.first <= made.disclosures.last);
    const text = JSON.stringify(made);
    const rows = await world.stagingRows();
    assert.ok(rows.length > 5);
    for (const { person_id: id } of rows) assert.ok(!text.includes(String(id)), 'an id of a child');
  });

  test('says that nothing is sent before the date of the agreement, whatever date a run reports on', async () => {
    const agreement = agreedTerms.agreement && { ...agreedTerms.agreement, date: plainDate('2999-01-01') };
    const dependencies = world.dependencies('first', {
      terms: { ...agreedTerms, agreement },
      today: () => plainDate('2999-12-31'),
    });
    const made = await evidence(
      { ...dependencies, about, countByState: () => Promise.resolve(new Map()) },
      noDeadline,
    );
    assert.match(made.nothingIsSentBecause ?? '', /dated 2999-01-01/);
    assert.equal(made.disclosures, null);
  });
});
