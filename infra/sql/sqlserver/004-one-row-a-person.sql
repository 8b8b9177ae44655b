-- One row for each person. While a person is in two rows, the script changes nothing and fails. To find the rows:
--
--   SELECT s.id, s.person_id, s.submission_status, s.submission_timestamp, s.last_updated
--   FROM $(StagingTable) s
--   WHERE s.person_id IN (SELECT person_id FROM $(StagingTable) GROUP BY person_id HAVING COUNT(*) > 1)
--      OR s.person_id IS NULL
--   ORDER BY s.person_id, s.submission_timestamp;
--
-- Keep of each person the row that was sent last, since it says what DfE holds. After a copy of the table, this
-- leaves the row with the latest answer of DfE (with none, the latest row):
--
--   WITH ranked AS (
--     SELECT id, ROW_NUMBER() OVER (
--       PARTITION BY person_id
--       ORDER BY CASE WHEN LOWER(submission_status) = 'sent' THEN 0 ELSE 1 END, submission_timestamp DESC, id DESC
--     ) AS place
--     FROM $(StagingTable) WHERE person_id IS NOT NULL
--   )
--   DELETE FROM $(StagingTable) WHERE id IN (SELECT id FROM ranked WHERE place > 1);
--
-- Rows without a person_id count as one person here, but belong to no one: remove all but one, or all.
-- An index that an authority made itself is as good, whatever its name: unique, on person_id alone, without a filter.
-- (This one has no filter either: with one, every writer would need QUOTED_IDENTIFIER ON, and sqlcmd has it off.)
-- Safe to run again. sqlcmd variable: StagingTable.

IF NOT EXISTS (
    SELECT i.index_id
    FROM sys.indexes i
    JOIN sys.index_columns c ON c.object_id = i.object_id AND c.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(StagingTable)') AND i.is_unique = 1 AND i.is_disabled = 0 AND i.has_filter = 0
      AND c.is_included_column = 0
    GROUP BY i.index_id
    HAVING COUNT(*) = 1 AND MAX(COL_NAME(c.object_id, c.column_id)) = 'person_id'
)
BEGIN
    IF EXISTS (SELECT person_id FROM $(StagingTable) GROUP BY person_id HAVING COUNT(*) > 1)
    BEGIN
        THROW 50001, 'The staging table holds persons in more than one row. Nothing was changed: the head of 004-one-row-a-person.sql says how to find and correct them.', 1;
    END;
    CREATE UNIQUE INDEX ux_person_id ON $(StagingTable) (person_id);
END;
GO
