import { utcNow } from '../database/clock.js';
import type { Engine } from '../database/database.js';
import { byCodePageAndBack, isId, type IdOrder } from '../database/idRange.js';
import { stagedId, usualIdOrder } from './stagedId.js';

/**
 * The statements about the staging table. `@rows` is a JSON array, one object a child; hashes are 64
 * hexadecimal digits, true and false are text. Every statement may be repeated.
 */
export interface StagingSql {
  /** Rows that do not exist yet. */
  readonly insertStaged: string;
  /** Rows that exist: what DfE should hold of the child from now on. One just inserted stays as it is. */
  readonly updateStaged: string;
  /**
   * Reads the rows of `@rows`, which no other writer can change until the transaction ends, with `locked_at`: the time now,
   * in UTC.
   */
  readonly lock: string;
  /** The attempt `@claimId` of run `@runId`, which is the `@runNumber`th, is about to send those rows. */
  readonly claim: string;
  /** DfE accepted what `@runId` sent, so it holds that, even if a change was staged in the meantime. */
  readonly settleAccepted: string;
  /** DfE refused what `@runId` sent. */
  readonly settleRefused: string;
  /** Writes only what is in doubt about those rows. */
  readonly writeDoubt: string;
  /** How many children DfE holds, or may hold. Column: `children`. */
  readonly countHeld: string;
  /** The highest number of a run that has sent anything. Column: `number`. */
  readonly selectHighestRunNumber: string;
  /**
   * How many ids of `@rows` the column `person_id` cannot hold as they are, because its code page lacks one of their
   * letters. Column: `children`. `undefined` where it can hold any id.
   */
  readonly countUnkeepable: string | undefined;
  /** Removes the row of `@personId` when DfE holds nothing of the child. */
  readonly removeIfNotHeld: string;
  /**
   * Removes the rows that have not changed for `@days` days, of children who have left, where DfE holds nothing, and can
   * hold nothing any more.
   */
  readonly removeLeavers: string;
}

/**
 * True for a row `t` that Data to Insight's sender has tried to send and this system has not: DfE may hold its
 * `json_payload`, even when the status is error, which their sender also writes after a lost answer.
 */
export const triedByOther = `(t.sent_run_id IS NULL AND t.acknowledged_hash IS NULL
    AND LOWER(RTRIM(t.submission_status)) IN ('sent', 'error'))`;

type ColumnType = 'short' | 'text' | 'hash';
type Columns = Readonly<Record<string, ColumnType>>;

/** What differs between the two engines. */
interface Dialect {
  readonly hex: (column: string) => string;
  /** Hexadecimal text as a binary hash. */
  readonly binary: (text: string) => string;
  /** As the moments of the table are kept: UTC, and no zone. */
  readonly now: string;
  /**
   * A text that is compared with one of another column. SQL Server refuses to compare columns of different collations
   * (errors 468 and 457), for example where the table came from another database. Where they are the same, the table's
   * index still serves.
   */
  readonly collated: (text: string) => string;
  readonly rows: (columns: Columns) => string;
  readonly update: (table: string, set: string, rows: string, on: string) => string;
  /** Reads rows and stops other writers changing them. @param columns the columns to read, given the name of the row */
  readonly lock: (table: string, columns: (row: string) => string, rows: string, on: string) => string;
  readonly deleteFrom: (table: string, where: string) => string;
  /** The moment so many days ago, as the moments of the table are kept. */
  readonly daysAgo: (days: string) => string;
}

/**
 * OPENJSON cuts a value to its declared length without an error, so every length here is wider than the column: the table
 * then refuses what is too long for it. Short ones are not `max`, so that the index on person_id serves.
 */
const sqlServerTypes = { short: 'nvarchar(4000)', text: 'nvarchar(max)', hash: 'varchar(100)' };
const postgresTypes = { short: 'text', text: 'text', hash: 'text' };

const dialects: Readonly<Record<Engine, Dialect>> = {
  sqlserver: {
    hex: (column) => `CONVERT(varchar(64), ${column}, 2)`,
    binary: (text) => `CONVERT(binary(32), ${text}, 2)`,
    now: utcNow.sqlserver,
    collated: (text) => `${text} COLLATE DATABASE_DEFAULT`,
    rows: (columns) => `OPENJSON(@rows) WITH (${columnList(columns, sqlServerTypes)}) r`,
    update: (table, set, rows, on) => `UPDATE t\nSET ${set}\nFROM ${table} t\nJOIN ${rows} ON ${on}`,
    // The update changes nothing: it makes SQL Server lock the rows without a hint.
    lock: (table, columns, rows, on) =>
      `UPDATE t\nSET last_updated = t.last_updated\nOUTPUT ${columns('inserted')}\nFROM ${table} t\nJOIN ${rows} ON ${on}`,
    deleteFrom: (table, where) => `DELETE t\nFROM ${table} t\nWHERE ${where}`,
    daysAgo: (days) => `DATEADD(day, -CAST(${days} AS int), ${utcNow.sqlserver})`,
  },
  postgres: {
    hex: (column) => `encode(${column}, 'hex')`,
    binary: (text) => `decode(${text}, 'hex')`,
    now: utcNow.postgres,
    collated: (text) => text,
    rows: (columns) => `json_to_recordset(CAST(@rows AS json)) AS r(${columnList(columns, postgresTypes)})`,
    update: (table, set, rows, on) => `UPDATE ${table} t\nSET ${set}\nFROM ${rows}\nWHERE ${on}`,
    lock: (table, columns, rows, on) =>
      `SELECT ${columns('t')}\nFROM ${table} t\nJOIN ${rows} ON ${on}\nFOR UPDATE OF t`,
    deleteFrom: (table, where) => `DELETE FROM ${table} t\nWHERE ${where}`,
    daysAgo: (days) => `(${utcNow.postgres} - CAST(${days} AS int) * INTERVAL '1 day')`,
  },
};

/** The rows of the parameter `@rows`, as a table `r`. */
export function rowsOf(engine: Engine, columns: Columns): string {
  return dialects[engine].rows(columns);
}

function columnList(columns: Columns, types: Readonly<Record<ColumnType, string>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${types[type]}`)
    .join(', ');
}

/**
 * @param table the staging table, with its schema where it is not the login's own
 * @param idOrder of its column `person_id`
 */
export function stagingSql(
  engine: Engine,
  table: string,
  idOrder: IdOrder = usualIdOrder[engine],
): StagingSql {
  const { hex, binary, now, collated, rows, update, lock, deleteFrom, daysAgo } = dialects[engine];
  const hash = binary('r.hash');
  const staged = rows({
    person_id: 'short',
    legacy_id: 'short',
    payload: 'text',
    hash: 'hash',
    row_state: 'short',
    submission_status: 'short',
    is_held: 'short',
  });
  const inDoubt = { person_id: 'short', unanswered: 'text', open_posts: 'text' } as const;
  const doubted = rows(inDoubt);
  const settled = rows({
    ...inDoubt,
    hash: 'hash',
    holds: 'text',
    receipt: 'text',
    reason: 'text',
    refused: 'hash',
  });
  const doubt = `unanswered_json_payload = r.unanswered,
    open_posts = r.open_posts`;
  const adopts = `r.is_held = 'true' AND (t.acknowledged_hash IS NULL OR t.acknowledged_hash <> t.previous_hash)`;
  const id = stagedId(idOrder);
  const isIts = isId(id, 'r.person_id', idOrder);
  const wasSent = `${isIts} AND t.sent_run_id = @runId`;

  return {
    updateStaged: update(
      table,
      `legacy_id = r.legacy_id,
    json_payload = r.payload,
    partial_json_payload = NULL,
    current_hash = ${hash},
    previous_json_payload = CASE WHEN ${adopts} THEN ${collated('r.payload')} ELSE t.previous_json_payload END,
    previous_hash = CASE WHEN ${adopts} THEN ${hash} ELSE t.previous_hash END,
    acknowledged_hash = CASE WHEN ${adopts} THEN ${hash} ELSE t.acknowledged_hash END,
    unanswered_json_payload = CASE WHEN r.is_held <> 'true' AND ${triedByOther}
      THEN COALESCE(t.unanswered_json_payload, ${collated('t.json_payload')}) ELSE t.unanswered_json_payload END,
    row_state = r.row_state,
    submission_status = r.submission_status,
    last_updated = ${now}`,
      staged,
      isIts,
    ),
    insertStaged: `INSERT INTO ${table}
  (person_id, legacy_id, json_payload, current_hash, row_state, submission_status, submission_timestamp, last_updated)
SELECT r.person_id, r.legacy_id, r.payload, ${hash}, r.row_state, r.submission_status, NULL, ${now}
FROM ${staged}
WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE ${isIts})`,
    lock: lock(
      table,
      (row) => `${row}.person_id, ${hex(`${row}.current_hash`)} AS current_hash,
  CASE WHEN ${row}.open_posts IS NOT NULL THEN ${row}.previous_json_payload END AS previous_json_payload,
  ${row}.unanswered_json_payload, ${row}.open_posts, ${row}.sent_run_id, ${row}.sent_run_number, ${row}.sent_claim_id,
  ${row}.last_updated, ${now} AS locked_at`,
      rows({ person_id: 'short' }),
      isIts,
    ),
    claim: update(
      table,
      `submission_status = 'Pending',
    sent_run_id = @runId,
    sent_run_number = @runNumber,
    sent_claim_id = @claimId,
    ${doubt},
    last_updated = ${now}`,
      doubted,
      isIts,
    ),
    settleAccepted: update(
      table,
      `previous_json_payload = r.holds,
    previous_hash = CASE WHEN r.holds IS NULL THEN NULL ELSE ${hash} END,
    acknowledged_hash = CASE WHEN r.holds IS NULL THEN NULL ELSE ${hash} END,
    ${doubt},
    submission_status = CASE WHEN t.current_hash = ${hash} THEN 'Sent' ELSE t.submission_status END,
    row_state = CASE WHEN t.current_hash = ${hash} AND r.holds IS NOT NULL THEN 'Unchanged' ELSE t.row_state END,
    api_response = r.receipt,
    refused_hash = NULL,
    submission_timestamp = ${now},
    last_updated = ${now}`,
      settled,
      wasSent,
    ),
    settleRefused: update(
      table,
      `${doubt},
    submission_status = CASE WHEN r.refused IS NOT NULL AND t.current_hash = ${hash} THEN 'Error' ELSE t.submission_status END,
    refused_hash = ${binary('r.refused')},
    api_response = r.reason,
    submission_timestamp = ${now},
    last_updated = ${now}`,
      settled,
      wasSent,
    ),
    countUnkeepable: id.isUnicode
      ? undefined
      : `SELECT COUNT(*) AS children
FROM ${rows({ person_id: 'short' })}
WHERE ${byCodePageAndBack('r.person_id', idOrder)} COLLATE Latin1_General_BIN2 <> r.person_id`,
    removeIfNotHeld: deleteFrom(
      table,
      `${isId(id, '@personId', idOrder)}
  AND t.previous_json_payload IS NULL
  AND t.unanswered_json_payload IS NULL
  AND NOT ${triedByOther}`,
    ),
    removeLeavers: deleteFrom(
      table,
      `LOWER(RTRIM(t.row_state)) = 'deleted'
  AND LOWER(RTRIM(t.submission_status)) IN ('sent', 'withdrawn')
  AND t.previous_json_payload IS NULL
  AND t.unanswered_json_payload IS NULL
  AND t.open_posts IS NULL
  AND NOT ${triedByOther}
  AND t.last_updated < ${daysAgo('@days')}`,
    ),
    writeDoubt: update(
      table,
      `${doubt},
    last_updated = ${now}`,
      doubted,
      isIts,
    ),
    countHeld: `SELECT COUNT(*) AS children
FROM ${table} t
WHERE t.previous_json_payload IS NOT NULL OR t.unanswered_json_payload IS NOT NULL OR ${triedByOther}`,
    selectHighestRunNumber: `SELECT MAX(sent_run_number) AS number FROM ${table}`,
  };
}

/** Rows of the staging table, for `stagedChildOf` to read. @param where a condition on `t` */
export function selectStaged(engine: Engine, table: string, where: string): string {
  const { hex } = dialects[engine];
  return `SELECT t.person_id, t.legacy_id, t.row_state, t.submission_status,
  ${hex('t.current_hash')} AS current_hash,
  ${hex('t.previous_hash')} AS previous_hash,
  ${hex('t.acknowledged_hash')} AS acknowledged_hash,
  ${hex('t.refused_hash')} AS refused_hash,
  t.previous_json_payload, t.unanswered_json_payload,
  CASE WHEN ${triedByOther} THEN t.json_payload END AS tried_json_payload
FROM ${table} t
WHERE ${where}`;
}

/** A child in `@rows`; the names are those of the statement's columns. */
export type JsonRow = Readonly<Record<string, string | boolean | undefined>>;

/** The parameter `@rows`. */
export function jsonRows(rows: readonly JsonRow[]): string {
  return JSON.stringify(rows);
}
