import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parameters, Row } from '../../shared/database/database.js';
import { projectRoot } from '../local/migrations.js';
import { tableNames } from '../../infra/syntheticSsd/columns.js';
import { tableLayout, type Column, type System } from '../../infra/syntheticSsd/layout.js';
import { typeName } from '../../infra/syntheticSsd/schema.js';

/** A column as SQL Server declares it. */
export interface DeclaredColumn {
  readonly name: string;
  /** With its length: `varchar(48)`. */
  readonly type: string;
  readonly collation: string | undefined;
}

/** What a played SQL Server has: its tables by `schema.table`. */
export interface Catalogue {
  readonly collation: string;
  readonly tables: ReadonlyMap<string, readonly DeclaredColumn[]>;
}

/** How a played SSD declares a column; `undefined` as the system publishes it. */
export type Declares = (column: Column, table: string) => Partial<DeclaredColumn> | undefined;

/** The SSD of a system on SQL Server. Eclipse publishes its types for PostgreSQL: `varchar` stays `varchar`. */
export function ssdTables(
  schema: string,
  system: System,
  collation: string,
  declares: Declares = () => undefined,
): Map<string, readonly DeclaredColumn[]> {
  return new Map(
    tableNames.map((table) => [
      `${schema}.${table}`,
      tableLayout(table, system).columns.map((column): DeclaredColumn => {
        const unicode = typeName('sqlserver', column.type);
        const type = system === 'systemc' ? unicode : unicode.replace(/^n(?=(var)?char)/, '');
        const isText = column.type.kind === 'text';
        const own = { name: column.name, type, collation: isText ? collation : undefined };
        return { ...own, ...declares(column, table) };
      }),
    ]),
  );
}

/** The columns of the staging table, read from the scripts that make it. */
export function stagingColumns(
  collation: string,
  idType = 'nvarchar(20)',
  idCollation = collation,
): readonly DeclaredColumn[] {
  const scripts = [
    '001-staging-table.sql',
    '002-columns-of-data-to-insight.sql',
    '003-columns-of-this-system.sql',
  ]
    .map((file) => readFileSync(join(projectRoot, 'infra', 'sql', 'sqlserver', file), 'utf8'))
    .join('\n');
  const columns = new Map<string, DeclaredColumn>();
  for (const [, name = '', type = ''] of scripts.matchAll(
    /^(?: {4}|ALTER TABLE \S+ ADD )([a-z_]+) +((?:INT|N?VARCHAR|BINARY|DATETIME|BIGINT)(?:\(\w+\))?)/gm,
  )) {
    const isText = type.includes('CHAR');
    columns.set(name, { name, type: type.toLowerCase(), collation: isText ? collation : undefined });
  }
  columns.set('person_id', { name: 'person_id', type: idType, collation: idCollation });
  return [...columns.values()];
}

/** The answer to a question about the catalogue; `undefined` when it is none. */
export function catalogueAnswer(
  { tables, collation }: Catalogue,
  sql: string,
  parameters: Parameters,
): readonly Row[] | undefined {
  const schema = textIn(parameters, 'schema');
  const table = textIn(parameters, 'table');
  if (sql.includes('INFORMATION_SCHEMA.COLUMNS')) {
    return [...tables].flatMap(([name, columns]) =>
      columns.flatMap((column) =>
        name.startsWith(`${schema ?? ''}.`)
          ? [
              {
                schema_name: name.slice(0, name.indexOf('.')),
                table_name: name.slice(name.indexOf('.') + 1),
                column_name: column.name,
                data_type: baseOf(column.type),
                collation_name: column.collation ?? null,
                own_collation: collation,
              },
            ]
          : [],
      ),
    );
  }
  if (sql.includes('INFORMATION_SCHEMA.TABLES')) {
    return [...tables.keys()].flatMap((name) =>
      name.startsWith(`${schema ?? ''}.`) ? [{ table_name: name.slice(name.indexOf('.') + 1) }] : [],
    );
  }
  if (sql.includes('FROM sys.columns')) {
    return (tables.get(table ?? '') ?? []).map((column) => ({
      column_name: column.name,
      data_type: baseOf(column.type),
      type_length: lengthOf(column.type),
      is_nullable: 1,
      collation_name: column.collation ?? null,
    }));
  }
  if (sql.includes('FROM sys.indexes') && table !== undefined) {
    return [{ table_name: table, first_column: 'person_id', key_columns: 1, is_unique: 1 }];
  }
  // The other questions are those of scripts, which a person reads.
  return /\bsys\./.test(sql) ? [] : undefined;
}

function textIn(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : undefined;
}

/** The tables and users as statements that make them. */
export function schemaOf(catalogues: readonly Catalogue[], users: readonly string[]): string {
  const tables = new Map(catalogues.flatMap((catalogue) => [...catalogue.tables]));
  const schemas = new Set([...tables.keys()].flatMap((name) => name.split('.').slice(0, -1)));
  return [
    ...[...schemas].filter((schema) => schema !== 'dbo').map((schema) => `CREATE SCHEMA ${schema};`),
    ...users.map((user) => `CREATE USER [${user}] WITHOUT LOGIN;`),
    ...[...tables].map(
      ([name, columns]) =>
        `CREATE TABLE ${name} (\n${columns
          .map(
            (column) =>
              `  ${column.name} ${column.type}${column.collation === undefined ? '' : ` COLLATE ${column.collation}`} NULL`,
          )
          .join(',\n')}\n);`,
    ),
  ].join('\nGO\n');
}

function baseOf(type: string): string {
  return type.replace(/\(.*/, '');
}

/** In bytes, and -1 for `max`. */
function lengthOf(type: string): number | null {
  const size = /\((\w+)/.exec(type)?.[1];
  if (size === undefined) return null;
  if (size === 'max') return -1;
  return Number(size) * (type.startsWith('n') ? 2 : 1);
}
