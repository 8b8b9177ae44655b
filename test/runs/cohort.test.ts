import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader, type CohortLimits } from '../../shared/ssd/ssdReader.js';
import type { CohortReport } from '../../shared/ssd/cohortReport.js';
import { aWorld, ssds } from './world.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { inventedTerms } from '../settings/someTerms.js';

const world = aWorld();
const { names } = builtInProfile('systemc');

/** Makes a table of ids, as an authority does. */
async function aList(name: string, ids: readonly string[]): Promise<string> {
  const table = `${ssds.first}.${name}`;
  await world.database.query(`DROP TABLE IF EXISTS ${table}`);
  await world.database.query(`CREATE TABLE ${table} (person_id varchar(48))`);
  for (const id of ids) await world.database.query(`INSERT INTO ${table} VALUES (@id)`, { id });
  return table;
}

async function nightWith(limits: CohortLimits): Promise<CohortReport> {
  const ssd = new SsdReader(world.database, ssds.first, names, limits);
  const dependencies = world.dependencies('first', { ssd });
  const runId = await world.run(dependencies);
  assert.ok(runId !== undefined);
  const plan = await dependencies.runs.plan.read(runId);
  assert.ok(plan !== undefined);
  return plan.cohortReport;
}

const sent = () => world.dfe.children().map((child) => child.la_child_id);
const outside = 'NOBODY';

describe('the cohort report', () => {
  beforeEach(() => world.fresh());

  test('accounts for every person: each is left out by the age gate, in no set, or in the cohort', async () => {
    const report = await nightWith({});
    const { persons, passed, ...left } = report.ageGate;
    const people = await world.database.query(`SELECT COUNT(*) AS people FROM ${ssds.first}.ssd_person`);
    assert.equal(persons, Number(people[0]?.['people']));
    const { withoutId, ...byAge } = left;
    assert.equal(withoutId, 0);
    assert.equal(
      passed + Object.values(byAge).reduce((sum: number, number) => sum + (number ?? 0), 0),
      persons,
    );
    assert.equal(passed, report.inNoSet + sent().length);
  });

  test('shows how many children each set brings in, on or off, and how many it alone brings in', async () => {
    const { sets } = await nightWith({});
    assert.equal(sets['referral']?.on, true);
    assert.equal(sets['childProtectionPlan']?.on, false);
    assert.equal(sets['childProtectionPlan'].aloneLetsIn, 0);
    for (const { letsIn, aloneLetsIn } of Object.values(sets)) assert.ok(aloneLetsIn <= letsIn);
    assert.ok(sets['referral'].letsIn <= sent().length);
  });
});

describe('the months of the window', () => {
  beforeEach(() => world.fresh());

  test('can be set, and let in who was known to social care in the year before', async () => {
    const { database } = world;
    const closed = { cine_referral_id: 'R23', cine_person_id: 'OF-2023', cine_close_date: '2023-09-01' };
    await loadRows(database, ssds.first, 'ssd_person', [
      { pers_person_id: 'OF-2023', pers_dob: '2015-08-11' },
    ]);
    await loadRows(database, ssds.first, 'ssd_cin_episodes', [
      { ...closed, cine_referral_date: '2023-05-02' },
    ]);
    const begins: Record<number, string | undefined> = {};
    for (const windowMonths of [24, 36]) {
      await world.fresh();
      const dependencies = world.dependencies('first', {
        terms: { ...inventedTerms, window: { months: windowMonths } },
      });
      const runId = await world.run(dependencies);
      assert.ok(runId !== undefined);
      begins[windowMonths] = (await dependencies.runs.plan.read(runId))?.windowStart;
      assert.equal(sent().includes('OF-2023'), windowMonths === 36);
    }
    assert.deepEqual(begins, { 24: '2024-04-01', 36: '2023-04-01' });
  });
});

describe('the age limit', () => {
  beforeEach(() => world.fresh());

  test('can be set, and the report says how many children it leaves out', async () => {
    const { database } = world;
    const young = { pers_person_id: 'AGED-20', pers_dob: '2006-08-11' };
    const episode = { cine_referral_id: 'E', cine_person_id: 'AGED-20', cine_referral_date: '2026-01-02' };
    await loadRows(database, ssds.first, 'ssd_person', [young]);
    await loadRows(database, ssds.first, 'ssd_cin_episodes', [episode]);
    const before26 = await nightWith({});
    assert.ok(sent().includes('AGED-20'));
    await world.fresh();
    // 18 on the window's first day, 1 April 2024, and out; 17 then, and in.
    const before18 = await nightWith({ ageLimit: 18 });
    assert.ok(sent().includes('AGED-20'));
    assert.ok(before18.ageGate.tooOld >= before26.ageGate.tooOld);
    await database.query(
      `UPDATE ${ssds.first}.ssd_person SET pers_dob = '2006-04-01' WHERE pers_person_id = 'AGED-20'`,
    );
    await world.fresh();
    const report = await nightWith({ ageLimit: 18 });
    assert.equal(report.ageGate.tooOld, before18.ageGate.tooOld + 1);
    assert.ok(!sent().includes('AGED-20'));
  });
});

describe("the authority's own list of the cohort", () => {
  beforeEach(() => world.fresh());

  test('restricts who is sent, and the difference is counted in both directions', async () => {
    await world.run(world.dependencies('first'));
    const cohort = sent();
    await world.fresh();
    const listed = [...cohort.slice(0, 3), outside, 'AND-ANOTHER'];
    const parents = await world.database.query(
      `SELECT MIN(pers_person_id) AS id FROM ${ssds.first}.ssd_person WHERE pers_dob > '2000-01-01' AND pers_person_id NOT IN (SELECT cine_person_id FROM ${ssds.first}.ssd_cin_episodes)`,
    );
    const notInCohort = parents[0]?.['id'];
    if (typeof notInCohort === 'string') listed.push(notInCohort);
    const report = await nightWith({ cohortList: await aList('statutory', listed) });
    assert.deepEqual(sent(), cohort.slice(0, 3));
    assert.deepEqual(report.cohortList, {
      // Two of them are not in the SSD at all.
      listedAndNotInCohort: listed.length - 3,
      inCohortAndNotListed: cohort.length - 3,
    });
  });

  test('takes a child off it for one that has left', async () => {
    await world.run(world.dependencies('first'));
    const cohort = sent();
    await nightWith({ cohortList: await aList('statutory', cohort.slice(1)) });
    assert.deepEqual(sent(), cohort.slice(1));
  });
});

describe('the allow-list of the time before going live', () => {
  beforeEach(() => world.fresh());

  test('restricts everyone, those with a known date of birth as well', async () => {
    await world.run(world.dependencies('first'));
    const cohort = sent();
    await world.fresh();
    const report = await nightWith({
      allowList: await aList('first_children', [...cohort.slice(0, 2), outside]),
    });
    assert.deepEqual(sent(), cohort.slice(0, 2));
    assert.equal(report.notOnAllowList, cohort.length - 2);
  });

  test('lets no child through when it is empty', async () => {
    await nightWith({ allowList: await aList('first_children', []) });
    assert.deepEqual(sent(), []);
  });

  test('purges no child that DfE holds and the list leaves out', async () => {
    await world.run(world.dependencies('first'));
    const cohort = sent();
    await nightWith({ allowList: await aList('first_children', cohort.slice(0, 1)) });
    assert.deepEqual(sent(), cohort);
  });
});
