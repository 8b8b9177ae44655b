import { z } from 'zod';
import {
  addressOf,
  isAzureEndpoint,
  isKnownReceiver,
  isKnownTokenEndpoint,
  isLoopback,
  isOfDfe,
  isSafeStorageString,
  normalised,
  receiverKindsIn,
} from './settings/addresses.js';
import { careWorkerGates, unregisteredWorkerRules, type CareWorkerGate } from './child/buildRules.js';
import { collectionYears, isCollectionYear } from './child/codes.js';
import { isPlainDate } from './child/dates.js';
import { generalisations, pseudonymKeyPattern, type Generalisation } from './child/pseudonyms.js';
import { defaultWindowMonths } from './child/window.js';
import {
  defaultAgeLimit,
  defaultInclusionSets,
  inclusionSets,
  isInclusionSet,
  type InclusionSet,
} from './ssd/cohort.js';
import { vocabularyWord } from './dfe/keptWords.js';
import { longestRetrySeconds, longestTimeoutSeconds } from './host/durations.js';
import { environmentPattern } from './telemetry/events.js';
import { submissionModeSchema } from './records/runRequest.js';
import { profileNames, registrationColumn } from './ssd/profile.js';

const needed = z.string({ error: 'is missing' }).trim().min(1, 'is empty');
const plain =
  'must be an https:// address (http:// only on this machine), without name and password, query, fragment or percent-encoding';
const url = needed.refine((text) => addressOf(text) !== undefined, plain);
const endpointOf = (service: 'vault' | 'blob' | 'queue', example: string) =>
  needed.refine(
    (text) => isAzureEndpoint(service, text),
    `must be an https:// address of Azure such as ${example} (or on this machine)`,
  );
const wholeNumber = (least: number, most: number, why = '') =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(least, `must be at least ${String(least)}`)
    .max(most, `must be at most ${String(most)}${why}`);
/** What the storage SDK takes for a connection string; anything else it answers with a bare "Invalid URL". */
const storageString = /^UseDevelopmentStorage=true|(AccountName|BlobEndpoint)=/i;
const storage = needed
  .regex(storageString, 'must be a storage connection string')
  .refine(
    isSafeStorageString,
    'must be a storage connection string as Azure shows it, with endpoints of Azure or on this machine only',
  );
/** A table or schema name that may stand in a statement without quotes: letters, digits, `_`, `#`. */
const sqlName = (parts: RegExp, example: string) => needed.regex(parts, `must be a name such as ${example}`);
const yesNo = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

/** A key travels as a header. */
const supplierKey = needed.regex(/^[\x21-\x7e]+$/, 'must be the key as DfE shows it, in one line');

function isProfile(name: string): boolean {
  return name.endsWith('.json') || profileNames.some((builtIn) => builtIn === name);
}
function isCareWorkerGate(name: string): name is CareWorkerGate {
  return careWorkerGates.some((gate) => gate === name);
}

/**
 * Every setting, as an environment variable. The descriptions are the documentation: `docs/settings.md` is made from
 * them by `npm run docs:settings`.
 */
export const settingsSchema = z.object({
  LA_CODE: needed
    .regex(/^\d{3}$/, 'must be the three digits of the local authority')
    .describe('The three-digit code of the local authority; part of the address DfE is posted to.'),
  DFE_API_BASE_URL: url.describe(
    "The base address of DfE's receiver, without the part that names the authority: below `education.gov.uk`, with one of the two published paths (`/children-in-social-care-data-receiver/1` or `…-receiver-test/1`); on this machine; or in `DFE_FURTHER_ADDRESSES`.",
  ),
  DFE_TOKEN_URL: url.describe(
    'The token endpoint, as DfE gives it with the credentials: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`; below `education.gov.uk`, ending in `/token`; on this machine; or in `DFE_FURTHER_ADDRESSES`.',
  ),
  DFE_FURTHER_ADDRESSES: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((address) => address.trim()))
    .transform((addresses) => addresses.filter((address) => address !== ''))
    .refine((addresses) => addresses.every((address) => addressOf(address) !== undefined), plain)
    .describe(
      'Addresses that DfE has given the authority and this release does not know, as a comma list. `DFE_API_BASE_URL` and `DFE_TOKEN_URL` may then be one of them, whole: no part is left open. Children and credentials go there, so compare each with what DfE wrote. The preflight warns of it.',
    ),
  DFE_SCOPE: needed.describe('The scope of the token, `api://<app>/.default`, as DfE gives it.'),
  ENVIRONMENT: z
    .string()
    .regex(environmentPattern, 'must be at most 20 lower-case letters, digits and hyphens')
    .optional()
    .describe(
      'What you call the place where the app runs, such as `test` or `prod`: stands in every event in Application Insights. Without it, `DFE_RECEIVER`.',
    ),
  DFE_RECEIVER: z
    .enum(['test', 'live'], {
      error: ({ input }) => (input === undefined ? 'is missing' : 'must be test or live'),
    })
    .describe(
      'Which receiver `DFE_API_BASE_URL` is. To a test receiver every child goes under pseudonyms, unless the SSD is synthetic (`SSD_SYNTHETIC`).',
    ),
  DFE_USER_AGENT: needed
    // It travels as a header: with any other sign no POST could be made.
    .regex(/^[\x20-\x7e]+$/, 'must be plain letters, digits and signs (ASCII), such as csc-api-sender/0.1')
    .default('csc-api-sender/0.1')
    .describe("The User-Agent header; DfE's firewall has turned away some."),
  DFE_TIMEOUT_SECONDS: wholeNumber(1, longestTimeoutSeconds)
    .default(100)
    .describe('How long one POST may take before it counts as failed and is sent again.'),
  DFE_RETRY_SECONDS: wholeNumber(
    1,
    longestRetrySeconds,
    ', since longer attempts could outlast functionTimeout in host.json: give less, and the queue repeats the chunk',
  )
    .default(180)
    .describe(
      'How long a POST that DfE cannot take is repeated, with growing waits, before the chunk goes back to the queue, which gives it up to four more tries. When DfE asks to wait for longer (`Retry-After`), the run waits, and goes on by itself.',
    ),
  DFE_POSTS_IN_FLIGHT: wholeNumber(1, 32)
    .default(2)
    .describe(
      'The most POSTs under way at a time, over all instances of the app. More than two need a higher `batchSize` in host.json, too.',
    ),
  DFE_POSTS_PER_SECOND: z.coerce
    .number('must be a number')
    .min(0.01, 'must be at least 0.01')
    .max(100, 'must be at most 100')
    .default(2)
    .describe(
      "The most POSTs a second, over all instances of the app; Data to Insight's sender makes at most 2.5.",
    ),
  DFE_VOCABULARY: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
    .refine(
      (words) => words.every((word) => vocabularyWord.test(word.toLowerCase())),
      'must be a list of words of English letters only',
    )
    .describe(
      "Words that are kept of DfE's refusals besides those of the published messages (`shared/dfe/vocabulary.json`), as a list with commas. Every other word is left out and counted, since it may be a child's. The run's page has DfE's full answers for the data officer. Never add a name, or a word that only a child's record holds.",
    ),
  DFE_CLIENT_ID: needed
    .optional()
    .describe(
      'The client id of the credentials that DfE gave the authority. Needed without `KEY_VAULT_URI`. Secret.',
    ),
  DFE_CLIENT_SECRET: needed
    .optional()
    .describe('The client secret that goes with it. Needed without `KEY_VAULT_URI`. Secret.'),
  DFE_SUPPLIER_KEY: supplierKey
    .optional()
    .describe(
      'The subscription key, sent as the header SupplierKey. Needed without `KEY_VAULT_URI`. Secret.',
    ),
  DFE_SUPPLIER_KEY_SECONDARY: supplierKey
    .optional()
    .describe('The second subscription key, tried when DfE does not accept the first. Secret.'),
  PSEUDONYM_KEY: z
    .string()
    .regex(pseudonymKeyPattern, 'must be 64 hexadecimal digits')
    .optional()
    .describe(
      'The key from which the pseudonyms for a test receiver are made: 64 hexadecimal digits, drawn at random once (`openssl rand -hex 32`) and then kept. Under another key every child is another one to the receiver, and both together narrow down the true dates. Needed to send real children to a test receiver without `KEY_VAULT_URI`. Secret.',
    ),
  PSEUDONYMS_GENERALISE: z
    .string()
    .default(generalisations.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()))
    .transform((names) => (names.length === 1 && names[0] === 'none' ? [] : names))
    .refine(
      (names): names is Generalisation[] => names.every(isGeneralisation),
      `must be a comma list of ${generalisations.join(', ')}, or none`,
    )
    .describe(
      'What the pseudonyms for a test receiver make less exact, as a comma list: `monthOfBirth` (dates of birth become the first day of the month, after they were moved), `postcodeDistrict` (all postcodes of a child in one district become the same invented one). `none`: nothing. A change sends every child again.',
    ),
  KEY_VAULT_URI: endpointOf('vault', 'https://kv-csc.vault.azure.net')
    .optional()
    .describe(
      "The Key Vault that holds the credentials as the secrets `DFE-CLIENT-ID`, `DFE-CLIENT-SECRET`, `DFE-SUPPLIER-KEY` and, where there is one, `DFE-SUPPLIER-KEY-SECONDARY`, and the key of the pseudonyms as `PSEUDONYM-KEY`; read with the app's identity. It goes before the settings of these names.",
    ),
  KEY_VAULT_CLIENT_ID: needed
    .optional()
    .describe('The client id of the user-assigned identity to read the Key Vault with.'),
  SECRETS_CACHE_MINUTES: wholeNumber(1, 1440)
    .default(60)
    .describe(
      'How long the secrets of the Key Vault are used before they are read again. They are read again at once when DfE does not accept them, so that a rotation needs no restart.',
    ),
  SSD_CONNECTION_STRING: needed.describe(
    [
      'The database that holds the SSD and the staging table.',
      'SQL Server and Azure SQL: an ADO.NET or mssql string, `Server=tcp:<name>.database.windows.net,1433;Database=<name>;Authentication=Active Directory Managed Identity`, with `User Id=<client id>` for a user-assigned identity. Other values of `Authentication`: `Active Directory Default` (the person or program that is signed in: environment, identity, `az login`), `Active Directory Service Principal` with `User Id`, `Password` and `Tenant Id`, or `Sql Password` with `User Id` and `Password`.',
      'PostgreSQL: `postgresql://user:password@server:5432/database`, signs such as @ in the password percent-encoded; on Azure with no password and `?authentication=managed-identity` (or `default`, as above), `&clientId=<client id>` for a user-assigned identity, the user being the role the server has for it. TLS with a checked certificate unless the server is this machine; `?sslrootcert=<file>` for a certificate authority of your own.',
      'A laptop only: `embedded:` with an optional folder.',
      'Secret when it holds a password: in Azure give `@Microsoft.KeyVault(SecretUri=…)`, and the platform puts the secret of the vault in its place (docs/deploy.md).',
    ].join(' '),
  ),
  SSD_PROFILE: z
    .string()
    .default('systemc')
    .refine(isProfile, `must be ${profileNames.join(', ')}, or a file that ends in .json`)
    .describe(
      'How the case management system fills the SSD: systemc, mosaic, eclipse, or the file of a profile of your own, by its path in the package: `profiles/ours.json` (docs/profiles.md).',
    ),
  SSD_SCHEMA: sqlName(/^[A-Za-z_]\w*$/, 'ssd_development')
    .optional()
    .describe("The database schema of the SSD tables; without it the profile's own."),
  SSD_SYNTHETIC: yesNo
    .default(false)
    .describe(
      '`true` says that no real person stands behind any row of the SSD, so that a test receiver may have it as it is.',
    ),
  STAGING_TABLE: sqlName(/^([A-Za-z_]\w*\.)?[A-Za-z_]\w*$/, 'ssd_api_data_staging')
    .default('ssd_api_data_staging')
    .describe("The staging table, with its schema where that is not the login's own."),
  SUBMISSION_MODE: z
    .enum(submissionModeSchema.options, 'must be changes, snapshot or partial')
    .default('changes')
    .describe(
      '`changes`: each new or changed child whole; `snapshot`: every child of the cohort whole, each night; `partial`: of a changed child the changed blocks only, for the day DfE asks for it.',
    ),
  COLLECTION_YEAR: z
    .string()
    .refine(isCollectionYear, `must be ${collectionYears.join(', ')}`)
    .optional()
    .describe(
      "The collection year whose national code lists are used, whatever the date. Without it, the one that the run's date is in (it begins on 1 April). Where this release has no lists for that year, it uses the newest it has, and the preflight warns.",
    ),
  COHORT_INCLUSION_SETS: z
    .string()
    .default(defaultInclusionSets.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()))
    .refine(
      (names): names is InclusionSet[] => names.every(isInclusionSet),
      `must be a comma list of ${Object.keys(inclusionSets).join(', ')}`,
    )
    .describe('Which inclusion sets of the cohort are on, as a comma list.'),
  COHORT_AGE_LIMIT: wholeNumber(18, 30)
    .default(defaultAgeLimit)
    .describe("The age gate: a person is in whose birthday of this age comes after the window's first day."),
  COHORT_WINDOW_MONTHS: wholeNumber(24, 36)
    .default(defaultWindowMonths)
    .describe(
      "How many months the window goes back at least: it begins on the 1 April on or before that day (`@months_back` in Data to Insight's builder). More months send more children and items. Fewer months have DfE remove what falls out of the window, which the guard `leavers` holds a run for.",
    ),
  COHORT_LIST_TABLE: sqlName(/^([A-Za-z_]\w*\.)?[A-Za-z_]\w*$/, 'dbo.statutory_returns_cohort')
    .optional()
    .describe(
      "A table with a column `person_id`: the authority's own list of the cohort, as of its statutory returns. Only children on it are sent; the run's cohort report counts the difference in both directions.",
    ),
  COHORT_ALLOW_LIST_TABLE: sqlName(/^([A-Za-z_]\w*\.)?[A-Za-z_]\w*$/, 'dbo.first_children')
    .optional()
    .describe(
      'A table with a column `person_id`: the few children of the time before going live. Nobody else is sent, changed or purged.',
    ),
  CARE_WORKER_GATES: z
    .string()
    .default(careWorkerGates.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()))
    .transform((names) => names.filter((name) => name !== ''))
    .refine(
      (names): names is CareWorkerGate[] => names.every(isCareWorkerGate),
      `must be a comma list of ${careWorkerGates.join(', ')}`,
    )
    .describe(
      'Which gates a care worker must pass to be sent, as a comma list: `role` (a role of the profile), `censusDay` (active on a 31 March inside the window), `childInNeedPlan` (the referral has a child in need plan in the window).',
    ),
  UNREGISTERED_WORKERS: z
    .enum(unregisteredWorkerRules, `must be ${unregisteredWorkerRules.join(' or ')}`)
    .default('leaveOut')
    .describe(
      "What is sent of a care worker without a Social Work England number. `leaveOut`: nothing, with a finding; Data to Insight's builder leaves them out, too. `sendWorkerId`: the worker under the professional's own id, where it fits the 12 characters that DfE allows; agree it with DfE first.",
    ),
  WORKER_REGISTRATION_COLUMN: sqlName(/^[A-Za-z_]\w*$/, 'prof_staff_id')
    .default(registrationColumn)
    .describe(
      "The column of `ssd_professionals` that is sent as a worker's registration, where the number is in another one than the SSD specification says, such as `prof_staff_id`.",
    ),
  RUN_SCHEDULE: needed.describe(
    'When the nightly run starts: NCRONTAB with seconds, in UTC (`0 0 2 * * *` is 02:00 UTC). Read by the Functions host.',
  ),
  HTTP_NEEDS_SIGN_IN: yesNo
    .default(false)
    .describe(
      '`true`: a function key alone opens no call of the HTTP API; each needs somebody whom Entra ID authentication in front of the app has signed in, with the role the call asks for (docs/http.md).',
    ),
  RUN_TODAY: z
    .string()
    .refine(isPlainDate, 'must be a date yyyy-MM-dd')
    .optional()
    .describe('The date a run reports on, for tests; without it the date in Europe/London.'),
  CHUNK_MAX_CHILDREN: wholeNumber(1, 100)
    .default(100)
    .describe('The most children one POST carries; DfE takes 100.'),
  CHUNK_MAX_BYTES: wholeNumber(10_000, 10_000_000)
    .default(190_000)
    .describe('The most bytes one POST carries; DfE publishes no limit, about 196,000 were accepted.'),
  EXTRACT_RANGE_SIZE: wholeNumber(1, 10_000)
    .default(500)
    .describe('How many people are read and built at a time; bounds the memory.'),
  MAX_LEAVERS_PERCENT: wholeNumber(0, 100)
    .default(5)
    .describe(
      'A run is held when more than this share of the children DfE holds, and more than five, has left the cohort; with 0 any child that leaves holds it.',
    ),
  MAX_TABLE_FALL_PERCENT: wholeNumber(0, 100)
    .default(30)
    .describe(
      'A run is held when a table of the SSD has lost more than this share of its rows, and more than 20, since the run before, or is empty all at once; 100 leaves only the latter.',
    ),
  MAX_ID_CHURN_PERCENT: wholeNumber(0, 100)
    .default(30)
    .describe(
      'A run is held when more than this share of the ids of one kind (episodes, placements, …) that DfE holds are gone: the case management system has renewed its ids, or rows do not meet any more. 100 switches it off.',
    ),
  HELD_RUN_EXPIRES_HOURS: wholeNumber(1, 47)
    .default(20)
    .describe(
      'How long a held run waits for approval before it ends; the nightly run of the next date ends it in any case.',
    ),
  RESULTS_STORAGE: storage
    .optional()
    .describe('The storage account for runs and results, as a connection string (a laptop only). Secret.'),
  RESULTS_STORAGE__blobServiceUri: endpointOf('blob', 'https://results.blob.core.windows.net')
    .optional()
    .describe(
      'The Blob address of the storage account for runs and results; reached with the identity of the app.',
    ),
  RESULTS_STORAGE__clientId: needed
    .optional()
    .describe('The client id of the user-assigned identity to reach that storage account with.'),
  LEDGER_CONTAINER: needed
    .regex(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be the name of a Blob container')
    .default('csc-runs')
    .describe(
      'The Blob container of the ledger in that account. Bicep gives `csc-ledger`, to which the app may add and in which it need not change anything; `csc-runs` is where versions before 0.2 have it, and what is there is read in any case.',
    ),
  AzureWebJobsStorage: storage
    .optional()
    .describe(
      'The storage account of the Functions host with the queues, as a connection string (a laptop only). Read by the host, and by the preflight. Secret.',
    ),
  AzureWebJobsStorage__queueServiceUri: endpointOf('queue', 'https://host.queue.core.windows.net')
    .optional()
    .describe(
      'The Queue address of that storage account, reached with the identity of the app. Read by the host, and by the preflight.',
    ),
  AzureWebJobsStorage__accountName: needed
    .regex(/^[a-z0-9]{3,24}$/, 'must be the name of a storage account')
    .optional()
    .describe('In place of the addresses, the name of that storage account in the public Azure cloud.'),
  AzureWebJobsStorage__clientId: needed
    .optional()
    .describe('The client id of the user-assigned identity to reach that storage account with.'),
  NODE_TLS_REJECT_UNAUTHORIZED: z
    .string()
    .refine(
      (text) => text !== '0',
      'must not be 0: the app would take any server for the vault and the storage. Give a certificate authority of your own in NODE_EXTRA_CA_CERTS',
    )
    .optional()
    .describe(
      'Read by Node.js, and not to be given: with `0` it checks no certificate, so nothing is read and nothing is sent. A proxy that opens TLS needs `NODE_EXTRA_CA_CERTS` ([onboarding.md](onboarding.md#networks)).',
    ),
});

/** What sending to DfE alone needs. */
const sendingSchema = settingsSchema.pick({
  LA_CODE: true,
  DFE_API_BASE_URL: true,
  DFE_TOKEN_URL: true,
  DFE_FURTHER_ADDRESSES: true,
  DFE_SCOPE: true,
  DFE_RECEIVER: true,
  DFE_USER_AGENT: true,
  DFE_TIMEOUT_SECONDS: true,
  DFE_RETRY_SECONDS: true,
  DFE_POSTS_IN_FLIGHT: true,
  DFE_POSTS_PER_SECOND: true,
  DFE_CLIENT_ID: true,
  DFE_CLIENT_SECRET: true,
  DFE_SUPPLIER_KEY: true,
  DFE_SUPPLIER_KEY_SECONDARY: true,
  KEY_VAULT_URI: true,
  KEY_VAULT_CLIENT_ID: true,
  SECRETS_CACHE_MINUTES: true,
  COLLECTION_YEAR: true,
  NODE_TLS_REJECT_UNAUTHORIZED: true,
});
export type SendingSettings = z.output<typeof sendingSchema>;

/** A rule about several settings. */
interface Rule<Some> {
  readonly path: keyof Settings;
  readonly message: string;
  readonly holds: (settings: Some) => boolean;
}

const howToAdd = 'If DfE has given the authority this very address, add it to DFE_FURTHER_ADDRESSES';

const sendingRules: readonly Rule<SendingSettings>[] = [
  ...(['DFE_CLIENT_ID', 'DFE_CLIENT_SECRET', 'DFE_SUPPLIER_KEY'] as const).map((path) => ({
    path,
    message: 'is missing: give it, or KEY_VAULT_URI',
    holds: (settings: SendingSettings) =>
      settings.KEY_VAULT_URI !== undefined || settings[path] !== undefined,
  })),
  {
    path: 'DFE_API_BASE_URL',
    message: `is not an address of DfE's receiver that this release knows: check host, path and port. ${howToAdd}`,
    holds: (settings) => isKnown(settings, 'DFE_API_BASE_URL') || isAdded(settings, 'DFE_API_BASE_URL'),
  },
  {
    path: 'DFE_TOKEN_URL',
    message: `is not a token endpoint that this release knows: check host, path and port. ${howToAdd}`,
    holds: (settings) => isKnown(settings, 'DFE_TOKEN_URL') || isAdded(settings, 'DFE_TOKEN_URL'),
  },
  {
    path: 'DFE_API_BASE_URL',
    message: "is DfE's test receiver, while DFE_RECEIVER says live: real children must not go there",
    holds: ({ DFE_RECEIVER, DFE_API_BASE_URL }) => {
      const address = addressOf(DFE_API_BASE_URL);
      return DFE_RECEIVER !== 'live' || address === undefined || !receiverKindsIn(address).test;
    },
  },
  {
    path: 'DFE_API_BASE_URL',
    message: "is not DfE's test receiver, while DFE_RECEIVER says test: invented children must not go there",
    holds: ({ DFE_RECEIVER, DFE_API_BASE_URL }) => {
      const address = addressOf(DFE_API_BASE_URL);
      if (DFE_RECEIVER !== 'test' || address === undefined || isLoopback(address)) return true;
      const { test, live } = receiverKindsIn(address);
      return !live && (test || !isOfDfe(address));
    },
  },
];

/** The two addresses that data or credentials go to. */
type DfeAddress = 'DFE_API_BASE_URL' | 'DFE_TOKEN_URL';
type DfeAddresses = Pick<SendingSettings, DfeAddress | 'DFE_FURTHER_ADDRESSES'>;

const knownBy = { DFE_API_BASE_URL: isKnownReceiver, DFE_TOKEN_URL: isKnownTokenEndpoint } as const;

/** An address that is wrong in itself is named as that alone. */
function isKnown(settings: DfeAddresses, setting: DfeAddress): boolean {
  const address = addressOf(settings[setting]);
  return address === undefined || knownBy[setting](address);
}

function isAdded(settings: DfeAddresses, setting: DfeAddress): boolean {
  const address = addressOf(settings[setting]);
  return settings.DFE_FURTHER_ADDRESSES.some((each) => {
    const added = addressOf(each);
    return added !== undefined && address !== undefined && normalised(added) === normalised(address);
  });
}

/** The addresses of DfE that this release does not know, and only `DFE_FURTHER_ADDRESSES` allows. */
export function addressesNotKnown(settings: DfeAddresses): DfeAddress[] {
  return (['DFE_API_BASE_URL', 'DFE_TOKEN_URL'] as const).filter((setting) => !isKnown(settings, setting));
}

const rules: readonly Rule<Settings>[] = [
  ...sendingRules,
  {
    path: 'PSEUDONYM_KEY',
    message:
      'is missing: give it, or KEY_VAULT_URI; real children go to a test receiver under pseudonyms only',
    holds: (settings) =>
      !isPseudonymised(settings) ||
      settings.KEY_VAULT_URI !== undefined ||
      settings.PSEUDONYM_KEY !== undefined,
  },
  {
    path: 'RESULTS_STORAGE',
    message: 'is missing: give it, or RESULTS_STORAGE__blobServiceUri',
    holds: (settings) =>
      settings.RESULTS_STORAGE !== undefined || settings.RESULTS_STORAGE__blobServiceUri !== undefined,
  },
  {
    path: 'SSD_SYNTHETIC',
    message: 'must not be true while DFE_RECEIVER is live: invented children must not go there',
    holds: ({ DFE_RECEIVER, SSD_SYNTHETIC }) => DFE_RECEIVER !== 'live' || !SSD_SYNTHETIC,
  },
  {
    path: 'STAGING_TABLE',
    message: 'is a table for tests, while DFE_RECEIVER is live',
    holds: ({ DFE_RECEIVER, STAGING_TABLE }) =>
      DFE_RECEIVER !== 'live' || !/_(anon|local)$/i.test(STAGING_TABLE),
  },
  {
    path: 'RUN_TODAY',
    message: 'is for tests and must not be given while DFE_RECEIVER is live',
    holds: ({ DFE_RECEIVER, RUN_TODAY }) => DFE_RECEIVER !== 'live' || RUN_TODAY === undefined,
  },
];

export type Settings = z.output<typeof settingsSchema>;

/** Whether children go out under pseudonyms only: they are real, and the receiver is one for tests. */
export function isPseudonymised({
  DFE_RECEIVER,
  SSD_SYNTHETIC,
}: Pick<Settings, 'DFE_RECEIVER' | 'SSD_SYNTHETIC'>): boolean {
  return DFE_RECEIVER === 'test' && !SSD_SYNTHETIC;
}

function isGeneralisation(name: string): name is Generalisation {
  return generalisations.some((one) => one === name);
}

/** Some setting is missing or wrong. The message lists all of them and quotes no value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the settings from environment variables. Empty variables count as missing.
 * @throws SettingsError that lists everything wrong at once
 */
export function readSettings(environment: Environment): Settings {
  return read(settingsSchema, rules, environment);
}

/**
 * Whether the HTTP API turns a function key alone away. Known also when other settings are wrong, for the preflight; a
 * value that is neither `true` nor `false` opens nothing.
 */
export function needsSignIn({ HTTP_NEEDS_SIGN_IN: value }: Environment): boolean {
  const read = settingsSchema.shape.HTTP_NEEDS_SIGN_IN.safeParse(value === '' ? undefined : value);
  return !read.success || read.data;
}

/**
 * Reads what sending alone needs.
 * @throws SettingsError
 */
export function readSendingSettings(environment: Environment): SendingSettings {
  return read(sendingSchema, sendingRules, environment);
}

/**
 * Reads what a command needs: some of the settings.
 * @param schema of the shape of `settingsSchema`
 * @throws SettingsError
 */
export function readSomeSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  return read(schema, [], environment);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Control and format characters, and the line breaks of Unicode: programs read them each in their own way. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function read<Schema extends z.ZodObject>(
  schema: Schema,
  theRules: readonly Rule<z.output<Schema>>[],
  environment: Environment,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const coherent = theRules.reduce<Schema>(
    // A rule is looked at also when something else is wrong: a person mends all of it at once.
    (soFar, { path, message, holds }) => soFar.refine(holds, { path: [path], message, when: isObject }),
    schema,
  );
  const settings = coherent.safeParse(given);
  const unprintable = Object.keys(schema.shape).filter((name) => invisible.test(given[name] ?? ''));
  if (settings.success && unprintable.length === 0) return settings.data;
  const wrong = new Set([
    ...unprintable.map(
      (name) =>
        `  ${name} holds a character that cannot be seen, such as a tab or a line break: enter it anew`,
    ),
    ...(settings.error?.issues ?? []).map((issue) => `  ${issue.path.join('.')} ${issue.message}`),
  ]);
  throw new SettingsError(
    `Nothing was read and nothing was sent, because ${String(wrong.size)} setting(s) are wrong:\n${[...wrong].join('\n')}\nEach setting is explained in docs/settings.md.`,
  );
}

function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}
