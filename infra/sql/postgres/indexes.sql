-- Optional indexes on the columns by which the extract reads the SSD, without the blanks behind their values: so the
-- app compares ids, and an index on the bare column does not serve. Only for a DBA who wants them: the app runs
-- without them, slower. Safe to run again; a column that leads some index already gets no second one. To be run again
-- when the case management system makes its tables anew.
-- Variable: SsdSchema.
--
-- Measured on PGlite with `npm run bench:indexes`, in time of the processor: 20,000 synthetic families (29,307
-- persons, 59 ranges of 500), the primary keys of the published extract:
--                      range ends   one range, median   slowest   all ranges   survey and rows of nobody   building them
--   without            68 ms        176 ms              458 ms    11.0 s       2.3 s
--   with               45 ms        96 ms               316 ms    5.3 s        1.9 s                       1.6 s
-- So they halve a small part of the time of a run: worth it where the SSD is large or the database is short of I/O.
-- The app does not need them.

DO $$
DECLARE
    wanted RECORD;
BEGIN
    FOR wanted IN
        SELECT c.oid AS table_id, c.relname AS table_name, a.attname AS column_name
        FROM (VALUES
            ('ssd_person', 'pers_person_id'),
            ('ssd_address', 'addr_person_id'),
            ('ssd_disability', 'disa_person_id'),
            ('ssd_immigration_status', 'immi_person_id'),
            ('ssd_linked_identifiers', 'link_person_id'),
            ('ssd_sdq_scores', 'csdq_person_id'),
            ('ssd_cin_episodes', 'cine_person_id'),
            ('ssd_cin_assessments', 'cina_person_id'),
            ('ssd_assessment_factors', 'cinf_assessment_id'),
            ('ssd_cin_plans', 'cinp_person_id'),
            ('ssd_s47_enquiry', 's47e_person_id'),
            ('ssd_initial_cp_conference', 'icpc_person_id'),
            ('ssd_cp_plans', 'cppl_person_id'),
            ('ssd_cla_episodes', 'clae_person_id'),
            ('ssd_cla_placement', 'clap_person_id'),
            ('ssd_cla_placement', 'clap_cla_id'),
            ('ssd_permanence', 'perm_person_id'),
            ('ssd_permanence', 'perm_cla_id'),
            ('ssd_care_leavers', 'clea_person_id'),
            ('ssd_involvements', 'invo_person_id'),
            ('ssd_involvements', 'invo_referral_id')
        ) AS w (table_name, column_name)
        JOIN pg_class c ON c.relname = w.table_name AND c.relkind IN ('r', 'p')
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = LOWER('$(SsdSchema)')
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
        -- An id of another type is converted before it is compared.
        WHERE a.atttypid IN ('varchar'::regtype, 'text'::regtype, 'bpchar'::regtype)
        AND NOT EXISTS (
            SELECT 1 FROM pg_index i
            WHERE i.indrelid = c.oid AND i.indpred IS NULL
              AND pg_get_indexdef(i.indexrelid, 1, true) IN (
                  format('rtrim(%I)', w.column_name), format('rtrim(%I::text)', w.column_name)
              )
        )
    LOOP
        EXECUTE format('CREATE INDEX %I ON %s (RTRIM(%I))',
            'csc_' || wanted.column_name, wanted.table_id::regclass, wanted.column_name);
    END LOOP;
END
$$;
