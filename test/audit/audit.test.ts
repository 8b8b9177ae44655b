import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { printed, type Audit } from './auditor.js';
import { AuditedRuns } from './auditedRun.js';
import { cleanSsd, dirtySsd, secondNight } from './dirty/dirtySsd.js';
import { cmsNames } from './input.js';

/*
 * "Silence is a defect": whole runs, each audited row by row. To look at one: `npm run audit -- --dirty 1 --seed 17`.
 */

/** `npm run audit -- --dirty 200` does more of them. */
const dirty = 80;

function assertClean(name: string, result: Audit): void {
  assertExplained(name, result);
  assert.equal(result.countDifferences.length, 0, `${name}\n${printed(result)}`);
}

/** Without the counts: of a child that is held in a second run every row counts as not in the cohort. */
function assertExplained(name: string, result: Audit): void {
  assert.equal(result.unexplained.length + result.falsities.length, 0, `${name}\n${printed(result)}`);
}

describe('Every row of an SSD is sent, named by a finding, or counted out of scope', () => {
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
    for (let seed = 1; seed <= 20; seed += 1) {
      const { ssd, today, faults } = dirtySsd(seed);
      const { second } = await runs.twoNights(ssd, secondNight(ssd, seed), today);
      assertExplained(`seed ${String(seed)} (${ssd.cms}), second night: ${faults.join(', ')}`, second);
    }
  });
});
