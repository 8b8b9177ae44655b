import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AuditedProgram, type NightResult } from '../audit/adapter.js';
import type { Cms, Row } from '../audit/input.js';
import { loadAudited, ssdOf } from '../audit/loadAudited.js';
import type { SsdEntry, TableName } from '../../infra/syntheticSsd/columns.js';

/*
 * What a second run sends when a value has become unreadable, a key contradicts, or a child leaves: end to end over an
 * embedded database, with a receiver that accepts everything.
 */

const schema = 'ssd_two_nights';
const today = '2026-06-15';

const A = { pers_person_id: 'A', pers_legacy_id: 'LA', pers_sex: 'F', pers_ethnicity: 'WBRI' };
const B = { pers_person_id: 'B', pers_legacy_id: 'LB', pers_sex: 'M', pers_ethnicity: 'WBRI' };

type Rows = Partial<Record<TableName, readonly Row[]>>;

/** Two children, each with an open referral, and whatever else. */
function children(others: Rows = {}): Rows {
  return {
    ssd_person: [
      { ...A, pers_dob: '2015-05-05' },
      { ...B, pers_dob: '2014-04-04' },
    ],
    ssd_cin_episodes: [
      { cine_referral_id: 'RA', cine_person_id: 'A', cine_referral_date: '2025-05-01' },
      { cine_referral_id: 'RB', cine_person_id: 'B', cine_referral_date: '2025-05-01' },
    ],
    ...others,
  };
}

function* entriesOf(rows: Rows): Generator<SsdEntry> {
  for (const { table, its } of tablesIn(rows)) for (const row of its) yield { table, row: textual(row) };
}

function tablesIn(rows: Rows): { readonly table: TableName; readonly its: readonly Row[] }[] {
  return Object.keys(rows)
    .filter((table): table is TableName => Object.hasOwn(rows, table))
    .map((table) => ({ table, its: rows[table] ?? [] }));
}

/** The rows of these tests hold text and nothing else. */
function textual(row: Row): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(row).map(([column, cell]) => [column, typeof cell === 'string' ? cell : null]),
  );
}

describe('a second run', () => {
  let program: AuditedProgram;

  before(async () => {
    program = await AuditedProgram.start();
  });
  after(() => program.stop());

  async function night(rows: Rows, cms: Cms = 'systemc'): Promise<NightResult> {
    await loadAudited(program.database, schema, await ssdOf(cms, entriesOf(rows)));
    return program.night(schema, cms, today);
  }

  /** What the second run sends, and what it says about it. */
  async function twoNights(first: Rows, second: Rows): Promise<{ sent: string[]; rules: string[] }> {
    await program.forget();
    await night(first);
    const { payloads, findings } = await night(second);
    return {
      sent: payloads.map((payload) => JSON.stringify(payload)),
      rules: findings.map(({ rule }) => rule),
    };
  }

  const plan = (end: string | null) => ({
    ssd_cin_plans: [
      {
        cinp_cin_plan_id: 'P1',
        cinp_person_id: 'A',
        cinp_referral_id: 'RA',
        cinp_cin_plan_start_date: '2025-06-01',
        cinp_cin_plan_end_date: end,
      },
    ],
  });

  test('sends nothing when nothing has changed', async () => {
    assert.deepEqual((await twoNights(children(), children())).sent, []);
  });

  for (const birth of ['1900-01-01', 'soon']) {
    test(`neither sends nor removes a child whose date of birth has become ${birth}`, async () => {
      const second = children({
        ssd_person: [
          { ...A, pers_dob: birth },
          { ...B, pers_dob: '2014-04-04' },
        ],
      });
      const { sent, rules } = await twoNights(children(), second);
      assert.deepEqual(sent, []);
      assert.ok(rules.includes('cohort-unclear'));
    });
  }

  test('removes a child who is known to have left', async () => {
    const { sent } = await twoNights(
      children(),
      children({ ssd_person: [{ ...B, pers_dob: '2014-04-04' }] }),
    );
    assert.deepEqual(sent, ['{"la_child_id":"A","mis_child_id":"LA","purge":true}']);
  });

  for (const [what, end] of [
    ['cannot be read', 'tomorrow'],
    ['is before its start', '2025-01-01'],
    ['is the placeholder 1900-01-01', '1900-01-01'],
  ] as const) {
    test(`leaves a plan at DfE as it is when its end ${what}`, async () => {
      const { sent, rules } = await twoNights(children(plan('2026-01-31')), children(plan(end)));
      assert.deepEqual(sent, []);
      assert.notDeepEqual(rules, []);
    });
  }

  test('purges a plan whose keys have come to contradict each other, and sends it for no child', async () => {
    const [row] = plan('2026-01-31').ssd_cin_plans;
    const second = children({ ssd_cin_plans: [{ ...row, cinp_referral_id: 'RB' }] });
    const { sent, rules } = await twoNights(children(plan('2026-01-31')), second);
    assert.equal(sent.length, 1);
    assert.match(sent[0] ?? '', /"la_child_id":"A".*"child_in_need_plan_id":"P1","purge":true/);
    assert.deepEqual(
      rules.filter((rule) => rule === 'belongs-to-two'),
      ['belongs-to-two'],
    );
  });

  const referralsWith = (key: string | null) =>
    children({
      ...plan(null),
      ssd_cin_episodes: [
        { cine_referral_id: 'RA', cine_person_id: key, cine_referral_date: '2025-05-01' },
        { cine_referral_id: 'RB', cine_person_id: 'B', cine_referral_date: '2025-05-01' },
      ],
      ssd_cin_plans: [],
    });

  for (const key of [null, 'nobody', '-1', 'SSD_PH', '']) {
    test(`neither sends nor removes a child whose referral has come to name ${String(key)}`, async () => {
      const { sent, rules } = await twoNights(children(), referralsWith(key));
      assert.deepEqual(sent, []);
      assert.ok(rules.includes('no-person') && rules.includes('cohort-unclear'));
    });
  }

  test('gives a row to the child of its referral where -1 stands for its person, whoever has that id', async () => {
    const [row] = plan(null).ssd_cin_plans;
    const other = { ...B, pers_person_id: '-1', pers_dob: '2014-04-04' };
    const persons = [...(children().ssd_person ?? []), other];
    const rows = children({
      ssd_person: persons,
      ssd_cin_plans: [{ ...row, cinp_person_id: '-1' }],
    });
    await program.forget();
    const { payloads, findings } = await night(rows);
    const withPlan = payloads.filter((payload) => JSON.stringify(payload).includes('"P1"'));
    assert.deepEqual(
      withPlan.map((payload) => /"la_child_id":"([^"]+)"/.exec(JSON.stringify(payload))?.[1]),
      ['A'],
    );
    assert.ok(!findings.some(({ rule }) => rule === 'belongs-to-two'));
  });

  test('leaves a plan at DfE as it is when it has come to stand there twice, with different ends', async () => {
    const both = [...plan('2026-01-31').ssd_cin_plans, ...plan('2026-02-28').ssd_cin_plans];
    const { sent, rules } = await twoNights(children(plan('2026-01-31')), children({ ssd_cin_plans: both }));
    assert.deepEqual(sent, []);
    assert.ok(rules.includes('duplicate-id'));
  });

  test('purges a plan that is gone', async () => {
    const { sent } = await twoNights(children(plan(null)), children());
    assert.match(sent.join(), /"child_in_need_plan_id":"P1","purge":true/);
  });

  test('gives an adoption to the owner of its period of care, whatever legacy id stands as its person', async () => {
    const rows = children({
      ssd_cla_episodes: [
        {
          clae_cla_episode_id: 'E1',
          clae_person_id: 'A',
          clae_cla_id: 'C1',
          clae_referral_id: 'RA',
          clae_cla_episode_start_date: '2025-06-01',
        },
      ],
      ssd_permanence: [
        {
          perm_table_id: 'PM1',
          perm_person_id: 'B',
          perm_cla_id: 'C1',
          perm_adm_decision_date: '2025-08-12',
        },
      ],
    });
    await program.forget();
    const { payloads } = await night(rows);
    const withAdoption = payloads.filter((payload) => JSON.stringify(payload).includes('"adoption"'));
    assert.deepEqual(
      withAdoption.map((payload) => /"la_child_id":"(\w+)"/.exec(JSON.stringify(payload))?.[1]),
      ['A'],
    );
  });

  test('sends one child whatever cell of another cannot be built', async () => {
    const rows = children({
      ssd_cin_assessments: [
        {
          cina_assessment_id: 'AS1',
          cina_person_id: 'A',
          cina_referral_id: 'RA',
          cina_assessment_start_date: '2025-05-02',
        },
      ],
      ssd_assessment_factors: [
        {
          cinf_table_id: 'F1',
          cinf_assessment_id: 'AS1',
          cinf_assessment_factors_json: '{"1A":{"toString":null}}',
        },
      ],
    });
    await program.forget();
    const { payloads, findings } = await night(rows);
    assert.equal(payloads.length, 2);
    assert.ok(findings.some(({ rule, rowId }) => rule === 'factors-unreadable' && rowId === 'F1'));
    assert.doesNotMatch(JSON.stringify(payloads), /"factors"/);
  });
});
