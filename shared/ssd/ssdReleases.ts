import type { PublishedSystem } from './publishedColumns.js';
import type { KnownTable } from './tables.js';

/** What others publish, and this version was checked against. */
export interface CheckedAgainst {
  /** As they call it. */
  readonly version: string;
  /** The day on which it was published, as far as that is known. */
  readonly published?: string;
  /** Where it can be read. */
  readonly source: string;
}

/** Columns of one table that came, or have another name, since a release of the SSD. */
export interface ColumnChange {
  readonly table: KnownTable;
  /** The first numbered release that has it. */
  readonly release: string;
  /** The day of the commit of `ssdDataModel` that published it; a number may be older than the change. */
  readonly published: string;
  readonly commit: string;
  readonly came: readonly string[];
  /** The names that they replaced. */
  readonly replaced?: readonly string[];
}

/** What columns hold since a release, where the columns do not show it. */
interface ValueChange {
  readonly release: string;
  readonly column: string;
  readonly change: string;
  /** What this version does with it. */
  readonly here: string;
}

interface SystemCompatibility {
  readonly name: string;
  readonly checked: CheckedAgainst;
  /** A later release, of which the columns were compared and are the same. */
  readonly sameColumns?: CheckedAgainst;
  /** What was not compared. */
  readonly notChecked?: string;
  /** The oldest first. Releases before the first of them are not told apart. */
  readonly columnChanges: readonly ColumnChange[];
  readonly valueChanges: readonly ValueChange[];
}

const ssdDataModel = 'data-to-insight/ssd-data-model';
const ssdCommit = `${ssdDataModel} at 4987c73 (14 July 2026)`;

const ceasedDate = {
  table: 'ssd_cla_episodes',
  came: ['clae_cla_episode_ceased_date'],
  replaced: ['clae_cla_episode_ceased'],
} as const;
const names = { table: 'ssd_person', came: ['pers_forename', 'pers_surname'] } as const;
const pupilNumber = { table: 'ssd_person', came: ['pers_upn'] } as const;
const singleUniqueId = {
  table: 'ssd_person',
  came: ['pers_single_unique_id'],
  replaced: ['pers_common_child_id'],
} as const;

/**
 * The releases of the SSD, from the scripts and the git history of Data to Insight. To check a newer one: compare its
 * CREATE TABLE statements with `publishedColumns.ts`, and what it writes with the profile; then change it here.
 */
export const ssdReleases: Readonly<Record<PublishedSystem, SystemCompatibility>> = {
  systemc: {
    name: 'SystemC',
    checked: {
      version: '1.4.5',
      published: '2026-07-14',
      source: `${ssdCommit}, deployment_extracts/systemc/live/`,
    },
    sameColumns: {
      version: '1.4.9',
      published: '2026-09-14',
      source: `${ssdDataModel} at 2d4bd69, systemc_sqlserver_v1.4.9_1_20260914.sql; the day is that of its name`,
    },
    columnChanges: [
      { ...names, release: '1.2.5', published: '2025-01-22', commit: '0364458' },
      { ...ceasedDate, release: '1.2.5', published: '2025-02-14', commit: 'a3b3256' },
      { ...pupilNumber, release: '1.3.3', published: '2025-11-14', commit: '43672e1' },
      { ...singleUniqueId, release: '1.3.3', published: '2025-11-14', commit: '43672e1' },
      {
        // A late copy of 1.3.8 (21af9a9) had another name for a day.
        table: 'ssd_assessment_factors',
        release: '1.3.9',
        published: '2026-01-21',
        commit: 'cc10380',
        came: ['cinf_assessment_factors_json'],
        replaced: ['cinf_assessment_factors'],
      },
    ],
    valueChanges: [
      {
        release: '1.3.9',
        column: 'cinf_assessment_factors_json',
        change: 'a list of codes, in place of an object of codes and answers',
        here: 'both are read',
      },
      {
        release: '1.3.9',
        column: 'cinf_assessment_id',
        change: 'the id of the assessment, in place of that of its form',
        here: 'from an older release factors find no assessment, or by chance the wrong one: install a newer one before you send. The check ssdRelations says how many find one',
      },
      {
        release: '1.4.5',
        column: 'invo_professional_role_id',
        change: 'the code of the role, in place of its description',
        here: 'from an older release no care workers are sent, and the check ssdRelations lists the roles that there are',
      },
      {
        release: '1.4.6',
        column: 'immi_immigration_status',
        change: 'the code of the status, in place of its description',
        here: 'both are read',
      },
      {
        release: '1.4.7',
        column: 'addr_address_postcode',
        change: '`CON` where the address is confidential or restricted',
        here: 'it is no postcode: none is sent and a finding names the row; a postcode that DfE has acknowledged stays there',
      },
      {
        release: '1.4.8',
        column: 'clap_cla_placement_postcode',
        change: '`CON` where an address of the child is confidential or restricted',
        here: 'as in the address',
      },
      {
        release: '1.4.9',
        column: 'clae_cla_episode_start_reason, clae_cla_episode_ceased_reason',
        change: 'the code of the reason, in place of its description',
        here: 'both are read, the code where it is the national one',
      },
    ],
  },
  mosaic: {
    name: 'Mosaic',
    checked: {
      version: '1.4.4',
      published: '2026-07-08',
      source: `${ssdCommit}, deployment_extracts/mosaic/live/`,
    },
    notChecked: '1.4.8, of which only an archive was found',
    columnChanges: [
      { ...ceasedDate, release: '1.2.5', published: '2025-02-14', commit: 'a3b3256' },
      { ...pupilNumber, release: '1.3.8', published: '2025-11-17', commit: '687e3c4' },
      { ...singleUniqueId, release: '1.3.8', published: '2025-11-17', commit: '687e3c4' },
      {
        table: 'ssd_person',
        release: '1.3.9',
        published: '2026-01-28',
        commit: '67121e3',
        came: ['pers_legacy_id'],
      },
      { ...names, release: '1.4.1', published: '2026-03-03', commit: '9fdae5a' },
      {
        table: 'ssd_cp_plans',
        release: '1.4.1',
        published: '2026-03-25',
        commit: 'ca91237',
        came: ['cppl_cp_plan_ola'],
      },
    ],
    valueChanges: [],
  },
  eclipse: {
    name: 'Eclipse',
    checked: {
      version: '1.4.4',
      published: '2026-07-08',
      source: `${ssdCommit}, deployment_extracts/eclipse/live/, the scripts for PostgreSQL`,
    },
    notChecked: 'the scripts for SQL Server, which are marked as in development',
    columnChanges: [
      { ...names, release: '1.3.8', published: '2025-11-17', commit: '5cb4948' },
      { ...pupilNumber, release: '1.3.8', published: '2025-11-17', commit: '5cb4948' },
      { ...singleUniqueId, release: '1.3.8', published: '2025-11-17', commit: '5cb4948' },
      { ...ceasedDate, release: '1.3.8', published: '2025-11-17', commit: '2c22680' },
    ],
    valueChanges: [],
  },
};

/** The systems with no release to check against, and why. */
export const systemsNotChecked: readonly { readonly name: string; readonly because: string }[] = [
  {
    name: 'Azeus',
    because: `a first draft for Oracle, of ssd_person, is all that is published (${ssdCommit}, deployment_extracts/azeus/)`,
  },
  {
    name: 'CareDirector',
    because: `an empty script is all that is published (${ssdCommit}, deployment_extracts/caredirector/live/)`,
  },
];
