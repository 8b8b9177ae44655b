import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { connectionError } from '../../shared/database/connectionError.js';
import { statementError } from '../../shared/database/statementError.js';
import type { PreflightParts } from '../../shared/preflight/parts.js';
import { runStore } from '../../shared/records/runStore.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { changedRulesOf } from '../../shared/settings/rulesFile.js';
import { supportBundle, type SupportParts } from '../../shared/support/supportBundle.js';
import { writePastNight } from '../pages/pastRuns.js';
import { aDfe, opened } from '../preflight/preflightsOn.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { enough } from '../settings/enough.js';
import { agreedTerms } from '../settings/someTerms.js';

/** Part of everything that must not be in a bundle. */
const seeded = /seeded|Acacia/i;
const versions = { app: '1.2.3', node: 'v22.0.0' };
const now = () => new Date('2026-08-11T08:00:00Z');

const secretive = {
  ...enough,
  DFE_CLIENT_ID: 'seeded-client',
  DFE_CLIENT_SECRET: 'seeded-secret',
  DFE_SUPPLIER_KEY: 'seeded-key',
  DFE_SCOPE: 'api://seeded/.default',
  DFE_USER_AGENT: 'seeded agent',
  DFE_VOCABULARY: 'seededword',
  DFE_TOKEN_URL: 'https://login.microsoftonline.com/seeded/oauth2/v2.0/token',
  KEY_VAULT_URI: 'https://kv-seeded.vault.azure.net',
  KEY_VAULT_CLIENT_ID: 'seeded-identity',
  RESULTS_STORAGE: '',
  RESULTS_STORAGE__blobServiceUri: 'https://stseeded.blob.core.windows.net',
  SSD_CONNECTION_STRING: 'Server=seeded.database.windows.net;Database=seeded;User Id=seeded;Password=seeded',
  RUN_SCHEDULE: 'seeded',
  HTTPS_PROXY: 'http://seeded:8080',
};

/** A driver's error, as a server quotes a row in it. */
function quoting(): Error {
  return Object.assign(new Error('Child Smith seeded-id, 12 Acacia Ave'), { number: 2627, class: 14 });
}

function failingParts(changed: Partial<PreflightParts> = {}): PreflightParts {
  const fails = () => Promise.reject(quoting());
  return {
    openDatabase: () => opened(() => Promise.reject(statementError(quoting()))),
    ssdOf: () => {
      throw quoting();
    },
    system: 'systemc',
    terms: agreedTerms,
    careWorkerRoles: new Set(['seeded role']),
    today: () => plainDate('2026-08-11'),
    changedRules: [],
    codeLists: () => {
      throw quoting();
    },
    stagingTable: 'ssd_api_data_staging',
    readInvented: fails,
    readPseudonyms: fails,
    openDfe: () => ({ ...aDfe('refused'), probe: fails }),
    receiver: { receiver: 'live', baseUrl: secretive.DFE_API_BASE_URL },
    addressesNotKnown: [],
    blobs: { write: fails, read: fails, time: fails },
    ledger: { create: fails, read: fails },
    openQueues: () => ({ tryMessage: fails, messagesIn: fails }),
    now,
    ...changed,
  };
}

function bundle(
  parts: () => SupportParts,
  environment: Readonly<Record<string, string>> = secretive,
  mayCheckAll = true,
) {
  return supportBundle(parts, { environment, versions, now, mayCheckAll });
}

const noRuns = (): SupportParts => ({ runs: runStore(new MemoryBlobs()), preflight: failingParts() });

describe('a support bundle', () => {
  it('shows no secret, no address of the council and no free text, and what kind of database and sign-in there is', async () => {
    const made = await bundle(noRuns);
    assert.doesNotMatch(JSON.stringify(made), seeded);
    const setting = (name: string) => made.settings.find((each) => each.name === name);
    assert.deepEqual(setting('DFE_CLIENT_SECRET'), { name: 'DFE_CLIENT_SECRET', is: 'given' });
    assert.deepEqual(setting('PSEUDONYM_KEY'), { name: 'PSEUDONYM_KEY', is: 'not given' });
    assert.deepEqual(setting('RUN_SCHEDULE'), { name: 'RUN_SCHEDULE', is: 'given' });
    assert.deepEqual(setting('CHUNK_MAX_CHILDREN'), {
      name: 'CHUNK_MAX_CHILDREN',
      is: 'default',
      value: '100',
    });
    assert.equal(setting('SSD_CONNECTION_STRING')?.value, 'SQL Server, user and password');
    assert.equal(made.laCode, '999');
  });

  it('is made when nothing answers, says so of each part, and quotes nothing of an error', async () => {
    const blobs = new MemoryBlobs();
    blobs.folders = () => Promise.reject(quoting());
    const made = await bundle(() => ({ runs: runStore(blobs), preflight: failingParts() }));
    assert.doesNotMatch(JSON.stringify(made), seeded);
    assert.equal(made.preflight.outcome, 'fail');
    assert.match(JSON.stringify(made.childrenByState), /notKnown.*2627/);
    assert.match(JSON.stringify(made.runs), /notKnown/);
    assert.match(JSON.stringify(made.refusals), /notKnown/);
  });

  it('is made when settings are wrong, names them, and shows no wrong value', async () => {
    const environment = {
      ...secretive,
      LA_CODE: 'seeded',
      STAGING_TABLE: 'Smith seeded; 1',
      DFE_RECEIVER: '',
    };
    const made = await bundle(() => {
      readSettings(environment);
      return noRuns();
    }, environment);
    const text = JSON.stringify(made);
    assert.doesNotMatch(text, seeded);
    assert.match(JSON.stringify(made.preflight), /LA_CODE must be .*DFE_RECEIVER is missing/);
    assert.equal(made.settings.find(({ name }) => name === 'LA_CODE')?.is, 'wrong');
    assert.match(JSON.stringify(made.runs), /LA_CODE must be/);
    assert.equal(made.laCode, undefined);
  });

  it('does not name the server of a database that cannot be reached', async () => {
    const server = 'sql-seeded.council.example';
    const refused = Object.assign(new Error('no connection'), { code: 'ESOCKET' });
    const openDatabase = () =>
      opened(() => Promise.reject(connectionError(refused, `${server}:1433`, 'sqlserver')));
    const made = await bundle(() => ({ ...noRuns(), preflight: failingParts({ openDatabase }) }), {
      ...secretive,
      SSD_CONNECTION_STRING: `Server=tcp:${server},1433;Database=ssd`,
    });
    assert.match(JSON.stringify(made.preflight), /No connection to the database server … \(ESOCKET\)/);
    assert.match(JSON.stringify(made.childrenByState), /the database server … \(ESOCKET\)/);
    assert.doesNotMatch(JSON.stringify(made), seeded);
  });

  it('does not quote the reference of the agreement, also when it was given with blanks around it', async () => {
    const { agreement } = agreedTerms;
    assert.ok(agreement !== undefined);
    const terms = { ...agreedTerms, agreement: { ...agreement, reference: 'seeded agreement' } };
    const preflight = failingParts({ terms });
    const made = await bundle(() => ({ ...noRuns(), preflight }), {
      ...secretive,
      AGREEMENT_REFERENCE: '  seeded agreement  ',
    });
    assert.match(JSON.stringify(made.preflight), /The data-sharing agreement … of /);
    assert.doesNotMatch(JSON.stringify(made), seeded);
  });

  it('leaves out the checks that leave something behind, for a person who may not ask for a preflight', async () => {
    const { preflight } = await bundle(noRuns, secretive, false);
    const skipped = preflight.checks.filter(({ found }) => found.includes('leave something behind'));
    assert.deepEqual(
      skipped.map(({ check }) => check),
      ['stagingRights', 'dfe', 'storage', 'queues'],
    );
  });

  it('says how a profile of the council differs, with its values counted and not shown', async (t) => {
    const file = await aProfile(t, {
      extends: 'systemc',
      schema: 'social',
      careWorkerRoles: ['Seeded Role'],
      valueMaps: { referralSource: { 'Mrs Seeded': '1A', Schools: '2A' } },
      tableNames: { ssd_person: 'our_people' },
      columnNames: { ssd_person: { pers_upn: 'upn_no' } },
      ways: { ssd_permanence: ['person'] },
    });
    const made = await bundle(noRuns, { ...secretive, SSD_PROFILE: file });
    assert.doesNotMatch(JSON.stringify(made), seeded);
    assert.deepEqual(made.profile, {
      profile: 'a file',
      basis: 'systemc',
      differences: {
        schema: 'social',
        tableNames: { ssd_person: 'our_people' },
        columnNames: { 'ssd_person.pers_upn': 'upn_no' },
        relations: [],
        ways: ['ssd_permanence'],
        lists: { careWorkerRoles: { added: 1, removed: 0, changed: 0 } },
        valueMaps: { referralSource: { added: 2, removed: 0, changed: 0 } },
        separators: [],
        speaks: [],
      },
    });
  });

  it('does not quote a file of changed rules that cannot be used', async () => {
    const broken = () => '{ "rules": [ { "reason": "seeded, Mrs Smith" ';
    const made = await bundle(() => {
      changedRulesOf('rules/seeded.json', broken);
      return noRuns();
    });
    assert.doesNotMatch(JSON.stringify(made), seeded);
    assert.match(JSON.stringify(made.preflight), /RULES_FILE names cannot be used, so no run can start/);
  });

  it('does not quote a profile that cannot be used', async (t) => {
    const file = await aProfile(t, { valueMaps: { referralSource: { 'Mrs Seeded': 'no code' } } });
    const made = await bundle(noRuns, { ...secretive, SSD_PROFILE: file });
    assert.doesNotMatch(JSON.stringify(made), seeded);
    assert.match(JSON.stringify(made.profile), /cannot be used/);
  });

  it("shows the last 30 runs in numbers, without people's names and words, and the refusals of the last two", async () => {
    const blobs = new MemoryBlobs();
    const runs = runStore(blobs);
    const ids = await Promise.all(
      Array.from({ length: 32 }, (_, ago) =>
        writePastNight(
          { ago, status: 'completed', accepted: 5, refused: 2, outstanding: 0 },
          plainDate('2026-08-11'),
          now(),
          runs,
        ),
      ),
    );
    const [newest = ''] = ids;
    await runs.cancellation.create(newest, {
      at: now().toISOString(),
      by: 'seeded@council.example',
      reason: 'Child Smith 12 Acacia Ave',
      cause: 'decision',
    });
    const refused = (reason: string) =>
      ({
        personId: 'seeded-id',
        hash: '0f',
        outcome: 'refused',
        reason,
        mayHold: false,
        claimId: 'a',
      }) as const;
    await runs.result.create(newest, {
      chunk: 1,
      recordedAt: now().toISOString(),
      posts: 1,
      children: [
        // As a version wrote it that kept all of DfE's words.
        refused('400: child_details.postcode Seeded is not a valid postcode'),
        refused('400: child_details.postcode … is not a valid postcode (1 word left out)'),
      ],
    });
    const made = await bundle(() => ({ runs, preflight: failingParts() }));
    assert.doesNotMatch(JSON.stringify(made), seeded);
    assert.ok('runs' in made.runs && Array.isArray(made.refusals));
    assert.equal(made.runs.runs.length, 30);
    assert.equal(made.runs.inDetail.length, 2);
    const [run] = made.runs.runs;
    assert.equal(run?.runId, newest);
    assert.equal(run.endedBy, 'decision');
    assert.equal(made.refusals.length, 2);
    const texts = made.refusals[0]?.texts ?? [];
    assert.equal(
      texts.reduce((sum, { children }) => sum + children, 0),
      2,
    );
    for (const { status, words } of texts) {
      assert.equal(status, '400');
      assert.match(words, /child_details\.postcode.*postcode/);
    }
  });
});

/** The path of a profile's file. */
async function aProfile(t: TestContext, content: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-profile-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ours.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}
