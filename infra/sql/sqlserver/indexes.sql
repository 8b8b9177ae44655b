-- Optional indexes on the columns by which the extract reads the SSD. Only for a DBA who wants them: the app runs
-- without them, slower. Safe to run again; a column that leads some index already gets no second one. To be run again
-- when the case management system makes its tables anew. A column of the type nvarchar(max) can have no index: such a
-- table is passed over. While an index is built, its table can be read but not written: not during the SSD refresh.
-- (On Azure SQL and the Enterprise edition, WITH (ONLINE = ON) lets writers in.)
-- sqlcmd variable: SsdSchema.
--
-- Measured on PGlite (the PostgreSQL twin of this script) with `npm run bench:indexes`, in time of the processor:
-- 20,000 synthetic families (29,307 persons, 59 ranges of 500), the primary keys of the published extract:
--                      range ends   one range, median   slowest   all ranges   survey and rows of nobody   building them
--   without            68 ms        176 ms              458 ms    11.0 s       2.3 s
--   with               45 ms        96 ms               316 ms    5.3 s        1.9 s                       1.6 s
-- So they halve a small part of the time of a run: worth it where the SSD is large or the database is short of I/O.
-- The app does not need them.

IF COL_LENGTH('$(SsdSchema).ssd_person', 'pers_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_person') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'pers_person_id'
)
CREATE INDEX csc_pers_person_id ON $(SsdSchema).ssd_person (pers_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_address', 'addr_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_address') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'addr_person_id'
)
CREATE INDEX csc_addr_person_id ON $(SsdSchema).ssd_address (addr_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_disability', 'disa_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_disability') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'disa_person_id'
)
CREATE INDEX csc_disa_person_id ON $(SsdSchema).ssd_disability (disa_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_immigration_status', 'immi_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_immigration_status') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'immi_person_id'
)
CREATE INDEX csc_immi_person_id ON $(SsdSchema).ssd_immigration_status (immi_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_linked_identifiers', 'link_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_linked_identifiers') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'link_person_id'
)
CREATE INDEX csc_link_person_id ON $(SsdSchema).ssd_linked_identifiers (link_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_sdq_scores', 'csdq_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_sdq_scores') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'csdq_person_id'
)
CREATE INDEX csc_csdq_person_id ON $(SsdSchema).ssd_sdq_scores (csdq_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cin_episodes', 'cine_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cin_episodes') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'cine_person_id'
)
CREATE INDEX csc_cine_person_id ON $(SsdSchema).ssd_cin_episodes (cine_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cin_assessments', 'cina_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cin_assessments') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'cina_person_id'
)
CREATE INDEX csc_cina_person_id ON $(SsdSchema).ssd_cin_assessments (cina_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_assessment_factors', 'cinf_assessment_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_assessment_factors') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'cinf_assessment_id'
)
CREATE INDEX csc_cinf_assessment_id ON $(SsdSchema).ssd_assessment_factors (cinf_assessment_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cin_plans', 'cinp_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cin_plans') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'cinp_person_id'
)
CREATE INDEX csc_cinp_person_id ON $(SsdSchema).ssd_cin_plans (cinp_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_s47_enquiry', 's47e_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_s47_enquiry') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 's47e_person_id'
)
CREATE INDEX csc_s47e_person_id ON $(SsdSchema).ssd_s47_enquiry (s47e_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_initial_cp_conference', 'icpc_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_initial_cp_conference') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'icpc_person_id'
)
CREATE INDEX csc_icpc_person_id ON $(SsdSchema).ssd_initial_cp_conference (icpc_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cp_plans', 'cppl_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cp_plans') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'cppl_person_id'
)
CREATE INDEX csc_cppl_person_id ON $(SsdSchema).ssd_cp_plans (cppl_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cla_episodes', 'clae_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cla_episodes') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'clae_person_id'
)
CREATE INDEX csc_clae_person_id ON $(SsdSchema).ssd_cla_episodes (clae_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cla_placement', 'clap_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cla_placement') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'clap_person_id'
)
CREATE INDEX csc_clap_person_id ON $(SsdSchema).ssd_cla_placement (clap_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_cla_placement', 'clap_cla_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_cla_placement') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'clap_cla_id'
)
CREATE INDEX csc_clap_cla_id ON $(SsdSchema).ssd_cla_placement (clap_cla_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_permanence', 'perm_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_permanence') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'perm_person_id'
)
CREATE INDEX csc_perm_person_id ON $(SsdSchema).ssd_permanence (perm_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_permanence', 'perm_cla_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_permanence') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'perm_cla_id'
)
CREATE INDEX csc_perm_cla_id ON $(SsdSchema).ssd_permanence (perm_cla_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_care_leavers', 'clea_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_care_leavers') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'clea_person_id'
)
CREATE INDEX csc_clea_person_id ON $(SsdSchema).ssd_care_leavers (clea_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_involvements', 'invo_person_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_involvements') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'invo_person_id'
)
CREATE INDEX csc_invo_person_id ON $(SsdSchema).ssd_involvements (invo_person_id);
GO

IF COL_LENGTH('$(SsdSchema).ssd_involvements', 'invo_referral_id') > 0
AND NOT EXISTS (
    SELECT 1 FROM sys.index_columns i
    JOIN sys.indexes x ON x.object_id = i.object_id AND x.index_id = i.index_id
    WHERE i.object_id = OBJECT_ID('$(SsdSchema).ssd_involvements') AND i.key_ordinal = 1 AND x.has_filter = 0 AND x.is_disabled = 0
      AND COL_NAME(i.object_id, i.column_id) = 'invo_referral_id'
)
CREATE INDEX csc_invo_referral_id ON $(SsdSchema).ssd_involvements (invo_referral_id);
GO
