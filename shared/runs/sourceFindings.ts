import type { Finding } from '../child/findings.js';
import type { FindingRule } from '../child/findingRules.js';
import { registrationColumn } from '../ssd/profile.js';
import { rowIdOf } from '../child/sourceRows.js';
import type { Survey } from '../ssd/survey.js';

/** One finding for each table or column that the SSD does not have and that something is sent from or decided by. */
export function absences({ absentTables, absentColumns }: Survey, hasNoProfessionals: boolean): Finding[] {
  const columns = absentColumns.flatMap(({ table, column }) =>
    table === 'ssd_professionals' || saysWho.test(column) ? [] : [{ table, column, found: 'a column' }],
  );
  const tables = [...absentTables].map((table) => ({ table, column: rowIdOf(table), found: 'a table' }));
  const noRegistration = absentColumns.some(({ column }) => column === registrationColumn);
  const workers = noRegistration || hasNoProfessionals ? [ofWorkers] : [];
  return [...tables, ...columns, ...workers].map(({ table, column, found }) => ({
    rule: 'column-absent',
    table,
    rowId: null,
    column,
    found: `${found} that is not there`,
  }));
}

/** Some factors match no assessment or no person: an assessment without factors may have had them. */
export function factorsMayBeMissing({ factorsWithoutAssessment, belonging }: Survey): boolean {
  const { noPerson = 0, twoPersons = 0 } = belonging.get('ssd_assessment_factors') ?? {};
  return factorsWithoutAssessment + noPerson + twoPersons > 0;
}

/** No worker can be sent without the numbers of the professionals. */
const ofWorkers = {
  table: 'ssd_involvements',
  column: registrationColumn,
  found: 'a column of ssd_professionals',
} as const;

/** Columns that only help an analyst to find the record. */
const saysWho = /_(team|worker_id)$/;

/** One finding for all persons without an id: we cannot tell one from another. */
export function withoutId(persons: number): Finding[] {
  if (persons === 0) return [];
  const found = `${String(persons)} persons without an id`;
  return [{ rule: 'child-id', table: 'ssd_person', rowId: null, column: 'pers_person_id', found }];
}

/** A finding about a child rather than about one of its rows. */
export function aboutChild(rule: FindingRule, rowId: string): Finding {
  return { rule, table: 'ssd_person', rowId, column: 'pers_person_id', found: 'a child', childId: rowId };
}
