import type { AgeGate } from './cohort.js';
import type { SsdLayout } from './layout.js';
import type { KnownTable } from './profile.js';
import { ssdTables, type SsdTable } from './tables.js';
import type { Parameters, Row } from '../database/database.js';
import { inRange, rangeParameters, type IdRange } from '../database/idRange.js';

/**
 * Where a table's rows of a range of persons come from: the tables it is read from (itself under the alias `t`), the
 * column that holds the person's id, and what else must be true.
 */
interface Origin {
  readonly from: string;
  readonly person: string;
  readonly where?: string;
}

function originsIn(layout: SsdLayout): Readonly<Record<SsdTable, Origin>> {
  const own = (table: SsdTable, person: string): Origin => ({
    from: `${layout.table(table)} t`,
    person: layout.column(table, person, 't'),
  });
  return {
    ssd_person: { ...own('ssd_person', 'pers_person_id'), where: ageGateCondition(layout) },
    ssd_address: own('ssd_address', 'addr_person_id'),
    ssd_disability: own('ssd_disability', 'disa_person_id'),
    ssd_immigration_status: own('ssd_immigration_status', 'immi_person_id'),
    ssd_linked_identifiers: own('ssd_linked_identifiers', 'link_person_id'),
    ssd_sdq_scores: own('ssd_sdq_scores', 'csdq_person_id'),
    ssd_cin_episodes: own('ssd_cin_episodes', 'cine_person_id'),
    ssd_cin_assessments: own('ssd_cin_assessments', 'cina_person_id'),
    ssd_assessment_factors: {
      from: `${layout.table('ssd_assessment_factors')} t
  JOIN ${layout.table('ssd_cin_assessments')} a
    ON ${layout.key('ssd_cin_assessments', 'cina_assessment_id', 'a')} = ${layout.key('ssd_assessment_factors', 'cinf_assessment_id', 't')}`,
      person: layout.column('ssd_cin_assessments', 'cina_person_id', 'a'),
    },
    ssd_cin_plans: own('ssd_cin_plans', 'cinp_person_id'),
    ssd_s47_enquiry: own('ssd_s47_enquiry', 's47e_person_id'),
    ssd_initial_cp_conference: own('ssd_initial_cp_conference', 'icpc_person_id'),
    ssd_cp_plans: own('ssd_cp_plans', 'cppl_person_id'),
    ssd_cla_episodes: own('ssd_cla_episodes', 'clae_person_id'),
    // Not every system gives placements and involvements their person: they come through period of care and referral.
    // A placement that no care episode knows comes by its own person id where it has one, to be reported.
    ssd_cla_placement: {
      from: `${layout.table('ssd_cla_placement')} t
  LEFT JOIN (
    SELECT DISTINCT ${layout.column('ssd_cla_episodes', 'clae_cla_id', 'e')} AS cla_id,
                    ${layout.column('ssd_cla_episodes', 'clae_person_id', 'e')} AS person_id
    FROM ${layout.table('ssd_cla_episodes')} e
  ) c ON c.cla_id = ${layout.column('ssd_cla_placement', 'clap_cla_id', 't')}`,
      person: `COALESCE(c.person_id, ${layout.column('ssd_cla_placement', 'clap_person_id', 't')})`,
    },
    ssd_permanence: own('ssd_permanence', 'perm_person_id'),
    ssd_care_leavers: own('ssd_care_leavers', 'clea_person_id'),
    ssd_involvements: {
      from: `${layout.table('ssd_involvements')} t
  JOIN ${layout.table('ssd_cin_episodes')} e
    ON ${layout.key('ssd_cin_episodes', 'cine_referral_id', 'e')} = ${layout.key('ssd_involvements', 'invo_referral_id', 't')}
  LEFT JOIN ${layout.table('ssd_professionals')} p
    ON ${layout.column('ssd_professionals', 'prof_professional_id', 'p')} = ${layout.column('ssd_involvements', 'invo_professional_id', 't')}`,
      person: layout.column('ssd_cin_episodes', 'cine_person_id', 'e'),
    },
  };
}

/** The dates are cast to `date`, whose text form no language setting of the server turns round. */
function ageGateCondition(layout: SsdLayout): string {
  const born = layout.column('ssd_person', 'pers_dob', 't');
  const expected = layout.column('ssd_person', 'pers_expected_dob', 't');
  return `(${born} >= CAST(@bornFrom AS date) AND ${born} < CAST(@before AS date)
    OR ${born} IS NULL AND ${expected} >= CAST(@expectedFrom AS date) AND ${expected} < CAST(@before AS date))`;
}

/** SELECT statements that run together with the same parameters. */
export interface RangeSelects {
  readonly selects: Readonly<Record<SsdTable, string>>;
  readonly parameters: Parameters;
}

/**
 * One SELECT for each table, limited to a range of persons; `ssd_person` gives only those that pass the age gate.
 * Every SELECT names the person its row belongs to `person_id`, and its columns as the SSD specification does.
 */
export function selectsOf(layout: SsdLayout, range: IdRange, gate: AgeGate): RangeSelects {
  const origins = originsIn(layout);
  const select = (table: SsdTable) => selectFrom(layout, table, origins[table], range);
  return {
    selects: {
      ssd_person: select('ssd_person'),
      ssd_address: select('ssd_address'),
      ssd_disability: select('ssd_disability'),
      ssd_immigration_status: select('ssd_immigration_status'),
      ssd_linked_identifiers: select('ssd_linked_identifiers'),
      ssd_sdq_scores: select('ssd_sdq_scores'),
      ssd_cin_episodes: select('ssd_cin_episodes'),
      ssd_cin_assessments: select('ssd_cin_assessments'),
      ssd_assessment_factors: select('ssd_assessment_factors'),
      ssd_cin_plans: select('ssd_cin_plans'),
      ssd_s47_enquiry: select('ssd_s47_enquiry'),
      ssd_initial_cp_conference: select('ssd_initial_cp_conference'),
      ssd_cp_plans: select('ssd_cp_plans'),
      ssd_cla_episodes: select('ssd_cla_episodes'),
      ssd_cla_placement: select('ssd_cla_placement'),
      ssd_permanence: select('ssd_permanence'),
      ssd_care_leavers: select('ssd_care_leavers'),
      ssd_involvements: select('ssd_involvements'),
    },
    parameters: { ...rangeParameters(range), ...gate },
  };
}

function selectFrom(
  layout: SsdLayout,
  table: SsdTable,
  { from, person, where }: Origin,
  range: IdRange,
): string {
  if (layout.isMissing(table)) return 'SELECT NULL AS person_id WHERE 1 = 0';
  const columns = Object.keys(ssdTables[table]).map((column) => {
    const isJoined = column.startsWith('prof_');
    const read = layout.column(isJoined ? 'ssd_professionals' : table, column, isJoined ? 'p' : 't');
    return `${column === 'pers_person_id' ? `RTRIM(${read})` : read} AS ${column}`;
  });
  const conditions = [inRange(person, range), ...(where === undefined ? [] : [where])];
  // Without the blanks that a `char` column is filled up with, so that rows meet their person whatever the types.
  return `SELECT RTRIM(${person}) AS person_id, ${columns.join(', ')}
FROM ${from}
WHERE ${conditions.join('\n  AND ')}`;
}

/**
 * The last id of each range of `@size` persons that pass the age gate, in the order in which the database compares
 * an id with a parameter. Parameters are Unicode, and under many collations SQL Server orders a `varchar` column by
 * other rules than Unicode ('co-op' and 'coop' change places). So the ids become Unicode before they are put in
 * order; else a person could fall into two ranges.
 * Columns: `up_to`.
 */
export function rangeEnds(layout: SsdLayout): string {
  const id = layout.column('ssd_person', 'pers_person_id', 't');
  return `SELECT MAX(person_id) AS up_to
FROM (
  SELECT person_id, (ROW_NUMBER() OVER (ORDER BY person_id) - 1) / CAST(@size AS int) AS range_number
  FROM (
    SELECT CONCAT(${id}, N'') AS person_id
    FROM ${layout.table('ssd_person')} t
    WHERE ${id} IS NOT NULL
      AND ${ageGateCondition(layout)}
  ) ids
) people
GROUP BY range_number
ORDER BY range_number`;
}

const countedTables = [...Object.keys(ssdTables), 'ssd_professionals'].filter(isCounted);

function isCounted(table: string): table is KnownTable {
  return table === 'ssd_professionals' || Object.hasOwn(ssdTables, table);
}

/** How many rows each table has that is there. */
export type RowCounts = Readonly<Partial<Record<KnownTable, number>>>;

/** One SELECT for each table that is there, with the column `rows_counted`. */
export function rowCountSelects(layout: SsdLayout): Readonly<Record<string, string>> {
  return Object.fromEntries(
    countedTables
      .filter((table) => !layout.isMissing(table))
      .map((table) => [table, `SELECT COUNT(*) AS rows_counted FROM ${layout.table(table)}`]),
  );
}

export function rowCountsOf(rows: Readonly<Record<string, readonly Row[]>>): RowCounts {
  return Object.fromEntries(
    countedTables.flatMap((table) =>
      (rows[table] ?? []).map(({ rows_counted: counted }) => [table, Number(counted)]),
    ),
  );
}
