-- For the copy of the SSD to Azure SQL (docs/ssd-copy.md): an empty table of the same columns for each table of the SSD, in
-- a schema of its own, and what the identity of the Data Factory may do: fill these, and replace the rows of the SSD. It
-- has no right on the staging table, may change no table, and needs no role: remove them if it has any.
-- The tables of the SSD must be there, as in the source but without foreign keys between them: rows are replaced table by
-- table. Make the user first, with user.sql.
-- Safe to run again, by someone who may create schemas and tables, and grant. Run it again when a table of the SSD was created
-- again, because its rights are lost with it; drop its twin first when its columns have changed. A table that does not exist is
-- skipped. Where your profile renames a table, rename it here; a list of COHORT_LIST_TABLE that is copied needs a line.
-- sqlcmd variables: CopyUser (the database user, which has the name of the factory), SsdSchema, IncomingSchema.

IF SCHEMA_ID('$(IncomingSchema)') IS NULL
EXECUTE ('CREATE SCHEMA [$(IncomingSchema)]');
GO

DECLARE @tables TABLE (name sysname);
INSERT INTO @tables (name) VALUES
  ('ssd_person'),
  ('ssd_address'),
  ('ssd_disability'),
  ('ssd_immigration_status'),
  ('ssd_linked_identifiers'),
  ('ssd_sdq_scores'),
  ('ssd_cin_episodes'),
  ('ssd_cin_assessments'),
  ('ssd_assessment_factors'),
  ('ssd_cin_plans'),
  ('ssd_s47_enquiry'),
  ('ssd_initial_cp_conference'),
  ('ssd_cp_plans'),
  ('ssd_cla_episodes'),
  ('ssd_cla_placement'),
  ('ssd_permanence'),
  ('ssd_care_leavers'),
  ('ssd_involvements'),
  ('ssd_professionals');

-- UNION ALL, so that no column of the new table is an identity: ids come as they are.
DECLARE @statements nvarchar(max) = N'';
SELECT @statements = @statements
  + CASE WHEN OBJECT_ID('$(IncomingSchema).' + name) IS NULL
    THEN N'SELECT TOP (0) * INTO [$(IncomingSchema)].' + QUOTENAME(name) + N' FROM [$(SsdSchema)].' + QUOTENAME(name)
      + N' UNION ALL SELECT TOP (0) * FROM [$(SsdSchema)].' + QUOTENAME(name) + N'; '
    ELSE N'' END
  + N'GRANT SELECT, INSERT, DELETE ON OBJECT::[$(IncomingSchema)].' + QUOTENAME(name) + N' TO [$(CopyUser)]; '
  + N'GRANT INSERT, DELETE ON OBJECT::[$(SsdSchema)].' + QUOTENAME(name) + N' TO [$(CopyUser)]; '
FROM @tables
WHERE OBJECT_ID('$(SsdSchema).' + name) IS NOT NULL;
EXECUTE sp_executesql @statements;
GO

-- The check: every right and role of the user. Correct is CONNECT on the database, DELETE and INSERT on each table of the
-- SSD, SELECT besides on its twin, and no role; anything else is too much.
SELECT p.state_desc COLLATE DATABASE_DEFAULT AS state,
  p.permission_name COLLATE DATABASE_DEFAULT AS may,
  CASE WHEN p.class = 1 THEN OBJECT_SCHEMA_NAME(p.major_id) + '.' + OBJECT_NAME(p.major_id)
       WHEN p.class = 3 THEN SCHEMA_NAME(p.major_id)
       ELSE DB_NAME() END COLLATE DATABASE_DEFAULT AS on_what
FROM sys.database_permissions p
WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID('$(CopyUser)')
UNION ALL
SELECT 'ROLE', r.name COLLATE DATABASE_DEFAULT, DB_NAME() COLLATE DATABASE_DEFAULT
FROM sys.database_role_members m
JOIN sys.database_principals r ON r.principal_id = m.role_principal_id
WHERE m.member_principal_id = DATABASE_PRINCIPAL_ID('$(CopyUser)')
ORDER BY on_what, may;
GO
