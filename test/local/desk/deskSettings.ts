import { randomBytes } from 'node:crypto';
import { UsageError, type Options } from '../options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The database of the SSD: from the environment, where no password is in the history of the shell, or from --sql. */
export function ssdConnectionOf({ sql }: Pick<Options, 'sql'>, environment: Environment): string {
  const given = sql ?? environment['SSD_CONNECTION_STRING'] ?? '';
  if (given !== '') return given;
  throw new UsageError(
    '--real needs the database of your SSD. Nothing was read. Set SSD_CONNECTION_STRING (docs/settings.md has the forms), or give --sql.',
  );
}

/** Where records go, with what proves who sends. */
const ofDfe = [
  'DFE_API_BASE_URL',
  'DFE_TOKEN_URL',
  'DFE_SCOPE',
  'DFE_CLIENT_ID',
  'DFE_CLIENT_SECRET',
  'DFE_SUPPLIER_KEY',
  'DFE_POSTS_PER_SECOND',
  'DFE_RETRY_SECONDS',
] as const;

/** What would lead to Azure: on a desk everything but the SSD and DfE is on this machine. */
const ofAzure = [
  'KEY_VAULT_URI',
  'RESULTS_STORAGE__blobServiceUri',
  'LEDGER_CONTAINER',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
] as const;

/**
 * The settings of the app that reads a council's own SSD on a desk, where they differ from those of the local stack. What
 * says how the SSD is read and what may be sent (SSD_…, COHORT_…, CATEGORIES_…, AGREEMENT_… and the like) the app takes
 * from the environment.
 * @throws UsageError when something asks for the live receiver, or the key of the pseudonyms is missing
 */
export function deskSettings(
  { keep, 'send-test': sends }: Pick<Options, 'keep' | 'send-test'>,
  environment: Environment,
): Record<string, string> {
  const given = (name: string) => environment[name] ?? '';
  if (sends && given('DFE_RECEIVER') === 'live') {
    throw new UsageError(
      "DFE_RECEIVER is live, and --send-test sends to DfE's test receiver only. Nothing was read and nothing was sent. Set DFE_RECEIVER=test, with the address and the credentials of the test receiver.",
    );
  }
  if (keep !== undefined && given('PSEUDONYM_KEY') === '') {
    throw new UsageError(
      '--keep needs PSEUDONYM_KEY, the same one each time: under another key every child is another child to the test receiver. Nothing was read and nothing was sent. Make one once (openssl rand -hex 32), and keep it in a safe place.',
    );
  }
  return {
    ...Object.fromEntries(ofAzure.map((name) => [name, ''])),
    LA_CODE: given('LA_CODE'),
    // Whatever the environment says: the children are real, so that nothing leaves without pseudonyms.
    SSD_SYNTHETIC: 'false',
    DFE_RECEIVER: 'test',
    // Nothing is sent because a laptop was left on overnight.
    'AzureWebJobs.nightly.Disabled': 'true',
    ...(sends
      ? Object.fromEntries(ofDfe.map((name) => [name, given(name)]))
      : { 'AzureWebJobs.sendChunk.Disabled': 'true' }),
    // Without sending no pseudonym is ever made, and without a kept state nothing is compared by one.
    PSEUDONYM_KEY: given('PSEUDONYM_KEY') || randomBytes(32).toString('hex'),
  };
}
