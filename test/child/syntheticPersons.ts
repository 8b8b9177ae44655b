import { personsOf, type RangeRows } from '../../shared/ssd/rows.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { personColumnOf } from '../../shared/ssd/tables.js';
import { recordOf } from '../../shared/child/recordOf.js';
import { detailTables, type PersonRows, type SsdTable } from '../../shared/child/sourceRows.js';
import type { SsdEntry, SsdRow, TableName } from '../../infra/syntheticSsd/columns.js';

/** The persons of an SSD in memory, as `SsdReader` reads them from a database, but without the age gate. */
export function personsIn(entries: Iterable<SsdEntry>): PersonRows[] {
  const tables = new Map<TableName, SsdRow[]>();
  for (const { table, row } of entries) {
    const rows = tables.get(table);
    if (rows === undefined) tables.set(table, [row]);
    else rows.push(row);
  }
  const rowsOf = (table: TableName) => tables.get(table) ?? [];
  const assessed = new Map(
    rowsOf('ssd_cin_assessments').map((row) => [row['cina_assessment_id'], row['cina_person_id']]),
  );
  const registered = new Map(
    rowsOf('ssd_professionals').map((row) => [
      row['prof_professional_id'],
      row['prof_social_worker_registration_no'],
    ]),
  );
  // The factors of an assessment are the only rows that do not name their person.
  const personOf = (table: SsdTable, row: SsdRow) => {
    const column = personColumnOf(table);
    return column === undefined ? assessed.get(row['cinf_assessment_id'] ?? null) : row[column];
  };
  const own = (table: SsdTable) => rowsOf(table).map((row) => ({ ...row, person_id: personOf(table, row) }));
  const range: RangeRows = { ssd_person: own('ssd_person'), ...recordOf(detailTables, own) };
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
