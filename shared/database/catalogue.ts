import type { Database, Engine, Row } from './database.js';

/** An index on all rows of a table; filtered indexes are left out. Names are in lower case. */
interface Index {
  readonly table: string;
  /** Or the expression that PostgreSQL has instead, as it writes it. */
  readonly firstColumn: string;
  readonly keyColumns: number;
  readonly isUnique: boolean;
}

export interface Column {
  /** As the database names it, in lower case, without its length. */
  readonly type: string;
  /** In bytes on SQL Server (two a character of `nvarchar`), in characters on PostgreSQL; `undefined` without a limit. */
  readonly length: number | undefined;
  readonly isNullable: boolean;
  /** As it is written after COLLATE; `undefined` for a type without one, and on PostgreSQL, where it is not read. */
  readonly collation: string | undefined;
}

/** What the database says about one table. */
interface TableLayout {
  /** By their names in lower case. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly indexes: readonly Index[];
}

interface Catalogue {
  readonly columnsOfTable: string;
  /** To be followed by a condition on the table: its name is `@table` or its schema `@schema`. */
  readonly indexes: string;
  readonly ofTable: string;
  readonly ofSchema: string;
  readonly grouping: string;
}

const catalogues: Readonly<Record<Engine, Catalogue>> = {
  sqlserver: {
    columnsOfTable: `SELECT c.name AS column_name, TYPE_NAME(c.user_type_id) AS data_type, c.max_length AS type_length,
  CASE WHEN c.is_nullable = 1 THEN 1 ELSE 0 END AS is_nullable, c.collation_name
FROM sys.columns c
WHERE c.object_id = OBJECT_ID(@table)`,
    indexes: `SELECT o.name AS table_name,
  MIN(CASE WHEN k.key_ordinal = 1 THEN COL_NAME(k.object_id, k.column_id) END) AS first_column,
  SUM(CASE WHEN k.key_ordinal > 0 THEN 1 ELSE 0 END) AS key_columns,
  MAX(CASE WHEN i.is_unique = 1 THEN 1 ELSE 0 END) AS is_unique
FROM sys.indexes i
JOIN sys.objects o ON o.object_id = i.object_id
JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
WHERE i.is_disabled = 0 AND i.has_filter = 0`,
    ofTable: 'AND i.object_id = OBJECT_ID(@table)',
    ofSchema: 'AND LOWER(SCHEMA_NAME(o.schema_id)) = LOWER(@schema)',
    grouping: 'GROUP BY o.name, i.object_id, i.index_id',
  },
  postgres: {
    columnsOfTable: `SELECT a.attname AS column_name, format_type(a.atttypid, NULL) AS data_type,
  information_schema._pg_char_max_length(a.atttypid, a.atttypmod) AS type_length,
  CASE WHEN a.attnotnull THEN 0 ELSE 1 END AS is_nullable, NULL AS collation_name
FROM pg_attribute a
WHERE a.attrelid = to_regclass(@table) AND a.attnum > 0 AND NOT a.attisdropped`,
    indexes: `SELECT c.relname AS table_name, COALESCE(a.attname, pg_get_indexdef(x.indexrelid, 1, true)) AS first_column,
  x.indnkeyatts AS key_columns,
  CASE WHEN x.indisunique THEN 1 ELSE 0 END AS is_unique
FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
WHERE x.indisvalid AND x.indpred IS NULL`,
    ofTable: 'AND x.indrelid = to_regclass(@table)',
    ofSchema: 'AND LOWER(n.nspname) = LOWER(@schema)',
    grouping: '',
  },
};

/** @param table with its schema where that is not the login's own. @returns `undefined` when the login cannot see the table */
export async function layoutOfTable(database: Database, table: string): Promise<TableLayout | undefined> {
  const { indexes, ofTable, grouping } = catalogues[database.engine];
  const columns = await columnsOfTable(database, table);
  if (columns.size === 0) return undefined;
  const rows = await database.query(`${indexes}\n${ofTable}\n${grouping}`, { table });
  return { columns, indexes: rows.map(indexOf) };
}

/** By their names in lower case; empty when the login cannot see the table. */
export async function columnsOfTable(
  database: Database,
  table: string,
): Promise<ReadonlyMap<string, Column>> {
  const columns = await database.query(catalogues[database.engine].columnsOfTable, { table });
  return new Map(columns.map((row) => [String(row['column_name']).toLowerCase(), columnOf(row)]));
}

/** The indexes in a schema, and its tables that are not views, in lower case. */
export async function indexesOfSchema(
  database: Database,
  schema: string,
): Promise<{ readonly baseTables: ReadonlySet<string>; readonly indexes: readonly Index[] }> {
  const { indexes, ofSchema, grouping } = catalogues[database.engine];
  const tables = await database.query(
    `SELECT TABLE_NAME AS table_name FROM INFORMATION_SCHEMA.TABLES
WHERE LOWER(TABLE_SCHEMA) = LOWER(@schema) AND TABLE_TYPE = 'BASE TABLE'`,
    { schema },
  );
  const rows = await database.query(`${indexes}\n${ofSchema}\n${grouping}`, { schema });
  return {
    baseTables: new Set(tables.map((row) => String(row['table_name']).toLowerCase())),
    indexes: rows.map(indexOf),
  };
}

function columnOf(row: Row): Column {
  const length = row['type_length'] === null ? -1 : Number(row['type_length']);
  return {
    type: String(row['data_type']).toLowerCase(),
    // SQL Server has -1 for `max`.
    length: length < 0 ? undefined : length,
    isNullable: Number(row['is_nullable']) === 1,
    collation: typeof row['collation_name'] === 'string' ? row['collation_name'] : undefined,
  };
}

function indexOf(row: Row): Index {
  return {
    table: String(row['table_name']).toLowerCase(),
    firstColumn: String(row['first_column']).toLowerCase(),
    keyColumns: Number(row['key_columns']),
    isUnique: Number(row['is_unique']) === 1,
  };
}
