import { publishedColumns } from '../../shared/ssd/publishedColumns.js';

export type TableName = keyof typeof publishedColumns;

type Published = typeof publishedColumns;

type BaseValue<Type> = Type extends `int${string}` | `float${string}` ? number : string;

type ValueOf<Type> = Type extends `${string} ${'PK' | 'NOT NULL'}` ? BaseValue<Type> : BaseValue<Type> | null;

/** One row of one table in SystemC's columns; dates are text, `yyyy-MM-dd`. */
export type RowOf<Table extends TableName> = {
  -readonly [Column in keyof Published[Table]]: Published[Table][Column] extends readonly [
    infer Type,
    ...unknown[],
  ]
    ? ValueOf<Type>
    : never;
};

/** One row of any table of any system: column name to text (dates too, `yyyy-MM-dd`), number or null. */
export type SsdRow = Readonly<Record<string, string | number | null>>;

/** One row and its table: a whole SSD is a sequence of these. */
export interface SsdEntry {
  readonly table: TableName;
  readonly row: SsdRow;
}

export function isTableName(name: string): name is TableName {
  return Object.hasOwn(publishedColumns, name);
}

/** Every SSD table, in the order of the specification. */
export const tableNames: readonly TableName[] = Object.keys(publishedColumns).filter(isTableName);
