import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { tableNames } from '../../../infra/syntheticSsd/columns.js';
import { randomFrom } from '../../../infra/syntheticSsd/random.js';
import { cmsNames, type Cell, type Cms, type Ssd } from '../input.js';
import { columnsOf } from '../loadAudited.js';
import { faults } from './faults.js';
import { codedColumns, dateColumns, rowsOf, soilOf, spoil, type Soil } from './soil.js';

/** A generated SSD with faults in it. */
interface DirtySsd {
  readonly ssd: Ssd;
  readonly today: string;
  /** The kinds of fault that were put in. */
  readonly faults: readonly string[];
}

/** @param seed the same seed gives the same SSD */
export function dirtySsd(seed: number): DirtySsd {
  const random = randomFrom('dirty', seed);
  const cms = random.pick(cmsNames);
  const today = random.pick(['2026-06-15', '2026-08-11', '2026-03-20', '2026-04-01', '2026-03-31']);
  const clean = cleanSsd(cms, random.int(3, 36), `dirty ${String(seed)}`, today);
  const soil = soilOf(clean, today, 'dirty', seed, 'faults');
  const drawn: string[] = [];
  const all = Object.entries(faults).map(([name, [, weight]]) => [name, weight] as const);
  for (let left = random.int(1, 7); left > 0; left -= 1) {
    const name = random.weighted(all);
    faults[name]?.[0](soil);
    drawn.push(name);
  }
  return { ssd: soil, today, faults: drawn };
}

/** A clean SSD in the columns and with the keys that a system's published extract writes. */
export function cleanSsd(cms: Cms, children: number, seed: string, today: string): Ssd {
  const tables = new Map(
    tableNames.map((table) => {
      const columns = new Set(columnsOf(table, cms).map(({ name }) => name));
      return [table, { columns, rows: new Array<Record<string, Cell>>() }] as const;
    }),
  );
  for (const { table, row } of generateSsd({ children, seed, today }).entries()) {
    const found = tables.get(table);
    if (found === undefined) continue;
    found.rows.push(Object.fromEntries(Object.entries(row).filter(([column]) => found.columns.has(column))));
  }
  const soil = soilOf({ cms, tables }, today, seed, 'system');
  if (cms === 'systemc') asSystemC(soil);
  if (cms === 'mosaic') asMosaic(soil);
  if (cms === 'eclipse') asEclipse(soil);
  return soil;
}

/** The referral source is an internal number, and the description says what it is. */
function asSystemC(soil: Soil): void {
  for (const row of rowsOf(soil, 'ssd_cin_episodes')) {
    const code = row['cine_referral_source_code'] ?? null;
    row['cine_referral_source_desc'] = code;
    row['cine_referral_source_code'] = String(soil.random.int(1, 10_000));
  }
  for (const row of rowsOf(soil, 'ssd_permanence')) row['perm_person_id'] = row['perm_table_id'] ?? null;
}

function asMosaic(soil: Soil): void {
  for (const row of rowsOf(soil, 'ssd_person')) {
    row['pers_legacy_id'] = null;
    const sex = row['pers_sex'];
    row['pers_sex'] = sex === 'M' ? 'Male' : sex === 'F' ? 'Female' : (sex ?? null);
  }
  const steps = new Map<Cell, string>();
  for (const row of rowsOf(soil, 'ssd_cin_assessments')) {
    const step = row['cina_assessment_id'] ?? null;
    const joined = `${String(row['cina_person_id'])}${String(step)}`;
    steps.set(step, joined);
    row['cina_assessment_id'] = joined;
  }
  for (const row of rowsOf(soil, 'ssd_professionals')) {
    row['prof_staff_id'] = row['prof_professional_id'] ?? null;
    row['prof_professional_id'] = null;
  }
  for (const row of rowsOf(soil, 'ssd_involvements')) {
    if (row['invo_professional_role_id'] === 'CW') row['invo_professional_role_id'] = 'REL.ALLOC';
  }
  for (const row of rowsOf(soil, 'ssd_s47_enquiry')) {
    const outcome = row['s47e_s47_outcome_json'];
    if (typeof outcome !== 'string') continue;
    row['s47e_s47_outcome_json'] = outcome.includes('"CP_CONFERENCE_FLAG":"Y"')
      ? 'Initial Child Protection Conference, Strategy Discussion'
      : 'No further action';
  }
}

function asEclipse(soil: Soil): void {
  for (const row of rowsOf(soil, 'ssd_cin_assessments')) {
    row['cina_assessment_id'] = `${String(row['cina_person_id'])}${String(row['cina_assessment_id'])}`;
  }
  const assessments = new Map(
    rowsOf(soil, 'ssd_cin_assessments').map((row) => {
      const id = String(row['cina_assessment_id']);
      return [id.slice(String(row['cina_person_id']).length), id] as const;
    }),
  );
  for (const row of rowsOf(soil, 'ssd_assessment_factors')) {
    row['cinf_table_id'] = assessments.get(String(row['cinf_assessment_id'])) ?? null;
  }
  const joined = new Map(
    rowsOf(soil, 'ssd_cin_episodes').map((row) => {
      const bare = String(row['cine_referral_id']);
      row['cine_referral_id'] = `${String(row['cine_person_id'])}${bare}`;
      return [bare, row['cine_referral_id']] as const;
    }),
  );
  for (const [table, column] of [
    ['ssd_cin_assessments', 'cina_referral_id'],
    ['ssd_cin_plans', 'cinp_referral_id'],
    ['ssd_cp_plans', 'cppl_referral_id'],
  ] as const) {
    for (const row of rowsOf(soil, table))
      row[column] = joined.get(String(row[column])) ?? row[column] ?? null;
  }
  // The id of another kind of episode, which no referral has.
  for (const [table, column] of [
    ['ssd_s47_enquiry', 's47e_referral_id'],
    ['ssd_involvements', 'invo_referral_id'],
    ['ssd_initial_cp_conference', 'icpc_referral_id'],
  ] as const) {
    for (const row of rowsOf(soil, table)) row[column] = `9${String(row[column])}`;
  }
  for (const row of rowsOf(soil, 'ssd_involvements')) {
    if (row['invo_professional_role_id'] === 'CW') row['invo_professional_role_id'] = 'ALLOCATEDWORKER';
  }
  for (const row of rowsOf(soil, 'ssd_s47_enquiry')) {
    const outcome = row['s47e_s47_outcome_json'];
    if (typeof outcome === 'string')
      row['s47e_s47_outcome_json'] = outcome.replace('"CP_CONFERENCE_FLAG"', '"OUTCOME_CP_CONFERENCE_FLAG"');
  }
  for (const row of rowsOf(soil, 'ssd_permanence')) {
    for (const column of ['perm_adm_decision_date', 'perm_matched_date', 'perm_placed_for_adoption_date'])
      row[column] = null;
  }
}

/** The same SSD a night later, in which some values that could be read cannot be read any more. */
export function secondNight(ssd: Ssd, seed: number): Ssd {
  const soil = soilOf(ssd, '', 'second night', seed);
  const { random } = soil;
  for (let left = random.int(2, 8); left > 0; left -= 1) {
    random.pick([
      () => {
        const [table, column] = random.pick(dateColumns);
        const texts = table === 'ssd_person' ? [] : ['soon', '31/05/2026'];
        spoil(soil, table, column, () => random.pick([...texts, '1900-01-01']), 0.2);
      },
      () => {
        const { table, column } = random.pick(codedColumns);
        spoil(soil, table, column, () => random.pick(['no such code', '??', 'SSD_PH']), 0.3);
      },
      () => {
        spoil(
          soil,
          'ssd_assessment_factors',
          'cinf_assessment_factors_json',
          () => random.pick(['[{"code":"1A"}]', '{broken', 'null']),
          0.4,
        );
      },
      () => {
        // As where the system writes a placeholder: the column stays one of dates.
        spoil(soil, 'ssd_person', 'pers_dob', () => '1900-01-01', 0.1);
      },
      () => {
        spoil(soil, 'ssd_s47_enquiry', 's47e_s47_outcome_json', () => '{broken', 0.4);
      },
      () => {
        const tables = [...soil.tables.keys()].filter(
          (table) => !['ssd_person', 'ssd_cin_episodes'].includes(table),
        );
        if (random.chance(0.2)) soil.tables.delete(random.pick(tables));
      },
    ])();
  }
  return soil;
}
