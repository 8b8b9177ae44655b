import { personsOf, type RangeRows } from '../../shared/ssd/rows.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { personColumns } from '../../shared/ssd/relations.js';
import type { PersonRows } from '../../shared/child/sourceRows.js';
import type { SsdEntry, SsdRow, TableName } from '../local/ssd/columns.js';

/** Under which column a table's own rows name their person; the other tables are joined. */
const ownColumns = { ssd_person: 'pers_person_id', ...personColumns } as const;

/** The persons of an SSD in memory, as `SsdReader` reads them from a database, but without the age gate. */
export function personsIn(entries: Iterable<SsdEntry>): PersonRows[] {
  const tables = new Map<TableName, SsdRow[]>();
  for (const { table, row } of entries) {
    const rows = tables.get(table);
    if (rows === undefined) tables.set(table, [row]);
    else rows.push(row);
  }
  const rowsOf = (table: TableName) => tables.get(table) ?? [];
  const own = (table: keyof typeof ownColumns) =>
    rowsOf(table).map((row) => ({ ...row, person_id: row[ownColumns[table]] }));

  const assessed = new Map(
    rowsOf('ssd_cin_assessments').map((row) => [row['cina_assessment_id'], row['cina_person_id']]),
  );
  const registered = new Map(
    rowsOf('ssd_professionals').map((row) => [
      row['prof_professional_id'],
      row['prof_social_worker_registration_no'],
    ]),
  );
  const range: RangeRows = {
    ssd_person: own('ssd_person'),
    ssd_address: own('ssd_address'),
    ssd_disability: own('ssd_disability'),
    ssd_immigration_status: own('ssd_immigration_status'),
    ssd_linked_identifiers: own('ssd_linked_identifiers'),
    ssd_sdq_scores: own('ssd_sdq_scores'),
    ssd_cin_episodes: own('ssd_cin_episodes'),
    ssd_cin_assessments: own('ssd_cin_assessments'),
    ssd_assessment_factors: rowsOf('ssd_assessment_factors').map((row) => ({
      ...row,
      person_id: assessed.get(row['cinf_assessment_id'] ?? null),
    })),
    ssd_cin_plans: own('ssd_cin_plans'),
    ssd_s47_enquiry: own('ssd_s47_enquiry'),
    ssd_initial_cp_conference: own('ssd_initial_cp_conference'),
    ssd_cp_plans: own('ssd_cp_plans'),
    ssd_cla_episodes: own('ssd_cla_episodes'),
    ssd_cla_placement: own('ssd_cla_placement'),
    ssd_permanence: own('ssd_permanence'),
    ssd_care_leavers: own('ssd_care_leavers'),
    ssd_involvements: own('ssd_involvements'),
  };
  const { names, placeholderDates } = builtInProfile('systemc');
  return personsOf(range, {
    form: (id) => id,
    relations: names.relations,
    placeholders: placeholderDates,
    placeholderIds: names.placeholderIds,
    has: () => true,
    professionals: {
      of: ({ invo_professional_id: id }) => {
        const registration = registered.get(id ?? null);
        return registration === undefined
          ? undefined
          : { id: id ?? null, registration: textOf(registration) };
      },
      ofUnknown: null,
    },
  }).map(({ rows }) => rows);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
