-- One version of Data to Insight's scripts makes partial_json_payload NOT NULL. This system writes nothing there.
-- (EXEC, so that only a server that has such a column need know the statement: Babelfish does not.)
-- Safe to run again. sqlcmd variable: StagingTable.

IF COLUMNPROPERTY(OBJECT_ID('$(StagingTable)'), 'partial_json_payload', 'AllowsNull') = 0
EXEC('ALTER TABLE $(StagingTable) ALTER COLUMN partial_json_payload NVARCHAR(MAX) NULL');
GO
