import { indexesOfSchema } from '../database/catalogue.js';
import type { Database } from '../database/database.js';
import { knownTables, type SsdLayout } from './layout.js';
import type { SsdNames } from './profile.js';
import { personColumnOf, type KnownTable } from './relations.js';

/** `table.column` as the database calls them. */
export interface PersonIndexes {
  /** No index begins with the column. */
  readonly withoutIndex: readonly string[];
  /** No index on the column can serve, since it must be converted before it is compared. */
  readonly unservable: readonly string[];
}

/** The person columns by which reading a range goes through their whole table. What a view reads from cannot be seen. */
export async function indexesOfPersonColumns(
  database: Database,
  schema: string,
  names: SsdNames,
  layout: SsdLayout,
): Promise<PersonIndexes> {
  const { baseTables, indexes } = await indexesOfSchema(database, schema);
  const indexed = new Set(indexes.map(({ table, firstColumn }) => `${table}.${firstColumn}`));
  const columns = knownTables
    .filter((table) => !layout.isMissing(table) && baseTables.has(names.tableName(table).toLowerCase()))
    .flatMap((table) => {
      const column =
        table === 'ssd_person'
          ? 'pers_person_id'
          : table === 'ssd_professionals'
            ? undefined
            : personColumnOf(table);
      return column === undefined || !layout.has(table, column) ? [] : [{ table, column }];
    })
    .map(({ table, column }) => ({
      table: names.tableName(table),
      name: `${names.tableName(table)}.${names.columnName(table, column)}`,
      serving: servingIndexes(layout, names, table, column),
    }));
  const isIndexed = (table: string, serving: readonly string[]) =>
    serving.some((first) => indexed.has(`${table}.${first}`.toLowerCase()));
  return {
    withoutIndex: columns.flatMap(({ table, name, serving }) =>
      serving !== undefined && !isIndexed(table, serving) ? [name] : [],
    ),
    unservable: columns.flatMap(({ name, serving }) => (serving === undefined ? [name] : [])),
  };
}

/** What an index must begin with to serve, each form of it; `undefined` when none can. */
function servingIndexes(
  layout: SsdLayout,
  names: SsdNames,
  table: KnownTable,
  column: string,
): readonly string[] | undefined {
  const name = names.columnName(table, column);
  const compared = layout.id(table, column, 't');
  if (compared === `t.${name}`) return [name];
  // PostgreSQL says `rtrim(name::text)` of a varchar column.
  return compared === `RTRIM(t.${name})` ? [`rtrim(${name})`, `rtrim(${name}::text)`] : undefined;
}
