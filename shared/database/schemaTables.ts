import type { Database, Engine, Row } from './database.js';

/** The tables and views of a schema, as far as the login may see them. */
export interface SchemaTables {
  /** By their names in lower case. */
  readonly tables: ReadonlyMap<string, SchemaTable>;
  /** Of the database; `undefined` on PostgreSQL. */
  readonly ownCollation: string | undefined;
}

export interface SchemaTable {
  readonly name: string;
  /** With its schema, as it is written in SQL. */
  readonly sql: string;
  /** By their names in lower case. */
  readonly columns: ReadonlyMap<string, SchemaColumn>;
}

interface SchemaColumn {
  readonly name: string;
  /** As it is written in SQL. */
  readonly sql: string;
  /** As the database calls it, in lower case. */
  readonly type: string;
  /** `undefined` for a type that has none, and on PostgreSQL for the database's own. */
  readonly collation: string | undefined;
}

const queries: Readonly<Record<Engine, string>> = {
  sqlserver: queryWith("CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128))"),
  postgres: queryWith('NULL'),
};

function queryWith(collationOfDatabase: string): string {
  return `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, COLUMN_NAME AS column_name,
  DATA_TYPE AS data_type, COLLATION_NAME AS collation_name, ${collationOfDatabase} AS own_collation
FROM INFORMATION_SCHEMA.COLUMNS
WHERE LOWER(TABLE_SCHEMA) = LOWER(@schema)`;
}

/** Finds a schema in capitals or not. Its names are written in SQL as the database has them. */
export async function tablesOfSchema(
  database: Pick<Database, 'engine' | 'query'>,
  schema: string,
): Promise<SchemaTables> {
  const { engine } = database;
  const rows = await database.query(queries[engine], { schema });
  const rowsOfTables = new Map<string, Row[]>();
  for (const row of rows) {
    const sql = `${nameInSql(engine, String(row['schema_name']))}.${nameInSql(engine, String(row['table_name']))}`;
    const its = rowsOfTables.get(sql) ?? [];
    rowsOfTables.set(sql, its);
    its.push(row);
  }
  const tables = [...rowsOfTables].map(([sql, its]) => ({
    name: String(its[0]?.['table_name']),
    sql,
    columns: byLowerName(its.map((row) => columnOf(row, engine))),
  }));
  return { tables: byLowerName(tables), ownCollation: textOf(rows[0]?.['own_collation']) };
}

function columnOf(row: Row, engine: Engine): SchemaColumn {
  const name = String(row['column_name']);
  return {
    name,
    sql: nameInSql(engine, name),
    type: String(row['data_type']).toLowerCase(),
    collation: textOf(row['collation_name']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** PostgreSQL takes a name without quotation marks for one in small letters. */
function nameInSql(engine: Engine, name: string): string {
  return engine === 'postgres' && name !== name.toLowerCase() ? `"${name.replaceAll('"', '""')}"` : name;
}

/** Of two names that differ in capitals only, the one in small letters counts. */
function byLowerName<Named extends { readonly name: string; readonly sql: string }>(
  all: readonly Named[],
): ReadonlyMap<string, Named> {
  const isSmall = ({ sql }: Named) => sql === sql.toLowerCase();
  const inOrder = [...all.filter((one) => !isSmall(one)), ...all.filter(isSmall)];
  return new Map(inOrder.map((one) => [one.name.toLowerCase(), one]));
}
