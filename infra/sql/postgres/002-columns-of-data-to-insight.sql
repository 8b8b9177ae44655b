-- Columns that Data to Insight's newest scripts make and older ones do not. Without defaults: existing rows get no
-- values, and are compared as rows about which nothing is known.
-- Safe to run again. Variable: StagingTable.

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS legacy_id VARCHAR(36);
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS previous_json_payload TEXT;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS partial_json_payload TEXT;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS current_hash BYTEA;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS previous_hash BYTEA;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS submission_status VARCHAR(50);
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS submission_timestamp TIMESTAMP;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS api_response TEXT;
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS row_state VARCHAR(10);
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS last_updated TIMESTAMP;
-- GO
