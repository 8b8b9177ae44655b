import { columnsOfTable } from '../database/catalogue.js';
import type { Database, Engine } from '../database/database.js';
import { inOrder, type IdExpression, type IdOrder } from '../database/idRange.js';
import { isUnicodeType } from '../database/textTypes.js';

/** How a staging table keeps its ids unless its column says otherwise. */
export const usualIdOrder: Readonly<Record<Engine, IdOrder>> = {
  sqlserver: { engine: 'sqlserver', collation: 'DATABASE_DEFAULT', isUnicode: true },
  postgres: { engine: 'postgres', collation: '"default"', isUnicode: true },
};

/** The order of the staging table's own ids. @returns `undefined` when the login sees no such table */
export async function stagedIdOrder(database: Database, table: string): Promise<IdOrder | undefined> {
  const { engine } = database;
  const usual = usualIdOrder[engine];
  // Nothing depends on it there.
  if (engine === 'postgres') return usual;
  const column = (await columnsOfTable(database, table)).get('person_id');
  return (
    column && {
      engine,
      collation: column.collation ?? usual.collation,
      isUnicode: isUnicodeType(column.type),
    }
  );
}

/** `t.person_id` where it is compared in its own order. */
export function stagedId({ isUnicode }: IdOrder): IdExpression {
  return { sql: 't.person_id', isUnicode };
}

/** `t.person_id` where it is compared in the order by which ranges of the SSD are cut. */
export function stagedIdIn(own: IdOrder, order: IdOrder): IdExpression {
  return inOrder(stagedId(own), own.collation, order);
}
