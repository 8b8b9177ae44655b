import type { Engine, Parameters } from './database.js';

/**
 * Ids in the database's own order: after `after` (from the first one when null) up to and including `upTo` (to the last one
 * when null). Only the database compares ids, and for every table in the same order (`IdOrder`).
 */
export interface IdRange {
  readonly after: string | null;
  readonly upTo: string | null;
}

/** The order of ids by which ranges are cut: that of the column that they come from. */
export interface IdOrder {
  readonly engine: Engine;
  /** As it is written after COLLATE. */
  readonly collation: string;
  /** False for `varchar` on SQL Server, whose letters are those of a code page. */
  readonly isUnicode: boolean;
}

/** An expression that is compared with ids, usually a column. */
export interface IdExpression {
  readonly sql: string;
  /** As in `IdOrder`; true for an expression that may be either. */
  readonly isUnicode: boolean;
  /** It already has the COLLATE of the order, and takes no second one. */
  readonly isCollated?: true;
}

/** The condition that limits `id` to the range; its parameters are those of `rangeParameters`. */
export function inRange(id: IdExpression, { after, upTo }: IdRange, order: IdOrder): string {
  const ordered = ordersByCodePage(order) && id.isUnicode ? byCodePage(id, order) : id.sql;
  const bounds = [
    after === null ? '' : `${ordered} > ${bound('after', after, id, order)}`,
    upTo === null ? '' : `${ordered} <= ${bound('upTo', upTo, id, order)}`,
  ].filter((condition) => condition !== '');
  return bounds.length > 0 ? bounds.join(' AND ') : `${id.sql} IS NOT NULL`;
}

/**
 * When a `varchar` column is compared with an `nvarchar` parameter, it is converted row by row, and under an SQL
 * collation no index on it can be used. Here the parameter has the column's type instead, if that keeps its meaning.
 * Its length is the longest possible: a shorter one would cut an id off.
 */
function bound(end: 'after' | 'upTo', value: string, id: IdExpression, order: IdOrder): string {
  const meetsCodePage = ordersByCodePage(order) || (isIndependentOfType(order) && !id.isUnicode);
  if (meetsCodePage && isAscii(value)) return `@${end}Varchar`;
  // This column's code page may lack letters that another table's ids have; ordered by one code page, none is lacking.
  return ordersByCodePage(order) ? byCodePage({ sql: `@${end}` }, order) : `@${end}`;
}

/**
 * The condition that `id` is the id in `parameter`. Where the column's code page lacks a letter, SQL Server uses a similar one
 * or a question mark instead, which may be another child's id: the second comparison sees the difference, the first can
 * use an index.
 * @param parameter a parameter, or a column of OPENJSON
 */
export function isId(id: IdExpression, parameter: string, order: IdOrder): string {
  if (order.engine === 'postgres') return `${parameter} = ${id.sql}`;
  const asItIs = `${parameter} COLLATE ${order.collation} = ${id.sql}`;
  return id.isUnicode ? asItIs : `${byCodePage({ sql: parameter }, order)} = ${id.sql} AND ${asItIs}`;
}

/**
 * A text as it is compared by the collation of `order`. COLLATE converts `varchar` to the code page of its collation, which
 * may lack letters that the column's own has: then the text becomes Unicode first. With the same collation it is left as it
 * is, and an index can be used.
 * @param own the collation of its column; `undefined` when it is not a column
 */
export function inOrder(
  text: IdExpression,
  own: string | undefined,
  { engine, collation }: Pick<IdOrder, 'engine' | 'collation'>,
): IdExpression {
  const isForeign = engine === 'sqlserver' && own !== undefined && own !== collation && !text.isUnicode;
  const whole = isForeign ? { sql: `CAST(${text.sql} AS nvarchar(4000))`, isUnicode: true } : text;
  return { ...whole, sql: `${whole.sql} COLLATE ${collation}`, isCollated: true };
}

/** Whether a range can use an index on a column of the order's collation. */
export function canSeek({ isUnicode }: IdExpression, order: IdOrder): boolean {
  return isIndependentOfType(order) || isUnicode === order.isUnicode;
}

/** Whether the ids are in an order of `varchar` that Unicode does not have ('co-op' and 'coop' change places). */
export function ordersByCodePage(order: IdOrder): boolean {
  return !order.isUnicode && !isIndependentOfType(order);
}

/**
 * The collations of Windows order `varchar` and `nvarchar` by the same rules. Those whose names begin with SQL_ have
 * rules of their own for `varchar`; binary ones compare the bytes, which differ between the types.
 */
function isIndependentOfType({ engine, collation }: IdOrder): boolean {
  return engine === 'postgres' || !/^SQL_|_BIN2?(_|$)|^DATABASE_DEFAULT$/i.test(collation);
}

/** COLLATE comes first, because it names the code page. */
function byCodePage({ sql, isCollated }: Omit<IdExpression, 'isUnicode'>, { collation }: IdOrder): string {
  return `CAST(${isCollated === true ? sql : `${sql} COLLATE ${collation}`} AS varchar(8000))`;
}

/** A text as a column of the order would keep it: with other letters for those that its code page lacks. */
export function byCodePageAndBack(text: string, order: IdOrder): string {
  return `CAST(${byCodePage({ sql: text }, order)} AS nvarchar(4000))`;
}

/** Whether every code page has all its letters. */
export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

/** Each end as Unicode, and also as `varchar` where every code page has its letters. */
export function rangeParameters({ after, upTo }: IdRange): Parameters {
  return { ...endParameters('after', after), ...endParameters('upTo', upTo) };
}

function endParameters(end: 'after' | 'upTo', value: string | null): Parameters {
  if (value === null) return {};
  return { [end]: value, ...(isAscii(value) ? { [`${end}Varchar`]: { ascii: value } } : {}) };
}

/**
 * Ranges that join up and cover every possible id after `after`.
 * @param upTos the last id of each range, in the database's order; the last range ignores its own and stays open
 */
export function joinedRanges(upTos: readonly string[], after: string | null = null): IdRange[] {
  const bounds: readonly (string | null)[] = [after, ...upTos.slice(0, -1), null];
  return bounds.slice(1).map((upTo, index) => ({ after: bounds[index] ?? null, upTo }));
}
