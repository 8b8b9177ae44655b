import type { Engine } from '../../shared/database/database.js';
import { tableNames } from './columns.js';
import { quoted, tableIn } from './sqlName.js';
import { tableLayout, type Column, type ColumnType, type System } from './layout.js';

export interface TableOptions {
  /**
   * `published` (default) makes the primary keys the extract declares; `none` leaves them out, for data that breaks
   * them on purpose (rows without an id, ids used twice).
   */
  readonly primaryKeys?: 'published' | 'none';
}

/**
 * The statements that make an empty SSD, each to be run on its own.
 *
 * Types are those the system publishes, spelled for the engine: SystemC's `nvarchar(48)` is `varchar(48)` on
 * PostgreSQL. No foreign keys, as published. The schema may exist already; the tables must not.
 */
export function createTables(
  engine: Engine,
  schema: string,
  system: System,
  options: TableOptions = {},
): string[] {
  const keys = options.primaryKeys ?? 'published';
  return [
    createSchema(engine, schema),
    ...tableNames.map((table) => {
      const columns = tableLayout(table, system).columns.map(
        (column) => `  ${columnDefinition(engine, column, keys === 'published')}`,
      );
      return `CREATE TABLE ${tableIn(engine, schema, table)} (\n${columns.join(',\n')}\n)`;
    }),
  ];
}

/** The statements that remove every SSD table that is there; the schema itself stays. */
export function dropTables(engine: Engine, schema: string): string[] {
  return tableNames.map((table) => `DROP TABLE IF EXISTS ${tableIn(engine, schema, table)}`);
}

/** The statement that makes a schema unless it is there. */
export function createSchema(engine: Engine, schema: string): string {
  const name = quoted(engine, schema);
  // In T-SQL, CREATE SCHEMA must be the first statement of its batch, so a guard is only possible through EXEC.
  return engine === 'sqlserver'
    ? `IF SCHEMA_ID(N'${schema}') IS NULL EXEC(N'CREATE SCHEMA ${name}')`
    : `CREATE SCHEMA IF NOT EXISTS ${name}`;
}

function columnDefinition(engine: Engine, column: Column, withKeys: boolean): string {
  const definition = `${quoted(engine, column.name)} ${typeName(engine, column.type)}`;
  if (column.primaryKey) return withKeys ? `${definition} NOT NULL PRIMARY KEY` : definition;
  return column.required ? `${definition} NOT NULL` : definition;
}

/** A column type in an engine's own words. Text is always Unicode. */
export function typeName(engine: Engine, type: ColumnType): string {
  const sqlserver = engine === 'sqlserver';
  switch (type.kind) {
    case 'text': {
      if (type.length === null) return sqlserver ? 'nvarchar(max)' : 'text';
      const base = type.padded ? 'char' : 'varchar';
      return `${sqlserver ? 'n' : ''}${base}(${type.length})`;
    }
    case 'date':
      return sqlserver ? 'datetime' : 'timestamp';
    case 'integer':
      return 'int';
    case 'float':
      return sqlserver ? 'float' : 'double precision';
    case 'decimal':
      return `decimal(${type.digits},${type.scale})`;
  }
}
