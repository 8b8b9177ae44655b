-- One row for each person. While a person is in two rows, the script changes nothing and fails. To find the rows:
--
--   SELECT s.id, s.person_id, s.submission_status, s.submission_timestamp, s.last_updated
--   FROM $(StagingTable) s
--   WHERE s.person_id IN (SELECT person_id FROM $(StagingTable) GROUP BY person_id HAVING COUNT(*) > 1)
--   ORDER BY s.person_id, s.submission_timestamp;
--
-- Keep of each person the row that was sent last, since it says what DfE holds. After a copy of the table, this
-- leaves the row with the latest answer of DfE (with none, the latest row):
--
--   WITH ranked AS (
--     SELECT id, ROW_NUMBER() OVER (
--       PARTITION BY person_id
--       ORDER BY CASE WHEN LOWER(submission_status) = 'sent' THEN 0 ELSE 1 END, submission_timestamp DESC NULLS LAST, id DESC
--     ) AS place
--     FROM $(StagingTable) WHERE person_id IS NOT NULL
--   )
--   DELETE FROM $(StagingTable) WHERE id IN (SELECT id FROM ranked WHERE place > 1);
--
-- An index that an authority made itself is as good, whatever its name: unique, on person_id alone, without a filter.
-- Safe to run again. Variables: StagingTable, StagingTableName (the same without a schema).

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = '$(StagingTable)'::regclass AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1
          AND i.indpred IS NULL AND a.attname = 'person_id'
    ) THEN
        IF EXISTS (
            SELECT 1 FROM $(StagingTable) WHERE person_id IS NOT NULL GROUP BY person_id HAVING COUNT(*) > 1
        ) THEN
            RAISE EXCEPTION 'The staging table holds persons in more than one row. Nothing was changed: the head of 004-one-row-a-person.sql says how to find and correct them.';
        END IF;
        CREATE UNIQUE INDEX $(StagingTableName)_person_id ON $(StagingTable) (person_id);
    END IF;
END
$$;
-- GO
