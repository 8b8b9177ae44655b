import type { Parameters } from './database.js';

/**
 * A stretch of ids in the database's own order: after `after` (from the first one when null) up to and including
 * `upTo` (to the last one when null). Only the database compares ids, and by one
 * collation for every table (`SsdLayout.idCollation`).
 */
export interface IdRange {
  readonly after: string | null;
  readonly upTo: string | null;
}

/** The condition that limits `column` to the range; its parameters are those of `rangeParameters`. */
export function inRange(column: string, { after, upTo }: IdRange): string {
  const bounds = [
    after === null ? '' : `${column} > @after`,
    upTo === null ? '' : `${column} <= @upTo`,
  ].filter((bound) => bound !== '');
  return bounds.length > 0 ? bounds.join(' AND ') : `${column} IS NOT NULL`;
}

export function rangeParameters({ after, upTo }: IdRange): Parameters {
  return { ...(after === null ? {} : { after }), ...(upTo === null ? {} : { upTo }) };
}

/**
 * Ranges that join up and cover every id there can be after `after`.
 * @param upTos the last id of each range, in the database's order; the last range ignores its own and stays open
 */
export function joinedRanges(upTos: readonly string[], after: string | null = null): IdRange[] {
  const bounds: readonly (string | null)[] = [after, ...upTos.slice(0, -1), null];
  return bounds.slice(1).map((upTo, index) => ({ after: bounds[index] ?? null, upTo }));
}
