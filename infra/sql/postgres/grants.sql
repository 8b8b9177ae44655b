-- What the app's identity may do, and nothing else: read the SSD tables that the payload needs, and read, add, change and
-- remove rows of the staging table, with the sequence that numbers them where Data to Insight's script made the table. It
-- owns nothing, and needs to be a member of no role. The right to read a table also lets INFORMATION_SCHEMA.COLUMNS show
-- it, which tells the app which columns exist.
-- Safe to run again, by someone who may grant. Run it again when the case management system recreates its tables, because
-- their rights are lost with them. A table that does not exist is skipped. Names are those of the SSD specification:
-- where your profile renames a table, rename it here. Lists that COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE name need
-- a line of their own.
-- Variables: AppUser (the role of the app's identity, which must exist), SsdSchema, StagingTable.

DO $$
DECLARE
    readable TEXT;
    numbering TEXT;
BEGIN
    FOREACH readable IN ARRAY ARRAY[
        'ssd_person',
        'ssd_address',
        'ssd_disability',
        'ssd_immigration_status',
        'ssd_linked_identifiers',
        'ssd_sdq_scores',
        'ssd_cin_episodes',
        'ssd_cin_assessments',
        'ssd_assessment_factors',
        'ssd_cin_plans',
        'ssd_s47_enquiry',
        'ssd_initial_cp_conference',
        'ssd_cp_plans',
        'ssd_cla_episodes',
        'ssd_cla_placement',
        'ssd_permanence',
        'ssd_care_leavers',
        'ssd_involvements',
        'ssd_professionals',
        -- Only in an SSD of invented children: the mark of their generator.
        'csc_local_stack'
    ] LOOP
        IF to_regclass('$(SsdSchema).' || readable) IS NOT NULL THEN
            EXECUTE format('GRANT SELECT ON %s TO %I', to_regclass('$(SsdSchema).' || readable), '$(AppUser)');
        END IF;
    END LOOP;
    EXECUTE (
        SELECT format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, '$(AppUser)')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = '$(StagingTable)'::regclass
    );
    -- An identity column, as in our own table, needs no such right.
    SELECT pg_get_serial_sequence('$(StagingTable)', a.attname) INTO numbering
    FROM pg_attribute a
    WHERE a.attrelid = '$(StagingTable)'::regclass AND a.attname = 'id' AND a.attidentity = '';
    IF numbering IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', numbering, '$(AppUser)');
    END IF;
END
$$;
-- GO

GRANT USAGE ON SCHEMA $(SsdSchema) TO "$(AppUser)";
-- GO

GRANT SELECT, INSERT, UPDATE, DELETE ON $(StagingTable) TO "$(AppUser)";
-- GO

-- The check: every right on tables and sequences, and every role of the user. Correct is one SELECT a table, the four rights
-- on the staging table, USAGE of its sequence where it has one, and no role; anything else is too much.
SELECT privilege_type AS may, CONCAT(table_schema, '.', table_name) AS on_what
FROM information_schema.role_table_grants
WHERE grantee = '$(AppUser)'
UNION ALL
SELECT privilege_type, CONCAT(object_schema, '.', object_name)
FROM information_schema.role_usage_grants
WHERE grantee = '$(AppUser)' AND object_type = 'SEQUENCE'
UNION ALL
SELECT 'ROLE', r.rolname
FROM pg_auth_members m
JOIN pg_roles r ON r.oid = m.roleid
JOIN pg_roles u ON u.oid = m.member
WHERE u.rolname = '$(AppUser)'
ORDER BY on_what, may;
-- GO
