import { isTableForTests } from '../staging/tableForTests.js';
import { addressOf, isLoopback, isOfDfe, receiverKindsIn } from './addresses.js';
import { isAdded, isKnown } from './dfeAddresses.js';
import { isPseudonymised, type SendingSettings, type Settings } from './settings.js';

/** A rule about several settings. */
export interface Rule<Some> {
  readonly path: keyof Settings;
  readonly message: string;
  readonly holds: (settings: Some) => boolean;
}

const howToAdd = 'If DfE has given the authority exactly this address, add it to DFE_FURTHER_ADDRESSES';

export const sendingRules: readonly Rule<SendingSettings>[] = [
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
    message: "is DfE's test receiver, while DFE_RECEIVER says live: real children must not be sent there",
    holds: ({ DFE_RECEIVER, DFE_API_BASE_URL }) => {
      const address = addressOf(DFE_API_BASE_URL);
      return DFE_RECEIVER !== 'live' || address === undefined || !receiverKindsIn(address).test;
    },
  },
  {
    path: 'DFE_API_BASE_URL',
    message:
      "is not DfE's test receiver, while DFE_RECEIVER says test: invented children must not be sent there",
    holds: ({ DFE_RECEIVER, DFE_API_BASE_URL }) => {
      const address = addressOf(DFE_API_BASE_URL);
      if (DFE_RECEIVER !== 'test' || address === undefined || isLoopback(address)) return true;
      const { test, live } = receiverKindsIn(address);
      return !live && (test || !isOfDfe(address));
    },
  },
];

export const rules: readonly Rule<Settings>[] = [
  ...sendingRules,
  {
    path: 'PSEUDONYM_KEY',
    message:
      'is missing: give it, or KEY_VAULT_URI; real children are sent to a test receiver under pseudonyms only',
    holds: (settings) =>
      !isPseudonymised(settings) ||
      settings.KEY_VAULT_URI !== undefined ||
      settings.PSEUDONYM_KEY !== undefined,
  },
  ...(['COHORT_PLANS_MONTHS', 'COHORT_PLACEMENTS_MONTHS'] as const).map((path) => ({
    path,
    message: 'must not be more than COHORT_WINDOW_MONTHS',
    holds: (settings: Settings) => (settings[path] ?? 0) <= settings.COHORT_WINDOW_MONTHS,
  })),
  {
    path: 'RESULTS_STORAGE',
    message: 'is missing: give it, or RESULTS_STORAGE__blobServiceUri',
    holds: (settings) =>
      settings.RESULTS_STORAGE !== undefined || settings.RESULTS_STORAGE__blobServiceUri !== undefined,
  },
  {
    path: 'SSD_SYNTHETIC',
    message: 'must not be true while DFE_RECEIVER is live: invented children must not be sent there',
    holds: ({ DFE_RECEIVER, SSD_SYNTHETIC }) => DFE_RECEIVER !== 'live' || !SSD_SYNTHETIC,
  },
  {
    path: 'STAGING_TABLE',
    message: 'is a table for tests, while DFE_RECEIVER is live',
    holds: ({ DFE_RECEIVER, STAGING_TABLE }) => DFE_RECEIVER !== 'live' || !isTableForTests(STAGING_TABLE),
  },
  {
    path: 'STAGING_CONNECTION_STRING',
    message:
      "is for a try on a laptop, and must not be given while DFE_RECEIVER is live: what DfE holds is recorded in the SSD's database",
    holds: ({ DFE_RECEIVER, STAGING_CONNECTION_STRING }) =>
      DFE_RECEIVER !== 'live' || STAGING_CONNECTION_STRING === undefined,
  },
  {
    path: 'RUN_TODAY',
    message: 'is for tests and must not be given while DFE_RECEIVER is live',
    holds: ({ DFE_RECEIVER, RUN_TODAY }) => DFE_RECEIVER !== 'live' || RUN_TODAY === undefined,
  },
];
