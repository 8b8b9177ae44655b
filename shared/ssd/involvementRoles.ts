import { normalised } from '../child/codes/localValues.js';
import type { Row } from '../database/database.js';
import { textCell } from './cellsOf.js';
import type { SsdLayout } from './layout.js';
import { typeKind } from './typeKinds.js';

/** In which roles the workers of ssd_involvements are. */
export interface InvolvementRoles {
  /** All rows of the table. */
  readonly rows: number;
  /** The most frequent first; of more than a thousand the rest is left out. */
  readonly roles: readonly { readonly role: string; readonly rows: number }[];
}

const table = 'ssd_involvements';
const column = 'invo_professional_role_id';
const mostRoles = 1000;

/** @returns `undefined` where the SSD has no such column, or one that cannot be grouped by */
export function involvementRolesSelect(layout: SsdLayout): string | undefined {
  const kind = typeKind(layout.engine, layout.type(table, column));
  if (layout.isMissing(table) || (kind !== 'text' && kind !== 'number')) return undefined;
  const role = layout.column(table, column, 't');
  return `SELECT ${role} AS role, COUNT(*) AS of_role, SUM(COUNT(*)) OVER () AS all_rows
FROM ${layout.table(table)} t
GROUP BY ${role}
ORDER BY COUNT(*) DESC
OFFSET 0 ROWS FETCH NEXT ${String(mostRoles)} ROWS ONLY`;
}

/** @param rows those of `involvementRolesSelect` */
export function involvementRolesOf(rows: readonly Row[]): InvolvementRoles {
  return {
    rows: Number(rows[0]?.['all_rows'] ?? 0),
    roles: rows.flatMap((row) => {
      const role = textCell(row['role']);
      return typeof role === 'string' && role.trim() !== ''
        ? [{ role: role.trim(), rows: Number(row['of_role']) }]
        : [];
    }),
  };
}

/** How many involvements there are, and how many have a role that the profile reports. */
export function reportedInvolvements(
  { rows, roles }: InvolvementRoles,
  reported: ReadonlySet<string>,
): { readonly rows: number; readonly withReportedRole: number } {
  const withReportedRole = roles
    .filter(({ role }) => reported.has(normalised(role)))
    .reduce((sum, one) => sum + one.rows, 0);
  return { rows, withReportedRole };
}
