-- Data to Insight's PostgreSQL script makes payloads JSONB and times TIMESTAMPTZ. This system keeps a payload to the
-- letter, since its hash is of the text, and times in UTC without a zone. Existing payloads lose only the order of
-- their keys, which no comparison uses; times keep their moment, and defaults become UTC.
-- partial_json_payload may be empty, which one of their versions forbids.
-- Safe to run again; a table without such columns is left as it is. A view that reads such a column must be dropped
-- first and made again. Variable: StagingTable.

DO $$
DECLARE
    unlike RECORD;
BEGIN
    FOR unlike IN
        SELECT a.attname AS name, a.atthasdef AS has_default, t.typname AS type
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = '$(StagingTable)'::regclass AND NOT a.attisdropped
          AND (t.typname IN ('json', 'jsonb')
                AND a.attname IN ('previous_json_payload', 'json_payload', 'partial_json_payload',
                    'unanswered_json_payload', 'api_response')
            OR t.typname = 'timestamptz' AND a.attname IN ('submission_timestamp', 'last_updated'))
    LOOP
        IF unlike.type = 'timestamptz' THEN
            EXECUTE format('ALTER TABLE $(StagingTable) ALTER COLUMN %1$I DROP DEFAULT,
                ALTER COLUMN %1$I TYPE TIMESTAMP USING %1$I AT TIME ZONE ''UTC''', unlike.name);
            IF unlike.has_default THEN
                EXECUTE format('ALTER TABLE $(StagingTable) ALTER COLUMN %I SET DEFAULT (now() AT TIME ZONE ''UTC'')',
                    unlike.name);
            END IF;
        ELSE
            EXECUTE format('ALTER TABLE $(StagingTable) ALTER COLUMN %1$I TYPE TEXT USING %1$I::text', unlike.name);
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT 1 FROM pg_attribute a
        WHERE a.attrelid = '$(StagingTable)'::regclass AND a.attname = 'partial_json_payload' AND a.attnotnull
    ) THEN
        ALTER TABLE $(StagingTable) ALTER COLUMN partial_json_payload DROP NOT NULL;
    END IF;
END
$$;
-- GO
