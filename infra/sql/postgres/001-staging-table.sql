-- The staging table ssd_api_data_staging: one row a child, what DfE should hold and what it has acknowledged.
-- Safe to run again, and on an existing table with columns of any width: it is left as it is.
-- Run 001 to 005 in their order, with `npm run migrate`.
-- Variable: StagingTable (ssd_api_data_staging, or its twin ssd_api_data_staging_anon for tests; with its schema
-- where that is not the login's own).

CREATE TABLE IF NOT EXISTS $(StagingTable) (
    id                    INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id             VARCHAR(20),                     -- la_child_id
    legacy_id             VARCHAR(36),                     -- mis_child_id
    previous_json_payload TEXT,                            -- the payload DfE acknowledged last
    json_payload          TEXT NOT NULL,                   -- the payload DfE should hold
    partial_json_payload  TEXT,
    current_hash          BYTEA,                           -- SHA-256 of json_payload
    previous_hash         BYTEA,                           -- SHA-256 of previous_json_payload
    submission_status     VARCHAR(50) DEFAULT 'Pending',   -- Staged, Pending, Sent, Error, Withdrawn
    submission_timestamp  TIMESTAMP,                       -- when DfE answered, UTC
    api_response          TEXT,                            -- DfE's receipt, or why it refused
    row_state             VARCHAR(10) DEFAULT 'New',       -- New, Updated, Deleted, Unchanged
    last_updated          TIMESTAMP                        -- UTC
);
-- GO
