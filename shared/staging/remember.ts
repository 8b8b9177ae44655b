import type { Engine } from '../database/database.js';

/** A payload that was sent to DfE after the backup from which the staging table was restored. */
interface SentPayload {
  readonly personId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * SQL that adds what DfE may hold to a restored staging table: the app then sends the child again, whole, and removes what
 * the SSD no longer has. For a DBA to read and run: a script of one transaction for `psql -1 -f`, or of batches for `sqlcmd -b -x -G -i`.
 * @param table as the setting STAGING_TABLE names it
 */
export function rememberSql(engine: Engine, table: string, { personId, payload }: SentPayload): string {
  const isSqlServer = engine === 'sqlserver';
  const text = (value: unknown) =>
    typeof value === 'string' ? `${isSqlServer ? 'N' : ''}'${value.replaceAll("'", "''")}'` : 'NULL';
  const id = text(personId);
  const sent = text(JSON.stringify(payload));
  const lineBreak = isSqlServer ? 'CHAR(10)' : 'CHR(10)';
  return `UPDATE ${table}
SET unanswered_json_payload = CONCAT_WS(${lineBreak}, unanswered_json_payload, ${sent})
WHERE person_id = ${id};
INSERT INTO ${table} (person_id, legacy_id, json_payload, unanswered_json_payload, row_state, submission_status)
SELECT ${id}, ${text(payload['mis_child_id'])}, ${sent}, ${sent}, ${text('New')}, ${text('Pending')}
WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE person_id = ${id});
${isSqlServer ? 'GO\n' : ''}`;
}
