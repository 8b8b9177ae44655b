import type { Engine } from '../../shared/database/database.js';
import type { TableName } from './columns.js';

const plainIdentifier = /^[A-Za-z_]\w{0,62}$/;

/**
 * A schema, table or column name in the engine's quotes.
 * @throws RangeError for anything but letters, digits and underscores: such a name is never quoted into safety
 */
export function quoted(engine: Engine, name: string): string {
  if (!plainIdentifier.test(name)) {
    throw new RangeError(`"${name}" cannot be a schema or column name: use letters, digits and underscores`);
  }
  return engine === 'sqlserver' ? `[${name}]` : `"${name}"`;
}

export function tableIn(engine: Engine, schema: string, table: TableName): string {
  return `${quoted(engine, schema)}.${quoted(engine, table)}`;
}
