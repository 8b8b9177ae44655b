import { codeListsByYear } from '../child/codes/codeLists.js';
import type { Profile } from './profile.js';
import { ssdReleases, type CheckedAgainst } from './ssdReleases.js';

/*
 * What this version was checked against, besides the SSD: change it with every check. docs/compatibility.md is made from it.
 */

const dataFlows = 'data-to-insight/dfe-csc-api-data-flows at 41e6f19 (10 August 2026)';

/** DfE publishes it behind a login: what it says is known through Data to Insight. */
export const dfeSpecification: CheckedAgainst = {
  version: '0.8',
  source: `${dataFlows}: docs/index.md names it, and docs/json_payload_structure.md describes the payload as of 0.7. DfE's own file, openapi.json on use-an-api.education.gov.uk, needs a login and was not read`,
};

/** A staging table as one version of Data to Insight's builder makes it. */
interface StagingLayout extends CheckedAgainst {
  readonly engine: 'SQL Server' | 'PostgreSQL';
  /** The length of `person_id`. */
  readonly personIdLength: 20 | 36 | 48;
  /** What it lacks of the columns of the newest. */
  readonly lacks: readonly string[];
}

/** The builder whose staging table and payloads were compared with this version. */
export const stagingBuilder: CheckedAgainst = {
  version: '0.4.8',
  published: '2026-07-30',
  source: `${dataFlows}, build_dfe_payload_staging/populate_ssd_api_data_staging.sql; it has this number since 103ff5a`,
};

/** What earlier installations may have, the oldest first; `npm run migrate` brings each up to date. */
export const stagingLayouts: readonly StagingLayout[] = [
  {
    version: 'without a number (setup.sql)',
    published: '2025-01-21',
    source: 'at 1bbe372',
    engine: 'SQL Server',
    personIdLength: 48,
    lacks: ['legacy_id', 'previous_json_payload', 'partial_json_payload'],
  },
  {
    version: 'without a number',
    published: '2025-09-16',
    source: 'at d65fbd5',
    engine: 'SQL Server',
    personIdLength: 48,
    lacks: ['legacy_id', 'partial_json_payload'],
  },
  {
    version: '0.1.1',
    published: '2025-09-19',
    source: 'at 482c815',
    engine: 'SQL Server',
    personIdLength: 48,
    lacks: ['legacy_id'],
  },
  {
    version: '0.1.0 for PostgreSQL, in development',
    published: '2025-11-05',
    source: 'at b4f3fe5',
    engine: 'PostgreSQL',
    personIdLength: 48,
    lacks: ['legacy_id'],
  },
  {
    version: '0.3.2',
    published: '2026-01-26',
    source: 'at 7287941',
    engine: 'SQL Server',
    personIdLength: 36,
    lacks: [],
  },
  {
    version: '0.4.5',
    published: '2026-06-11',
    source: 'at 21076ed',
    engine: 'SQL Server',
    personIdLength: 20,
    lacks: [],
  },
];

/** The columns of the newest of these layouts. */
export const columnsOfDataToInsight: readonly string[] = [
  'id',
  'person_id',
  'legacy_id',
  'previous_json_payload',
  'json_payload',
  'partial_json_payload',
  'current_hash',
  'previous_hash',
  'submission_status',
  'submission_timestamp',
  'api_response',
  'row_state',
  'last_updated',
];

/** The columns that this system adds, and the release that adds each. */
export const columnsOfThisSystem: Readonly<Record<string, string>> = {
  refused_hash: '0.1',
  acknowledged_hash: '0.1',
  unanswered_json_payload: '0.1',
  sent_run_id: '0.1',
  sent_claim_id: '0.1',
  sent_run_number: '0.2',
  open_posts: '0.2',
};

/** What this version was checked against, for a council with one profile: plain data for files that others read. */
export interface Compatibility {
  /** The case management system; null where the profile extends none of the built-in ones. */
  readonly system: string | null;
  /** The release of the SSD; null likewise. */
  readonly ssdRelease: CheckedAgainst | null;
  readonly dfeSpecification: CheckedAgainst;
  /** The national code lists, the oldest year first. */
  readonly codeLists: readonly { readonly collectionYear: string; readonly checkedOn: string }[];
  readonly stagingBuilder: CheckedAgainst;
}

export function compatibilityOf({ system }: Pick<Profile, 'system'>): Compatibility {
  const releases = system && ssdReleases[system];
  return {
    system: releases?.name ?? null,
    ssdRelease: releases?.checked ?? null,
    dfeSpecification,
    codeLists: codeListsByYear.map(({ collectionYear, checked }) => ({
      collectionYear,
      checkedOn: checked.on,
    })),
    stagingBuilder,
  };
}
