import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { printed, type Audit } from './auditor.js';
import { AuditedRuns } from './auditedRun.js';
import { cleanSsd, dirtySsd, secondNight } from './dirty/dirtySsd.js';
import { cmsNames } from './input.js';

/*
 * "Silence is a defect": whole runs, each audited row by row. To look at one: `npm run audit -- --dirty 1 --seed 17`.
 */

/** Off until every row is explained: remove this when the rules of issue 14 are in `shared/child` and `shared/ssd`. */
const notYet = { skip: 'waits for issue 14: rows are still left out in silence' };

const dirty = 200;

function assertClean(name: string, result: Audit): void {
  const faults = result.unexplained.length + result.falsities.length + result.countDifferences.length;
  assert.equal(faults, 0, `${name}\n${printed(result)}`);
}

describe('Every row of an SSD is sent, named by a finding, or counted out of scope', notYet, () => {
  let runs: AuditedRuns;

  before(async () => {
    runs = await AuditedRuns.start();
  });
  after(() => runs.stop());

  for (const cms of cmsNames) {
    test(`when it is clean and ${cms} has filled it`, async () => {
      const ssd = cleanSsd(cms, 60, `clean ${cms}`, '2026-06-15');
      const { audit } = await runs.firstNight(ssd, '2026-06-15');
      assertClean(cms, audit);
      assert.ok(audit.sent > audit.rows / 4, printed(audit));
    });
  }

  test(`in ${String(dirty)} dirty ones`, async () => {
    for (let seed = 1; seed <= dirty; seed += 1) {
      const { ssd, today, faults } = dirtySsd(seed);
      const { audit } = await runs.firstNight(ssd, today);
      assertClean(`seed ${String(seed)} (${ssd.cms}): ${faults.join(', ')}`, audit);
    }
  });

  test('in the second run, after values have become unreadable', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { ssd, today, faults } = dirtySsd(seed);
      const { second } = await runs.twoNights(ssd, secondNight(ssd, seed), today);
      assertClean(`seed ${String(seed)} (${ssd.cms}), second night: ${faults.join(', ')}`, second);
    }
  });
});
