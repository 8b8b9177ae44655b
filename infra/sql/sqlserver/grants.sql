-- What the app's identity may do, and nothing else: read the SSD tables that the payload needs, and read, add, change and
-- remove rows of the staging table. It owns nothing, and needs no role: no db_datareader, no db_datawriter, no
-- db_ddladmin; remove them if it has them. The right to read a table also lets INFORMATION_SCHEMA.COLUMNS show it,
-- which tells the app which columns exist.
-- Safe to run again, by someone who may grant. Run it again when the case management system recreates its tables, because
-- their rights are lost with them. A table that does not exist is skipped. Names are those of the SSD specification:
-- where your profile renames a table, rename it here. Lists that COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE name need
-- a line of their own.
-- sqlcmd variables: AppUser (the database user of the app's identity, which must exist), SsdSchema, StagingTable.

IF OBJECT_ID('$(SsdSchema).ssd_person') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_person TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_address') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_address TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_disability') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_disability TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_immigration_status') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_immigration_status TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_linked_identifiers') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_linked_identifiers TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_sdq_scores') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_sdq_scores TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cin_episodes') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cin_episodes TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cin_assessments') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cin_assessments TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_assessment_factors') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_assessment_factors TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cin_plans') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cin_plans TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_s47_enquiry') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_s47_enquiry TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_initial_cp_conference') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_initial_cp_conference TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cp_plans') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cp_plans TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cla_episodes') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cla_episodes TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_cla_placement') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_cla_placement TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_permanence') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_permanence TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_care_leavers') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_care_leavers TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_involvements') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_involvements TO [$(AppUser)];
IF OBJECT_ID('$(SsdSchema).ssd_professionals') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).ssd_professionals TO [$(AppUser)];
-- Only in an SSD of invented children: the mark of their generator.
IF OBJECT_ID('$(SsdSchema).csc_local_stack') IS NOT NULL
GRANT SELECT ON OBJECT::$(SsdSchema).csc_local_stack TO [$(AppUser)];
GO

GRANT SELECT, INSERT, UPDATE, DELETE ON OBJECT::$(StagingTable) TO [$(AppUser)];
GO

-- The check: every right and role of the user. Correct is CONNECT on the database, one SELECT a table, the four rights on
-- the staging table, and no role; anything else is too much.
-- (COLLATE, since the catalog and the database may order text by different rules.)
SELECT p.state_desc COLLATE DATABASE_DEFAULT AS state,
  p.permission_name COLLATE DATABASE_DEFAULT AS may,
  CASE WHEN p.class = 1 THEN OBJECT_SCHEMA_NAME(p.major_id) + '.' + OBJECT_NAME(p.major_id)
       WHEN p.class = 3 THEN SCHEMA_NAME(p.major_id)
       ELSE DB_NAME() END COLLATE DATABASE_DEFAULT AS on_what
FROM sys.database_permissions p
WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID('$(AppUser)')
UNION ALL
SELECT 'ROLE', r.name COLLATE DATABASE_DEFAULT, DB_NAME() COLLATE DATABASE_DEFAULT
FROM sys.database_role_members m
JOIN sys.database_principals r ON r.principal_id = m.role_principal_id
WHERE m.member_principal_id = DATABASE_PRINCIPAL_ID('$(AppUser)')
ORDER BY on_what, may;
GO
