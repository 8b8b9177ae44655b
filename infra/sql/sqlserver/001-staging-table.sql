-- The staging table ssd_api_data_staging: one row a child, what DfE should hold and what it has acknowledged.
-- Safe to run again, and on a table that Data to Insight's scripts have made: columns are added, none is changed.
-- sqlcmd variable: StagingTable (ssd_api_data_staging, or its twin ssd_api_data_staging_anon for tests).

IF OBJECT_ID('$(StagingTable)') IS NULL
CREATE TABLE $(StagingTable) (
    id                    INT IDENTITY(1,1) PRIMARY KEY,
    person_id             NVARCHAR(20)  NULL,              -- la_child_id
    legacy_id             NVARCHAR(36)  NULL,              -- mis_child_id
    previous_json_payload NVARCHAR(MAX) NULL,              -- the payload DfE acknowledged last
    json_payload          NVARCHAR(MAX) NOT NULL,          -- the payload DfE should hold
    partial_json_payload  NVARCHAR(MAX) NULL,
    current_hash          BINARY(32)    NULL,              -- SHA-256 of json_payload
    previous_hash         BINARY(32)    NULL,              -- SHA-256 of previous_json_payload
    submission_status     NVARCHAR(50)  DEFAULT 'Pending', -- Staged, Pending, Sent, Error, Withdrawn
    submission_timestamp  DATETIME      DEFAULT GETDATE(), -- when DfE answered; UTC, whatever the default
    api_response          NVARCHAR(MAX) NULL,              -- DfE's receipt, or why it refused
    row_state             NVARCHAR(10)  DEFAULT 'New',     -- New, Updated, Deleted, Unchanged
    last_updated          DATETIME      DEFAULT GETDATE()  -- UTC, whatever the default
);
GO

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

-- Unless some unique index on person_id alone is there already, whatever its name. Fails when the table holds two rows
-- of one person: keep the row that was sent last, remove the others, and run this again.
IF NOT EXISTS (
    SELECT i.index_id
    FROM sys.indexes i
    JOIN sys.index_columns c ON c.object_id = i.object_id AND c.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(StagingTable)') AND i.is_unique = 1 AND c.is_included_column = 0
    GROUP BY i.index_id
    HAVING COUNT(*) = 1 AND MAX(COL_NAME(c.object_id, c.column_id)) = 'person_id'
)
CREATE UNIQUE INDEX ux_person_id ON $(StagingTable) (person_id);
GO
