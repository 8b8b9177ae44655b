-- The columns of this system. Data to Insight's scripts name the columns that they use, so they still work.
-- Safe to run again. sqlcmd variable: StagingTable.

IF COL_LENGTH('$(StagingTable)', 'refused_hash') IS NULL
ALTER TABLE $(StagingTable) ADD refused_hash BINARY(32) NULL; -- SHA-256 of a payload that DfE refused
GO

IF COL_LENGTH('$(StagingTable)', 'acknowledged_hash') IS NULL
ALTER TABLE $(StagingTable) ADD acknowledged_hash BINARY(32) NULL; -- previous_hash, where this system has written it
GO

IF COL_LENGTH('$(StagingTable)', 'unanswered_json_payload') IS NULL
ALTER TABLE $(StagingTable) ADD unanswered_json_payload NVARCHAR(MAX) NULL; -- what was sent and never answered, one JSON a line: DfE may hold it
GO

IF COL_LENGTH('$(StagingTable)', 'sent_run_id') IS NULL
ALTER TABLE $(StagingTable) ADD sent_run_id VARCHAR(40) NULL; -- the run that sent the child last
GO

IF COL_LENGTH('$(StagingTable)', 'sent_claim_id') IS NULL
ALTER TABLE $(StagingTable) ADD sent_claim_id VARCHAR(40) NULL; -- its last attempt to do so
GO

IF COL_LENGTH('$(StagingTable)', 'sent_run_number') IS NULL
ALTER TABLE $(StagingTable) ADD sent_run_number BIGINT NULL; -- the number of that run: it only grows, whatever the clock says
GO

IF COL_LENGTH('$(StagingTable)', 'open_posts') IS NULL
ALTER TABLE $(StagingTable) ADD open_posts NVARCHAR(MAX) NULL; -- POSTs that DfE may still take: run, attempt, and when it began
GO
