import { reportedInvolvements, type InvolvementRoles } from '../../ssd/involvementRoles.js';
import { sourceWarnings } from '../../records/sourceWarnings.js';
import { longMs, pass, warn, type Check } from '../check.js';
import { ssdTables } from './ssdTables.js';

/** A role that fewer involvements have is not shown: a column that is filled in another way may hold names. */
const fewestOfRole = 5;
const mostRolesShown = 20;

export const ssdRelations = {
  name: 'ssdRelations',
  needs: ssdTables,
  limitMs: longMs,
  look: async (parts) => {
    const { careWorkerRoles } = parts;
    const ssd = await parts.ssd();
    const { relations } = await ssd.survey();
    const roles = careWorkerRoles === undefined ? undefined : await ssd.involvementRoles();
    const involvements =
      roles === undefined || careWorkerRoles === undefined
        ? undefined
        : reportedInvolvements(roles, careWorkerRoles);
    const warnings = sourceWarnings({ relations, involvements });
    const withRows = relations.filter(({ rows }) => rows > 0);
    const found = [
      ...warnings.map((warning) => warning.found),
      withRows.length === 0
        ? 'No table with rows refers to another one.'
        : `Rows that find their parent: ${withRows.map(({ relation, rows, found }) => `${relation} ${String(found)} of ${String(rows)}`).join('; ')}.`,
      ...(involvements === undefined || involvements.rows === 0
        ? []
        : [
            `Involvements with a role that the profile reports: ${String(involvements.withReportedRole)} of ${String(involvements.rows)}.`,
          ]),
    ].join('\n');
    if (warnings.length === 0) return pass(found);
    const hasNoReportedRole = warnings.some(({ kind }) => kind === 'noReportedRole');
    return {
      ...warn(found, [...new Set(warnings.map(({ remedy }) => remedy))].join('\n')),
      values: roles !== undefined && hasNoReportedRole ? rolesText(roles) : undefined,
    };
  },
  remedy: "Give the app's login the right to read every table of the SSD.",
} as const satisfies Check;

function rolesText({ rows, roles }: InvolvementRoles): string {
  const shown = roles.filter((one) => one.rows >= fewestOfRole).slice(0, mostRolesShown);
  const others = rows - shown.reduce((sum, one) => sum + one.rows, 0);
  const named = shown.map((one) => `${one.role.slice(0, 48)} ${String(one.rows)}`);
  return `The roles of involvements: ${[...named, ...(others === 0 ? [] : [`other roles or none ${String(others)}`])].join(', ')}.`;
}
