-- The columns of this system. Data to Insight's scripts name the columns that they use, so they still work.
-- Safe to run again. Variable: StagingTable.

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS refused_hash BYTEA; -- SHA-256 of a payload that DfE refused
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS acknowledged_hash BYTEA; -- previous_hash, where this system has written it
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS unanswered_json_payload TEXT; -- what was sent and never answered, one JSON a line: DfE may hold it
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS sent_run_id VARCHAR(40); -- the run that sent the child last
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS sent_claim_id VARCHAR(40); -- its last attempt to do so
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS sent_run_number BIGINT; -- the number of that run: it only grows, whatever the clock says
-- GO

ALTER TABLE $(StagingTable) ADD COLUMN IF NOT EXISTS open_posts TEXT; -- POSTs that DfE may still take: run, attempt, and when it began
-- GO
