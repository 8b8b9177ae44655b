import type { Database } from '../../shared/database/database.js';

/** Makes the staging table with the columns and types of Data to Insight's published PostgreSQL script, version 0.1.0. */
export async function aTableOfDataToInsightOnPostgres(database: Database, table: string): Promise<void> {
  const payloads = [
    'previous_json_payload jsonb',
    'json_payload jsonb NOT NULL',
    'partial_json_payload jsonb',
  ];
  const moments = ['submission_timestamp', 'last_updated'].map((name) => `${name} timestamptz DEFAULT now()`);
  const columns = [
    'id bigserial PRIMARY KEY',
    'person_id varchar(48)',
    ...payloads,
    ...['current_hash bytea', 'previous_hash bytea'],
    "submission_status varchar(50) DEFAULT 'Pending'",
    ...moments,
    'api_response text',
    "row_state varchar(10) DEFAULT 'New'",
  ];
  await database.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
}
