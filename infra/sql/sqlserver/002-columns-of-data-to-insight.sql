-- Columns that Data to Insight's newest scripts make and older ones do not. Without defaults: existing rows get no
-- values, and are compared as rows about which nothing is known.
-- Safe to run again. sqlcmd variable: StagingTable.

IF COL_LENGTH('$(StagingTable)', 'legacy_id') IS NULL
ALTER TABLE $(StagingTable) ADD legacy_id NVARCHAR(36) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'previous_json_payload') IS NULL
ALTER TABLE $(StagingTable) ADD previous_json_payload NVARCHAR(MAX) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'partial_json_payload') IS NULL
ALTER TABLE $(StagingTable) ADD partial_json_payload NVARCHAR(MAX) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'current_hash') IS NULL
ALTER TABLE $(StagingTable) ADD current_hash BINARY(32) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'previous_hash') IS NULL
ALTER TABLE $(StagingTable) ADD previous_hash BINARY(32) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'submission_status') IS NULL
ALTER TABLE $(StagingTable) ADD submission_status NVARCHAR(50) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'submission_timestamp') IS NULL
ALTER TABLE $(StagingTable) ADD submission_timestamp DATETIME NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'api_response') IS NULL
ALTER TABLE $(StagingTable) ADD api_response NVARCHAR(MAX) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'row_state') IS NULL
ALTER TABLE $(StagingTable) ADD row_state NVARCHAR(10) NULL;
GO

IF COL_LENGTH('$(StagingTable)', 'last_updated') IS NULL
ALTER TABLE $(StagingTable) ADD last_updated DATETIME NULL;
GO
