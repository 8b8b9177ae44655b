import type { AgeGate } from './cohort.js';
import { ssdTables, type SsdTable } from './tables.js';
import type { Parameters } from '../database/database.js';
import { inRange, rangeParameters, type IdRange } from '../database/idRange.js';

/**
 * Where a table's rows of a range of persons come from: the tables it is read from, the column that holds the
 * person's id, and which of its own columns to read under the alias `t`.
 */
interface Origin {
  readonly from: string;
  readonly person: string;
  readonly where?: string;
}

function originsIn(schema: string): Readonly<Record<SsdTable, Origin>> {
  const own = (table: SsdTable, person: string): Origin => ({ from: `${schema}.${table} t`, person });
  return {
    ssd_person: {
      ...own('ssd_person', 't.pers_person_id'),
      where: ageGateCondition('t'),
    },
    ssd_address: own('ssd_address', 't.addr_person_id'),
    ssd_disability: own('ssd_disability', 't.disa_person_id'),
    ssd_immigration_status: own('ssd_immigration_status', 't.immi_person_id'),
    ssd_linked_identifiers: own('ssd_linked_identifiers', 't.link_person_id'),
    ssd_sdq_scores: own('ssd_sdq_scores', 't.csdq_person_id'),
    ssd_cin_episodes: own('ssd_cin_episodes', 't.cine_person_id'),
    ssd_cin_assessments: own('ssd_cin_assessments', 't.cina_person_id'),
    ssd_assessment_factors: {
      from: `${schema}.ssd_assessment_factors t
  JOIN ${schema}.ssd_cin_assessments a ON a.cina_assessment_id = t.cinf_assessment_id`,
      person: 'a.cina_person_id',
    },
    ssd_cin_plans: own('ssd_cin_plans', 't.cinp_person_id'),
    ssd_s47_enquiry: own('ssd_s47_enquiry', 't.s47e_person_id'),
    ssd_initial_cp_conference: own('ssd_initial_cp_conference', 't.icpc_person_id'),
    ssd_cp_plans: own('ssd_cp_plans', 't.cppl_person_id'),
    ssd_cla_episodes: own('ssd_cla_episodes', 't.clae_person_id'),
    // Not every system gives a placement its person, so both come through the period of care and the referral.
    ssd_cla_placement: {
      from: `${schema}.ssd_cla_placement t
  JOIN (SELECT DISTINCT clae_cla_id, clae_person_id FROM ${schema}.ssd_cla_episodes) c
    ON c.clae_cla_id = t.clap_cla_id`,
      person: 'c.clae_person_id',
    },
    ssd_permanence: own('ssd_permanence', 't.perm_person_id'),
    ssd_care_leavers: own('ssd_care_leavers', 't.clea_person_id'),
    ssd_involvements: {
      from: `${schema}.ssd_involvements t
  JOIN ${schema}.ssd_cin_episodes e ON e.cine_referral_id = t.invo_referral_id
  JOIN ${schema}.ssd_professionals p ON p.prof_professional_id = t.invo_professional_id`,
      person: 'e.cine_person_id',
      where: 'p.prof_social_worker_registration_no IS NOT NULL',
    },
  };
}

/** The dates are cast to `date`, whose text form no language setting of the server turns round. */
function ageGateCondition(alias: string): string {
  return `(${alias}.pers_dob >= CAST(@bornFrom AS date) AND ${alias}.pers_dob < CAST(@before AS date)
    OR ${alias}.pers_dob IS NULL
       AND ${alias}.pers_expected_dob >= CAST(@expectedFrom AS date)
       AND ${alias}.pers_expected_dob < CAST(@before AS date))`;
}

/** SELECT statements that run together with the same parameters. */
export interface RangeSelects {
  readonly selects: Readonly<Record<SsdTable, string>>;
  readonly parameters: Parameters;
}

/**
 * One SELECT for each table, limited to a range of persons; `ssd_person` gives only those that pass the age gate.
 * Every SELECT names the person its row belongs to `person_id`.
 */
export function selectsOf(schema: string, range: IdRange, gate: AgeGate): RangeSelects {
  const origins = originsIn(schema);
  const select = (table: SsdTable) => selectFrom(table, origins[table], range);
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

function selectFrom(table: SsdTable, { from, person, where }: Origin, range: IdRange): string {
  const columns = Object.keys(ssdTables[table]).map((column) =>
    column.startsWith('prof_')
      ? `p.${column}`
      : column === 'pers_person_id'
        ? `RTRIM(t.${column}) AS ${column}`
        : `t.${column}`,
  );
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
export function rangeEnds(schema: string): string {
  return `SELECT MAX(person_id) AS up_to
FROM (
  SELECT person_id, (ROW_NUMBER() OVER (ORDER BY person_id) - 1) / CAST(@size AS int) AS range_number
  FROM (
    SELECT CONCAT(t.pers_person_id, N'') AS person_id
    FROM ${schema}.ssd_person t
    WHERE t.pers_person_id IS NOT NULL
      AND ${ageGateCondition('t')}
  ) ids
) people
GROUP BY range_number
ORDER BY range_number`;
}
