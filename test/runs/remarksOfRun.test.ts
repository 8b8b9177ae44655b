import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { RunId } from '../../shared/records/runId.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { inventedTerms } from '../settings/someTerms.js';
import { countedReads } from './countedReads.js';
import { killedAfter, type Interference } from './interference.js';
import { aWorld, byHand, ssds, type Dependencies } from './world.js';

const world = aWorld(40);
const upn = 'G383200001001';
const cohortRules = ['cin-2886Q', 'cin-2887Q', 'cin-2888Q'];

/** Two children of whom one is read in the first range and one in the last; every child has one disability and no sex. */
let [first, last] = ['', ''];
beforeEach(async () => {
  await world.fresh();
  const ids = (await world.expected('later')).map(({ la_child_id: id }) => id);
  [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
  await query("UPDATE SSD.ssd_person SET pers_sex = 'U', pers_upn = NULL");
  await query('UPDATE SSD.ssd_person SET pers_upn = @upn WHERE pers_person_id = @first', { upn, first });
  await query('UPDATE SSD.ssd_person SET pers_upn = @upn WHERE pers_person_id = @last', {
    upn,
    last,
  });
  await query('DELETE FROM SSD.ssd_disability');
  await query(`INSERT INTO SSD.ssd_disability (disa_table_id, disa_person_id, disa_disability_code)
    SELECT CONCAT('D', pers_person_id), pers_person_id, 'AUT' FROM SSD.ssd_person`);
});

function query(sql: string, parameters?: Readonly<Record<string, string>>) {
  return world.database.query(sql.replaceAll('SSD.', `${ssds.later}.`), parameters);
}

/** What is kept of a finding, as far as it is looked at here. */
interface Told {
  readonly rule: string;
  readonly rowId: string | null;
  readonly childId?: string | null | undefined;
}

interface Extracted {
  readonly runId: RunId;
  readonly dependencies: Dependencies;
  readonly findings: readonly Told[];
}

const small = { rangeSize: 5 } as const;

async function attempt(
  runId: RunId,
  overrides: Partial<Dependencies> = {},
  interference?: Interference,
): Promise<Extracted & { readonly ranges: number }> {
  const dependencies = world.dependencies('later', { ...small, ...overrides }, interference);
  const { ssd, runs } = dependencies;
  const ranges = countedReads(ssd);
  await extractRun(runId, dependencies);
  const plan = await runs.plan.read(runId);
  assert.ok(plan);
  const findings: Told[] = [];
  for await (const finding of runs.findings.all(runId, plan.attempt)) findings.push(finding);
  await failRun(runId, 'a test', dependencies);
  return { runId, dependencies, findings, ranges: ranges() };
}

async function extracted(overrides?: Partial<Dependencies>) {
  return attempt(await world.begin(world.dependencies('later'), byHand), overrides);
}

/** An extract that is killed after its second range, and continued. */
async function continued(between: (runId: RunId) => Promise<void> = () => Promise.resolve()) {
  const runId = await world.begin(world.dependencies('later'), byHand);
  await assert.rejects(attempt(runId, {}, killedAfter('checkpoint.json', 2)));
  await between(runId);
  return attempt(runId);
}

const ofRule = ({ findings }: Extracted, ...rules: readonly string[]) =>
  findings.filter(({ rule }) => rules.includes(rule));

async function allRanges(): Promise<number> {
  const { ssd, rangeSize } = world.dependencies('later', small);
  return (await ssd.ranges(rangeSize)).length;
}

describe('two children who have one UPN', () => {
  const askedAbout = (run: Extracted) =>
    ofRule(run, 'upn-shared')
      .map(({ childId }) => childId)
      .sort();

  test('are both asked about, though they are read in different ranges', async () => {
    assert.deepEqual(askedAbout(await extracted()), [first, last].sort());
  });

  test('are both asked about by an extract that is continued', async () => {
    const run = await continued();
    assert.equal(run.ranges, (await allRanges()) - 2);
    assert.deepEqual(askedAbout(run), [first, last].sort());
  });

  test('leave their UPN in no finding and in no checkpoint', async () => {
    const { findings, dependencies, runId } = await continued();
    const checkpoint = await dependencies.runs.checkpoint.read(runId);
    assert.ok(checkpoint);
    assert.ok(!JSON.stringify([findings, checkpoint]).includes(upn));
  });
});

describe('what is asked about all children', () => {
  test('is in the findings of a run once, without a row or a child', async () => {
    const asked = ofRule(await extracted(), ...cohortRules);
    assert.deepEqual(
      asked.map(({ rule, rowId, childId }) => [rule, rowId, childId ?? null]),
      cohortRules.map((rule) => [rule, null, null]),
    );
  });

  test('is the same for an extract that is continued', async () => {
    const run = await continued();
    assert.ok(run.ranges < (await allRanges()));
    assert.deepEqual(ofRule(run, ...cohortRules), ofRule(await extracted(), ...cohortRules));
  });

  test('is not asked where disabilities are not shared', async () => {
    const run = await extracted({ terms: { ...inventedTerms, leftOut: ['disabilities'] } });
    assert.deepEqual(
      ofRule(run, ...cohortRules).map(({ rule }) => rule),
      ['cin-2886Q'],
    );
  });

  test('begins again from a checkpoint of the release before, which did not count', async () => {
    const run = await continued(async (runId) => {
      const { runs } = world.dependencies('later');
      const checkpoint = await runs.checkpoint.read(runId);
      assert.ok(checkpoint);
      const before = JSON.stringify({ ...checkpoint, census: undefined });
      await world.blobs().write(`runs/${runId}/checkpoint.json`, before);
    });
    assert.equal(run.ranges, await allRanges());
    assert.equal(ofRule(run, ...cohortRules).length, 3);
  });
});
