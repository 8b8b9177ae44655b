import type { IdOrder } from '../../shared/database/idRange.js';
import { utcNow } from '../../shared/database/clock.js';
import { stagingSql } from '../../shared/staging/stagingSql.js';

/**
 * The app's T-SQL in the words of PostgreSQL, so that runs can be played over a database that answers. Collations are
 * left out: PGlite has one.
 * @param staging the staging table and the order of its ids
 */
export function inPostgresWords(staging: {
  readonly table: string;
  readonly order: IdOrder;
}): (sql: string) => string {
  const theirs = stagingSql('postgres', staging.table);
  const ours = stagingSql('sqlserver', staging.table, staging.order);
  const writes = new Map<string | undefined, string>([
    [ours.insertStaged, theirs.insertStaged],
    [ours.updateStaged, theirs.updateStaged],
    [ours.lock, theirs.lock],
    [ours.claim, theirs.claim],
    [ours.settleAccepted, theirs.settleAccepted],
    [ours.settleRefused, theirs.settleRefused],
    [ours.writeDoubt, theirs.writeDoubt],
    [ours.removeIfNotHeld, theirs.removeIfNotHeld],
    [ours.removeLeavers, theirs.removeLeavers],
    [ours.countHeld, theirs.countHeld],
    [ours.selectHighestRunNumber, theirs.selectHighestRunNumber],
  ]);
  return (sql) =>
    writes.get(sql) ??
    sql
      .replaceAll(utcNow.sqlserver, utcNow.postgres)
      .replace(/CONVERT\(varchar\(64\), ([\w.]+), 2\)/g, "encode($1, 'hex')")
      .replace(/ COLLATE \w+/g, '')
      .replace(/N'/g, "'")
      .replace(/\bnvarchar\b/g, 'varchar')
      .replace(/\bLEN\(/g, 'LENGTH(')
      // Texts that are joined; sums stay.
      .replace(/ \+ (?=NULLIF|CASE WHEN LEFT|')/g, ' || ');
}
