import {
  publishedColumns,
  publishedSystems,
  type PublishedSystem,
} from '../../shared/ssd/publishedColumns.js';
import type { TableName } from './columns.js';

export { publishedSystems as systems, type PublishedSystem as System };

/** A column's type, free of any engine's spelling. `length` is in characters; null means unlimited. */
export type ColumnType =
  | { readonly kind: 'text'; readonly length: number | null; readonly padded: boolean }
  | { readonly kind: 'date' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'float' }
  | { readonly kind: 'decimal'; readonly digits: number; readonly scale: number };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly primaryKey: boolean;
  readonly required: boolean;
}

export interface TableLayout {
  readonly table: TableName;
  readonly columns: readonly Column[];
  /**
   * The column that identifies rows when a night changes them: the one SystemC publishes as primary key, else
   * the first. Mosaic declares no keys at all, and `ssd_assessment_factors` has none anywhere.
   */
  readonly rowId: Column;
}

/** The columns of a table as one system publishes them, in the published order. */
export function tableLayout(table: TableName, system: PublishedSystem): TableLayout {
  const key = `${system} ${table}`;
  const layout = layouts.get(key) ?? readLayout(table, system);
  layouts.set(key, layout);
  return layout;
}

const layouts = new Map<string, TableLayout>();

function readLayout(table: TableName, system: PublishedSystem): TableLayout {
  const position = publishedSystems.indexOf(system);
  const columns: Column[] = [];
  let rowId: Column | undefined;
  for (const [ssdName, types] of Object.entries<readonly (string | null)[]>(publishedColumns[table])) {
    const published = types[position] ?? null;
    if (published === null) continue;
    const column = columnOf(ssdName, published);
    columns.push(column);
    if (types[0]?.endsWith(' PK') === true) rowId = column;
  }
  const first = columns[0];
  if (first === undefined) throw new Error(`${table} has no columns in ${system}`);
  return { table, columns, rowId: rowId ?? first };
}

const publishedType =
  /^(?<base>\w+)(?:\((?<size>max|\d+)(?:,(?<scale>\d+))?\))?(?: (?<rule>PK|NOT NULL))?(?: AS (?<name>\w+))?$/;

function columnOf(ssdName: string, published: string): Column {
  const parts = publishedType.exec(published)?.groups;
  if (parts === undefined) throw new Error(`${ssdName}: unreadable column type "${published}"`);
  const { base = '', size, scale, rule, name } = parts;
  return {
    name: name ?? ssdName,
    type: columnType(base, size, scale, ssdName),
    primaryKey: rule === 'PK',
    required: rule !== undefined,
  };
}

function columnType(
  base: string,
  size: string | undefined,
  scale: string | undefined,
  column: string,
): ColumnType {
  switch (base) {
    case 'nvarchar':
    case 'varchar':
    case 'text':
      return {
        kind: 'text',
        length: size === undefined || size === 'max' ? null : Number(size),
        padded: false,
      };
    case 'nchar':
    case 'char':
      return { kind: 'text', length: Number(size), padded: true };
    case 'datetime':
    case 'timestamp':
      return { kind: 'date' };
    case 'int':
    case 'integer':
      return { kind: 'integer' };
    case 'float':
    case 'double':
      return { kind: 'float' };
    case 'decimal':
      return { kind: 'decimal', digits: Number(size), scale: Number(scale) };
    default:
      throw new Error(`${column}: unknown column type "${base}"`);
  }
}
