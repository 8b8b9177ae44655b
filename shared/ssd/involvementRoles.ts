import { normalised } from '../child/codes/localValues.js';
import type { Row } from '../database/database.js';
import type { SsdLayout } from './layout.js';
import { valueCountsOf, valueCountsSelect } from './valueCounts.js';

/** In which roles the workers of ssd_involvements are. */
export interface InvolvementRoles {
  /** All rows of the table. */
  readonly rows: number;
  /** The most frequent first; of more than a thousand the rest is left out. */
  readonly roles: readonly { readonly role: string; readonly rows: number }[];
}

const columns = ['invo_professional_role_id'];

/** @returns `undefined` where the SSD has no such column, or one that cannot be grouped by */
export function involvementRolesSelect(layout: SsdLayout): string | undefined {
  return valueCountsSelect(layout, 'ssd_involvements', columns);
}

/** @param selected those of `involvementRolesSelect` */
export function involvementRolesOf(selected: readonly Row[]): InvolvementRoles {
  const { rows, values } = valueCountsOf(selected, columns);
  return {
    rows,
    roles: values.flatMap(({ texts: [role], rows: its }) =>
      role === null || role === undefined ? [] : [{ role, rows: its }],
    ),
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
