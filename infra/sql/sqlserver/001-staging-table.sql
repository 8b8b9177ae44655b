-- The staging table ssd_api_data_staging: one row a child, what DfE should hold and what it has acknowledged.
-- Safe to run again, and on a table that Data to Insight's scripts have made, with columns of any width: it is left
-- as it is. Run 001 to 005 in their order, with `npm run migrate` or sqlcmd -b.
-- sqlcmd variable: StagingTable (ssd_api_data_staging, or its twin ssd_api_data_staging_anon for tests; with its
-- schema where that is not the login's own).

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

