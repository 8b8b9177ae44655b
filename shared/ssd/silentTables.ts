import type { KnownTable } from './relations.js';
import type { AbsentColumn, Survey } from './survey.js';

/** The column without which a table says nothing of a child, whether it has rows of that child or not. */
const essential: Readonly<Partial<Record<KnownTable, string>>> = {
  ssd_disability: 'disa_disability_code',
  ssd_immigration_status: 'immi_immigration_status',
  ssd_assessment_factors: 'cinf_assessment_factors_json',
  ssd_sdq_scores: 'csdq_sdq_score',
  ssd_address: 'addr_address_postcode',
};

/**
 * The tables that tell nothing of any child: they are not there, lack the column that it is about, or have rows of which
 * none leads to anybody. That a child has no row in such a table does not say that it has none of what the table is about.
 * @param missing the tables that are not there
 */
export function silentTables(
  { belonging, absentColumns }: Pick<Survey, 'belonging' | 'absentColumns'>,
  missing: readonly KnownTable[],
): ReadonlySet<KnownTable> {
  const joiningNothing = [...belonging]
    .filter(([, { rows, ofNobody }]) => rows > 0 && ofNobody >= rows)
    .map(([table]) => table);
  const withoutEssential = absentColumns.filter(isEssential).map(({ table }) => table);
  return new Set([...missing, ...joiningNothing, ...withoutEssential]);
}

function isEssential({ table, column }: AbsentColumn): boolean {
  return essential[table] === column;
}
