import type { Engine } from '../database/database.js';

/**
 * The statements that write the staging table. `@rows` is a JSON array, one object a child; hashes are 64
 * hexadecimal digits. Every statement may be repeated.
 */
export interface StagingSql {
  /** A binary hash column as hexadecimal text. */
  hex(column: string): string;
  /** Rows that exist: what the child should look like at DfE from now on. `@rows`: StagingWrite[]. */
  readonly updateStaged: string;
  /** Rows that do not exist yet. `@rows`: StagingWrite[]. */
  readonly insertStaged: string;
  /** DfE accepted: it holds what was sent, whether or not a change was staged meanwhile. `@rows`: Settlement[]. */
  readonly settleAccepted: string;
  /** DfE refused the payload the row still holds. `@rows`: Settlement[]. */
  readonly settleRefused: string;
}

export const stagingSql: Readonly<Record<Engine, (table: string) => StagingSql>> = {
  sqlserver: (table) => {
    // OPENJSON cuts a value to its declared length without a word, so every length here is wider than the column:
    // the table then refuses what is too long for it.
    const staged = `OPENJSON(@rows) WITH (
  personId nvarchar(4000), legacyId nvarchar(4000), json nvarchar(max), hash varchar(100),
  rowState nvarchar(100), status nvarchar(100)
) r`;
    const settled = `OPENJSON(@rows) WITH (
  personId nvarchar(4000), hash varchar(100), holds nvarchar(max), receipt nvarchar(max), reason nvarchar(max)
) r`;
    return {
      hex: (column) => `CONVERT(varchar(64), ${column}, 2)`,
      updateStaged: `UPDATE t
SET legacy_id = r.legacyId,
    json_payload = r.json,
    current_hash = CONVERT(binary(32), r.hash, 2),
    row_state = r.rowState,
    submission_status = r.status,
    last_updated = SYSUTCDATETIME()
FROM ${table} t
JOIN ${staged} ON r.personId = t.person_id`,
      insertStaged: `INSERT INTO ${table}
  (person_id, legacy_id, json_payload, current_hash, row_state, submission_status, submission_timestamp, last_updated)
SELECT r.personId, r.legacyId, r.json, CONVERT(binary(32), r.hash, 2), r.rowState, r.status, NULL, SYSUTCDATETIME()
FROM ${staged}
WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.person_id = r.personId)`,
      settleAccepted: `UPDATE t
SET previous_json_payload = r.holds,
    previous_hash = CASE WHEN r.holds IS NULL THEN NULL ELSE CONVERT(binary(32), r.hash, 2) END,
    submission_status = CASE WHEN t.current_hash = CONVERT(binary(32), r.hash, 2) THEN 'Sent' ELSE t.submission_status END,
    row_state = CASE WHEN t.current_hash = CONVERT(binary(32), r.hash, 2) AND r.holds IS NOT NULL THEN 'Unchanged' ELSE t.row_state END,
    api_response = r.receipt,
    refused_hash = NULL,
    submission_timestamp = SYSUTCDATETIME(),
    last_updated = SYSUTCDATETIME()
FROM ${table} t
JOIN ${settled} ON r.personId = t.person_id`,
      settleRefused: `UPDATE t
SET submission_status = 'Error',
    refused_hash = t.current_hash,
    api_response = r.reason,
    submission_timestamp = SYSUTCDATETIME(),
    last_updated = SYSUTCDATETIME()
FROM ${table} t
JOIN ${settled} ON r.personId = t.person_id AND t.current_hash = CONVERT(binary(32), r.hash, 2)`,
    };
  },

  postgres: (table) => {
    const staged = `json_to_recordset(CAST(@rows AS json)) AS r(
  "personId" text, "legacyId" text, json text, hash text, "rowState" text, status text
)`;
    const settled = `json_to_recordset(CAST(@rows AS json)) AS r(
  "personId" text, hash text, holds text, receipt text, reason text
)`;
    return {
      hex: (column) => `encode(${column}, 'hex')`,
      updateStaged: `UPDATE ${table} t
SET legacy_id = r."legacyId",
    json_payload = r.json,
    current_hash = decode(r.hash, 'hex'),
    row_state = r."rowState",
    submission_status = r.status,
    last_updated = now() AT TIME ZONE 'UTC'
FROM ${staged}
WHERE r."personId" = t.person_id`,
      insertStaged: `INSERT INTO ${table}
  (person_id, legacy_id, json_payload, current_hash, row_state, submission_status, submission_timestamp, last_updated)
SELECT r."personId", r."legacyId", r.json, decode(r.hash, 'hex'), r."rowState", r.status, NULL, now() AT TIME ZONE 'UTC'
FROM ${staged}
WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.person_id = r."personId")`,
      settleAccepted: `UPDATE ${table} t
SET previous_json_payload = r.holds,
    previous_hash = CASE WHEN r.holds IS NULL THEN NULL ELSE decode(r.hash, 'hex') END,
    submission_status = CASE WHEN t.current_hash = decode(r.hash, 'hex') THEN 'Sent' ELSE t.submission_status END,
    row_state = CASE WHEN t.current_hash = decode(r.hash, 'hex') AND r.holds IS NOT NULL THEN 'Unchanged' ELSE t.row_state END,
    api_response = r.receipt,
    refused_hash = NULL,
    submission_timestamp = now() AT TIME ZONE 'UTC',
    last_updated = now() AT TIME ZONE 'UTC'
FROM ${settled}
WHERE r."personId" = t.person_id`,
      settleRefused: `UPDATE ${table} t
SET submission_status = 'Error',
    refused_hash = t.current_hash,
    api_response = r.reason,
    submission_timestamp = now() AT TIME ZONE 'UTC',
    last_updated = now() AT TIME ZONE 'UTC'
FROM ${settled}
WHERE r."personId" = t.person_id AND t.current_hash = decode(r.hash, 'hex')`,
    };
  },
};
