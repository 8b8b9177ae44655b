import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { plainDate, type PlainDate } from '../../shared/child/dates.js';
import { pseudonymsOf } from '../../shared/child/pseudonyms/pseudonyms.js';
import type { ChangedRule } from '../../shared/child/rules/changedRules.js';
import { isUpnPlausible } from '../../shared/child/values/upn.js';
import { findingsTable } from '../../shared/downloads/findingsTable.js';
import { findingsSinceRunBefore } from '../../shared/records/findingsOfRun.js';
import { planSchema } from '../../shared/records/plan.js';
import type { RunStatus } from '../../shared/records/runStatus.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import { holding, silencing } from '../child/rules/changed.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { HeldChild } from '../local/dfe/state.js';
import { unhurried } from '../records/whole.js';
import { statusOf } from './statusOf.js';
import { aWorld, byHand, nightly, ssds, type Dependencies, type SsdName } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

const rule = 'upn-check-letter';
const dayOfFirst = plainDate('2026-08-11');

async function night(
  ssd: SsdName,
  changedRules: readonly ChangedRule[] = [],
  { wish = nightly, ...more }: Partial<Dependencies> & { readonly wish?: NewRunRequest } = {},
): Promise<RunStatus> {
  const dependencies = world.dependencies(ssd, { changedRules, ...more });
  return statusOf(await world.run(dependencies, wish), dependencies);
}

/** Children who are in the cohort on both days, and one who has left by the later one. */
async function children(): Promise<{ readonly a: string; readonly b: string; readonly leaver: string }> {
  const first = (await world.expected('first')).map(idOf);
  const later = new Set((await world.expected('later')).map(idOf));
  const [a, b] = first.filter((id) => later.has(id));
  const leaver = first.find((id) => !later.has(id));
  assert.ok(a !== undefined && b !== undefined && leaver !== undefined);
  return { a, b, leaver };
}

/** While the UPNs of some children have a wrong check letter: the rule is about them, and their record has changed. */
async function withWrongUpn<T>(ssd: SsdName, ids: readonly string[], step: () => Promise<T>): Promise<T> {
  const table = `${ssds[ssd]}.ssd_person`;
  const set = `UPDATE ${table} SET pers_upn = @upn WHERE pers_person_id = @id`;
  const before = new Map<string, unknown>();
  for (const [index, id] of ids.entries()) {
    const sql = `SELECT pers_upn FROM ${table} WHERE pers_person_id = @id`;
    before.set(id, (await world.database.query(sql, { id }))[0]?.['pers_upn']);
    const upn = ['A', 'B'].map((letter) => `${letter}99900000000${String(index)}`);
    await world.database.query(set, { id, upn: upn.find((one) => !isUpnPlausible(one)) ?? '' });
  }
  try {
    return await step();
  } finally {
    for (const [id, upn] of before) {
      await world.database.query(set, { id, upn: typeof upn === 'string' ? upn : null });
    }
  }
}

function idOf({ la_child_id: id }: HeldChild): string {
  return id;
}

const atDfe = (id: string) => world.dfe.children().find((child) => idOf(child) === id);
const without = (id: string, held: readonly HeldChild[]) => held.filter((child) => idOf(child) !== id);
const figuresOf = ({ figures }: RunStatus) => {
  assert.ok(figures !== undefined, 'the run has read the SSD');
  return figures;
};
const ruleNow = ({ changedRules = [] }: RunStatus) => changedRules.map(({ rule, count }) => [rule, count]);

/** What the list of findings says of the rule. */
async function listed({ runId }: RunStatus) {
  const { runs } = world.dependencies('first');
  const plan = await runs.plan.read(runId);
  assert.ok(plan !== undefined);
  const { columns, rows } = await findingsTable(findingsSinceRunBefore(runId, plan, runs, unhurried));
  const cell = (row: readonly string[], column: string) => row[columns.indexOf(column)];
  return rows.flatMap((row) =>
    cell(row, 'rule') === rule ? [{ severity: cell(row, 'severity'), state: cell(row, 'state') }] : [],
  );
}

describe('a child whom a rule holds by the council’s decision', () => {
  test('stays at DfE as it was while the others are sent, and is sent once the rule no longer holds it', async () => {
    const { a } = await children();
    await night('first');
    const before = atDfe(a);
    const row = await world.stagingRow(a);
    await withWrongUpn('later', [a], async () => {
      const status = await night('later', [holding(rule)]);
      assert.equal(status.status, 'completed');
      const { held, heldByCouncil, findingsBySeverity } = figuresOf(status);
      assert.deepEqual([held, heldByCouncil, findingsBySeverity['child held']], [1, 1, 1]);
      assert.deepEqual(ruleNow(status), [[rule, 1]]);
      assert.deepEqual(await listed(status), [{ severity: 'child held', state: 'new' }]);
      assert.deepEqual(atDfe(a), before);
      assert.deepEqual(await world.stagingRow(a), row);
      const expected = await world.expected('later');
      assert.deepEqual(without(a, world.dfe.children()), without(a, expected));
      assert.notDeepEqual(
        atDfe(a),
        expected.find((child) => idOf(child) === a),
      );

      const lifted = await night('later');
      assert.equal(figuresOf(lifted).toSend, 1);
      assert.deepEqual(lifted.changedRules, []);
      assert.deepEqual(world.dfe.children(), expected);
    });
  });

  test('stays at DfE under the pseudonyms of a test receiver', async () => {
    const { a } = await children();
    const pseudonyms = () => Promise.resolve(pseudonymsOf(new Uint8Array(32).fill(1), []));
    await night('first', [], { pseudonyms });
    const before = world.dfe.children();
    await withWrongUpn('first', [a], () => night('first', [holding(rule)], { pseudonyms }));
    assert.deepEqual(world.dfe.children(), before);
  });

  test('is not sent for the first time either, and leaves no row in the staging table', async () => {
    const { a } = await children();
    await withWrongUpn('first', [a], async () => {
      await night('first', [holding(rule)]);
      assert.equal(await world.stagingRow(a), undefined);
      assert.deepEqual(world.dfe.children(), without(a, await world.expected('first')));
      await night('first');
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  });

  test('is removed at DfE all the same when it leaves the cohort', async () => {
    const { leaver } = await children();
    await night('first');
    await withWrongUpn('first', [leaver], () => night('first', [holding(rule)]));
    assert.ok(atDfe(leaver) !== undefined);
    await night('later', [holding(rule)]);
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('is sent when its record is corrected, although the rule still holds children', async () => {
    const { a } = await children();
    await withWrongUpn('first', [a], () => night('first', [holding(rule)]));
    const status = await night('first', [holding(rule)]);
    assert.equal(figuresOf(status).heldByCouncil, 0);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('is not sent by a run of named children, which says that it is held', async () => {
    const { a, b } = await children();
    const wish: NewRunRequest = { ...byHand, scope: 'children', children: [a, b] };
    await withWrongUpn('first', [a], async () => {
      const { toSend, namedNotFound, heldByCouncil } = figuresOf(
        await night('first', [holding(rule)], { wish }),
      );
      assert.deepEqual([toSend, namedNotFound, heldByCouncil], [1, 0, 1]);
    });
    assert.deepEqual(world.dfe.children().map(idOf), [b]);
  });

  test('that DfE has refused before is not counted as refused, and is sent when it changes and is not held', async () => {
    const { a } = await children();
    world.dfe.setFaults(parseFaults(`refuse=${a}`));
    await night('first');
    world.dfe.setFaults({});
    await withWrongUpn('first', [a], async () => {
      const { heldByCouncil, refusedBefore, toSend } = figuresOf(await night('first', [holding(rule)]));
      assert.deepEqual([heldByCouncil, refusedBefore, toSend], [1, 0, 0]);
      assert.equal(atDfe(a), undefined);
      await night('first');
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  });

  test('is not counted as held by the rule where the cohort is not clear either, so that the numbers add up', async () => {
    const { a, b } = await children();
    const set = `UPDATE ${ssds.first}.ssd_person SET pers_dob = @birth WHERE pers_person_id = @id`;
    const births = `SELECT pers_dob FROM ${ssds.first}.ssd_person WHERE pers_person_id = @id`;
    const birth = (await world.database.query(births, { id: a }))[0]?.['pers_dob'];
    assert.ok(typeof birth === 'string');
    await world.database.query(set, { id: a, birth: '1900-01-01' });
    try {
      await withWrongUpn('first', [a, b], async () => {
        const status = await night('first', [holding(rule)]);
        const { held, heldByCouncil, findings } = figuresOf(status);
        assert.deepEqual([held, heldByCouncil, findings['cohort-unclear']], [2, 1, 1]);
        assert.deepEqual(ruleNow(status), [[rule, 1]]);
        const severities = (await listed(status)).map(({ severity }) => severity);
        assert.deepEqual(severities, ['child held', 'child held']);
      });
    } finally {
      await world.database.query(set, { id: a, birth });
    }
  });

  test('keeps the doubt whether DfE has taken it, and is sent again once it is not held', async () => {
    const { a } = await children();
    await night('first');
    await withWrongUpn('first', [a], async () => {
      // DfE takes the record, and its answer is lost.
      world.dfe.setFaults(parseFaults('lost=100%'));
      await night('first');
      world.dfe.setFaults({});
      const row = await world.stagingRow(a);
      await night('first', [holding(rule)]);
      assert.deepEqual(await world.stagingRow(a), row);
    });
    await night('first');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('a changed rule', () => {
  const cases: readonly [string, Partial<ChangedRule>, number][] = [
    ['counts on its first day', { since: dayOfFirst }, 1],
    ['does not count on the day before', { since: plainDate('2026-08-12') }, 0],
    ['counts on its last day', { until: dayOfFirst }, 1],
    ['does not count on the day after', { until: plainDate('2026-08-10') }, 0],
  ];
  for (const [what, dates, held] of cases) {
    test(what, async () => {
      const { a } = await children();
      const status = await withWrongUpn('first', [a], () => night('first', [holding(rule, dates)]));
      assert.equal(figuresOf(status).heldByCouncil, held);
      assert.equal(status.changedRules?.length, held);
    });
  }

  test('stays in the records of its run, with the council’s reason', async () => {
    const until: PlainDate = plainDate('2026-12-31');
    const decided = silencing(rule, { until, reason: 'agreed with the head of data' });
    assert.deepEqual((await night('first', [decided])).changedRules, [{ ...decided, count: 0 }]);
  });
});

describe('a silenced rule', () => {
  test('sends its children, lists none of its findings, and says how many there are', async () => {
    const { a, b } = await children();
    await withWrongUpn('first', [a, b], async () => {
      const status = await night('first', [silencing(rule)]);
      assert.equal(figuresOf(status).findings[rule], undefined);
      assert.equal(figuresOf(status).held, 0);
      assert.deepEqual(ruleNow(status), [[rule, 2]]);
      assert.deepEqual(await listed(status), []);
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  });

  test('does not make what it found before look corrected, and shows it again once it is not silenced', async () => {
    const { a, b } = await children();
    await withWrongUpn('first', [a, b], async () => {
      await night('first');
      const silenced = await night('first', [silencing(rule)]);
      assert.equal(figuresOf(silenced).sinceRunBefore.mended[rule], undefined);
      assert.deepEqual(await listed(silenced), []);
      const again = await listed(await night('first'));
      assert.deepEqual(
        again.map(({ state }) => state),
        ['new', 'new'],
      );
    });
  });

  test('may be about the cohort as a whole', async () => {
    const { database } = world;
    const table = `${ssds.first}.ssd_person`;
    const sexes = await database.query(`SELECT pers_person_id AS id, pers_sex AS sex FROM ${table}`);
    await database.query(`UPDATE ${table} SET pers_sex = 'U'`);
    try {
      assert.equal(figuresOf(await night('first')).findings['cin-2886Q'], 1);
      const status = await night('first', [silencing('cin-2886Q')]);
      assert.equal(figuresOf(status).findings['cin-2886Q'], undefined);
      assert.deepEqual(ruleNow(status), [['cin-2886Q', 1]]);
    } finally {
      for (const { id, sex } of sexes) {
        const sql = `UPDATE ${table} SET pers_sex = @sex WHERE pers_person_id = @id`;
        await database.query(sql, { id: String(id), sex: typeof sex === 'string' ? sex : null });
      }
    }
  });
});

describe('a plan of the release before', () => {
  test('has no changed rules, and is read', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.run(dependencies);
    assert.ok(runId !== undefined);
    const plan = await dependencies.runs.plan.read(runId);
    const figures = { ...plan?.figures, heldByCouncil: undefined };
    const read = planSchema.parse({ ...plan, figures, changedRules: undefined });
    assert.equal(read.changedRules, undefined);
    assert.equal(read.figures.heldByCouncil, 0);
  });
});
