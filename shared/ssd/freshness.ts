import { readable } from '../child/cells.js';
import type { PlainDate } from '../child/dates.js';
import type { Engine, Row } from '../database/database.js';
import { dateCell } from './cellsOf.js';
import type { SsdLayout } from './layout.js';
import type { SsdTable } from '../child/sourceRows.js';
import { isDateType } from './typeKinds.js';

/** What a working day of any authority leaves a date in, by table. */
const activity = {
  ssd_cin_episodes: ['cine_referral_date', 'cine_close_date'],
  ssd_cin_assessments: ['cina_assessment_start_date', 'cina_assessment_auth_date'],
  ssd_s47_enquiry: ['s47e_s47_start_date', 's47e_s47_end_date'],
  ssd_involvements: ['invo_involvement_start_date', 'invo_involvement_end_date'],
} as const satisfies Partial<Record<SsdTable, readonly string[]>>;

type ActiveTable = keyof typeof activity;

/** By table the newest date up to today; `null` for a table without one. A table whose dates are no dates is left out. */
export type NewestDates = Readonly<Partial<Record<ActiveTable, PlainDate | null>>>;

const activeTables = Object.keys(activity).filter(isActive);

function isActive(table: string): table is ActiveTable {
  return Object.hasOwn(activity, table);
}

/** One SELECT for each table, with the parameter `@today` and the column `newest`. */
export function newestDateSelects(layout: SsdLayout, engine: Engine): Readonly<Record<string, string>> {
  return Object.fromEntries(
    activeTables.flatMap((table) => {
      const columns = activity[table].filter((column) => isDateType(engine, layout.type(table, column)));
      const dates = columns.map(
        (column) =>
          `SELECT MAX(CAST(${layout.column(table, column, 't')} AS date)) AS happened
    FROM ${layout.table(table)} t
    WHERE CAST(${layout.column(table, column, 't')} AS date) <= CAST(@today AS date)`,
      );
      if (dates.length === 0) return [];
      return [
        [table, `SELECT MAX(happened) AS newest\nFROM (\n    ${dates.join('\n    UNION ALL\n    ')}\n) d`],
      ];
    }),
  );
}

const noPlaceholders: ReadonlySet<string> = new Set();

export function newestDatesOf(rows: Readonly<Record<string, readonly Row[]>>): NewestDates {
  return Object.fromEntries(
    activeTables.flatMap((table) =>
      (rows[table] ?? []).map(({ newest }) => [table, readable(dateCell(newest, noPlaceholders))]),
    ),
  );
}
