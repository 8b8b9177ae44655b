import { columnsOfTable, indexesOfSchema, type Column } from '../database/catalogue.js';
import type { Database } from '../database/database.js';
import { canSeek, type IdOrder } from '../database/idRange.js';
import { isUnicodeType } from '../database/textTypes.js';
import type { SsdLayout } from './layout.js';
import { typeKind } from './typeKinds.js';
import { type KnownTable, knownTables, personColumnOf } from './tables.js';

/** Columns are `table.column` as the database calls them. */
export interface PersonIndexes {
  /** No index begins with the column. */
  readonly withoutIndex: readonly string[];
  /** No index on the column can serve, since it must be converted before it is compared. */
  readonly unservable: readonly UnservableColumn[];
}

interface UnservableColumn {
  readonly column: string;
  /** Why, as the end of a sentence. */
  readonly because: string;
}

/**
 * The person columns without a usable index: reading a range reads the whole table. We cannot see what a view reads
 * from.
 */
export async function indexesOfPersonColumns(
  database: Database,
  schema: string,
  layout: SsdLayout,
): Promise<PersonIndexes> {
  const { baseTables, indexes } = await indexesOfSchema(database, schema);
  const indexed = new Set(indexes.map(({ table, firstColumn }) => `${table}.${firstColumn}`));
  const columns = knownTables
    .filter((table) => !layout.isMissing(table) && baseTables.has(layout.nameOf(table).toLowerCase()))
    .flatMap((table) => {
      const column = table === 'ssd_professionals' ? undefined : personColumnOf(table);
      return column === undefined || !layout.has(table, column) ? [] : [{ table, column }];
    })
    .map(({ table, column }) => ({
      table: layout.nameOf(table),
      name: layout.nameOf(table, column),
      ...servingIndexes(layout, table, column),
    }));
  const isIndexed = (table: string, serving: readonly string[]) =>
    serving.some((first) => indexed.has(`${table}.${first}`.toLowerCase()));
  return {
    withoutIndex: columns.flatMap(({ table, name, serving }) =>
      serving !== undefined && !isIndexed(table, serving) ? [name] : [],
    ),
    unservable: columns.flatMap(({ name, because }) =>
      because === undefined ? [] : [{ column: name, because }],
    ),
  };
}

/** What an index must begin with to serve, each form of it; or why none can. */
function servingIndexes(
  layout: SsdLayout,
  table: KnownTable,
  column: string,
): { readonly serving?: readonly string[]; readonly because?: string } {
  const alias = 't';
  const id = layout.idExpression(table, column, alias);
  const name = layout.column(table, column, alias).slice(`${alias}.`.length);
  // PostgreSQL says `rtrim(name::text)` of a varchar column.
  if (id.sql === `RTRIM(${alias}.${name})`) return { serving: [`rtrim(${name})`, `rtrim(${name}::text)`] };
  const type = layout.type(table, column) ?? '';
  if (id.sql === `${alias}.${name}` && canSeek(id, layout.idOrder)) return { serving: [name] };
  return {
    because:
      typeKind(layout.engine, type) !== 'text'
        ? notText(type)
        : id.sql === `${alias}.${name}`
          ? otherType(type, layout.idOrder)
          : otherCollation,
  };
}

const otherCollation = "has another collation than ssd_person's ids";

function notText(type: string): string {
  return `is ${type}, not text`;
}

/** The tables whose `person_id` no index can serve by ranges of the order; tables that the login does not see are passed over. */
export async function unservableIdsOf(
  database: Database,
  tables: readonly string[],
  order: IdOrder,
): Promise<UnservableColumn[]> {
  // Without a type or a collation of its own to look at: PostgreSQL compares texts alone.
  if (database.engine === 'postgres') return [];
  const found: UnservableColumn[] = [];
  for (const table of tables) {
    const column = (await columnsOfTable(database, table)).get('person_id');
    if (column === undefined) continue;
    const because = whyUnservable(column, order);
    if (because !== undefined) found.push({ column: `${table}.person_id`, because });
  }
  return found;
}

function whyUnservable({ type, collation }: Column, order: IdOrder): string | undefined {
  if (typeKind(order.engine, type) !== 'text') return notText(type);
  if (collation !== order.collation) return otherCollation;
  return canSeek({ sql: '', isUnicode: isUnicodeType(type) }, order) ? undefined : otherType(type, order);
}

/** @param type of a text column whose index cannot serve ranges of the order */
function otherType(type: string, { collation, isUnicode }: IdOrder): string {
  return `is ${type} where ssd_person's ids are ${isUnicode ? 'nvarchar' : 'varchar'}, which ${collation} puts in another order`;
}
