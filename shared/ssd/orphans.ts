import type { Finding } from '../child/findings.js';
import type { Row } from '../database/database.js';
import type { SsdLayout } from './layout.js';
import { ssdTables, type SsdTable } from './tables.js';

/** The most rows of one table that are reported: what is beyond is the same fault, and memory stays bounded. */
const mostRows = 10_000;

/**
 * The tables whose rows may belong to nobody, with the column that says to whom they belong. Involvements are left
 * out: many of them stand on a person and no referral, and are none that DfE wants.
 */
const belonging = {
  ssd_address: 'addr_person_id',
  ssd_disability: 'disa_person_id',
  ssd_immigration_status: 'immi_person_id',
  ssd_linked_identifiers: 'link_person_id',
  ssd_sdq_scores: 'csdq_person_id',
  ssd_cin_episodes: 'cine_person_id',
  ssd_cin_assessments: 'cina_person_id',
  ssd_assessment_factors: 'cinf_assessment_id',
  ssd_cin_plans: 'cinp_person_id',
  ssd_s47_enquiry: 's47e_person_id',
  ssd_initial_cp_conference: 'icpc_person_id',
  ssd_cp_plans: 'cppl_person_id',
  ssd_cla_episodes: 'clae_person_id',
  ssd_cla_placement: 'clap_cla_id',
  ssd_permanence: 'perm_person_id',
  ssd_care_leavers: 'clea_person_id',
} as const satisfies Partial<Record<SsdTable, string>>;

type OwnedTable = keyof typeof belonging;

function isOwned(table: string): table is OwnedTable {
  return Object.hasOwn(belonging, table);
}

const ownedTables = Object.keys(belonging).filter(isOwned);

/** Column `row_id`: the rows of each table that belong to no person of ssd_person. */
export function orphanSelects(layout: SsdLayout): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ownedTables
      .filter((table) => !layout.isMissing(table))
      .map((table) => {
        const id = layout.column(table, rowIdOf(table), 't');
        return [
          table,
          `SELECT ${id} AS row_id
FROM ${layout.table(table)} t
WHERE ${orphaned(layout, table)}
ORDER BY ${id === 'NULL' ? '(SELECT NULL)' : id} OFFSET 0 ROWS FETCH NEXT ${String(mostRows)} ROWS ONLY`,
        ];
      }),
  );
}

function orphaned(layout: SsdLayout, table: OwnedTable): string {
  const nobody = (column: string) => `NOT EXISTS (
    SELECT 1 FROM ${layout.table('ssd_person')} p
    WHERE ${layout.column('ssd_person', 'pers_person_id', 'p')} = ${column}
  )`;
  const column = layout.key(table, belonging[table], 't');
  switch (table) {
    case 'ssd_assessment_factors':
      return `NOT EXISTS (
    SELECT 1 FROM ${layout.table('ssd_cin_assessments')} a
    WHERE ${layout.key('ssd_cin_assessments', 'cina_assessment_id', 'a')} = ${column}
  )`;
    case 'ssd_cla_placement':
      return `NOT EXISTS (
    SELECT 1 FROM ${layout.table('ssd_cla_episodes')} e
    WHERE ${layout.column('ssd_cla_episodes', 'clae_cla_id', 'e')} = ${column}
  ) AND ${nobody(layout.column(table, 'clap_person_id', 't'))}`;
    default:
      return nobody(column);
  }
}

/** A table's own row id: its first column. */
function rowIdOf(table: SsdTable): string {
  return Object.keys(ssdTables[table])[0] ?? '';
}

export function orphanFindings(rows: Readonly<Record<string, readonly Row[]>>): Finding[] {
  return ownedTables.flatMap((table) =>
    (rows[table] ?? []).map(({ row_id: id }) => ({
      rule: 'no-person' as const,
      table,
      rowId: typeof id === 'string' || typeof id === 'number' ? String(id) : null,
      column: belonging[table],
      found: 'a row that belongs to nobody',
    })),
  );
}
