import type { Database } from '../database/database.js';
import { tablesOfSchema } from '../database/schemaTables.js';
import { deadEntries } from './deadEntries.js';
import { layoutIn, SsdLayoutError, type SsdLayout } from './layout.js';
import { likelyNames, type LikelyName } from './likelyNames.js';
import type { Profile } from './profile.js';
import type { ProfileFile } from './profileFile.js';
import { isKnownTable } from './tables.js';
import { valueCountsOf, valueCountsSelect, type ValueCounts } from './valueCounts.js';
import { columnsOfUses, readingOf, valueUses, type ValueReading, type ValueUse } from './valueReadings.js';

/** How a profile fits the names and the words of an SSD. */
export interface ProfileFit {
  /** What every run needs and the SSD lacks: nothing else was looked at then. */
  readonly needed: readonly string[];
  /** Names in the profile's own file that the SSD does not have. */
  readonly wrongNames: readonly string[];
  readonly likely: readonly LikelyName[];
  /** Absent where the SSD does not have the columns, or they cannot be grouped by. */
  readonly readings: ReadonlyMap<ValueUse, ValueReading>;
  /** Words of the profile's own file that no row has. */
  readonly dead: readonly string[];
}

/**
 * Looks at the catalogue and at the words in the columns that a profile reads words from.
 * @param own what the profile's file says itself; `undefined` for a built-in profile
 */
export async function profileFit(
  database: Database,
  schema: string,
  profile: Profile,
  own: ProfileFile | undefined,
): Promise<ProfileFit> {
  const tables = await tablesOfSchema(database, schema);
  const likely = likelyNames(tables, database.engine, profile.names);
  let layout: SsdLayout;
  try {
    layout = layoutIn(tables, database.engine, schema, profile.names);
  } catch (error) {
    if (!(error instanceof SsdLayoutError)) throw error;
    return { needed: error.missing, wrongNames: [], likely, readings: new Map(), dead: [] };
  }
  const counts = await countsOf(database, layout);
  const readings = new Map([...counts].map(([use, its]) => [use, readingOf(use, its, profile)] as const));
  return {
    needed: [],
    wrongNames: own === undefined ? [] : wrongNamesIn(own, layout),
    likely,
    readings,
    dead: own === undefined ? [] : deadEntries(own, counts),
  };
}

async function countsOf(database: Database, layout: SsdLayout): Promise<ReadonlyMap<ValueUse, ValueCounts>> {
  const selects = valueUses.flatMap((use) => {
    const { table, columns } = columnsOfUses[use];
    const select = valueCountsSelect(layout, table, columns);
    return select === undefined ? [] : [[use, select] as const];
  });
  if (selects.length === 0) return new Map();
  const rows = await database.queryTogether(Object.fromEntries(selects));
  return new Map(selects.map(([use]) => [use, valueCountsOf(rows[use] ?? [], columnsOfUses[use].columns)]));
}

function wrongNamesIn({ tableNames = {}, columnNames = {} }: ProfileFile, layout: SsdLayout): string[] {
  const tables = Object.entries(tableNames).flatMap(([table, name]) =>
    isKnownTable(table) && layout.isMissing(table) ? [`tableNames.${table}: "${name}"`] : [],
  );
  const columns = Object.entries(columnNames).flatMap(([table, names]) =>
    isKnownTable(table) && !layout.isMissing(table)
      ? Object.entries(names).flatMap(([column, name]) =>
          name !== null && layout.type(table, column) === undefined
            ? [`columnNames.${table}.${column}: "${name}"`]
            : [],
        )
      : [],
  );
  return [...tables, ...columns];
}
