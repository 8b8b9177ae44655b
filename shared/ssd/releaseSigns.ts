import type { SsdLayout } from './layout.js';
import type { SsdNames } from './profile.js';
import { columnsPublishedBy, type PublishedSystem } from './publishedColumns.js';
import { ssdReleases, type ColumnChange } from './ssdReleases.js';
import { columnsOf, knownTables, type KnownTable } from './tables.js';

/** What the columns of an SSD say about its release, compared with the one that this version was checked against. */
export interface ReleaseSigns {
  /** What releases have changed and this SSD does not have, the oldest first: it is older than they are. */
  readonly older: readonly ColumnChange[];
  /** `table.column` that the release checked does not have: the SSD is newer. */
  readonly newer: readonly string[];
  /** Whether it lacks other columns of that release. Councils leave out what they do not need, so this says nothing. */
  readonly isPart: boolean;
}

/** Looks at the tables that are there. */
export function releaseSigns(layout: SsdLayout, names: SsdNames, system: PublishedSystem): ReleaseSigns {
  const { columnChanges } = ssdReleases[system];
  const older = columnChanges.filter((change) => isOlderThan(change, layout));
  const notYet = new Set(older.flatMap(({ came }) => came));
  const tables = knownTables.filter((table) => !layout.isMissing(table));
  return {
    older,
    newer: tables.flatMap((table) => {
      const published = columnsPublishedBy(system, table);
      const known = [...published, ...columnsOf(table)];
      const expected = new Set(
        [
          ...known,
          ...known.flatMap((column) => names.columnName(table, column) ?? []),
          ...columnChanges.flatMap(({ replaced }) => replaced ?? []),
        ].map((name) => name.toLowerCase()),
      );
      return layout
        .columns(table)
        .filter((column) => hasPrefixOf(table, column) && !expected.has(column))
        .map((column) => `${names.tableName(table)}.${column}`);
    }),
    isPart: tables.some((table) =>
      columnsPublishedBy(system, table).some(
        (column) => layout.type(table, column) === undefined && !notYet.has(column),
      ),
    ),
  };
}

/**
 * The earlier name is there in place of the new one; where there was none, nothing is there of what the change has brought.
 * Only columns that are read count then: a council that fills a part of the SSD leaves out others.
 */
function isOlderThan({ table, came, replaced }: ColumnChange, layout: SsdLayout): boolean {
  if (layout.isMissing(table) || came.some((column) => layout.type(table, column) !== undefined))
    return false;
  if (replaced === undefined) return came.some((column) => columnsOf(table).includes(column));
  return replaced.some((column) => layout.columns(table).includes(column));
}

/** Columns of the SSD begin with the letters of their table, those that a council adds usually do not. */
function hasPrefixOf(table: KnownTable, column: string): boolean {
  return columnsOf(table).some((known) => column.startsWith(known.slice(0, known.indexOf('_') + 1)));
}
