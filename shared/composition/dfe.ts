import type { OnApiCall } from '../dfe/apiCall.js';
import { DfeClient } from '../dfe/client.js';
import type { Credentials } from '../dfe/credentials.js';
import { Network } from '../dfe/network.js';
import { TokenSource } from '../dfe/tokenSource.js';
import type { SendingSettings } from '../settings/settings.js';
import { noTelemetry, type Telemetry } from '../telemetry/events.js';
import { credentialsOf } from './secrets.js';

/** How long connecting to DfE may take. */
const connectTimeoutMs = 10_000;

/** The client of DfE's API, with its credentials and its network: one for the life of the process. */
export function openDfe(
  settings: SendingSettings,
  now: () => Date,
  telemetry: Telemetry = noTelemetry,
): { client: DfeClient; credentials: Credentials; network: Network } {
  const network = new Network({ connectTimeoutMs });
  const credentials = credentialsOf(settings, now, telemetry);
  const onCall: OnApiCall = ({ operation, status, ...measurements }) => {
    telemetry.record({ name: 'ApiCall', dimensions: { operation, status }, measurements });
  };
  const tokens = new TokenSource(
    { tokenUrl: settings.DFE_TOKEN_URL, scope: settings.DFE_SCOPE },
    { credentials, network, now, onCall },
  );
  const client = new DfeClient(
    {
      baseUrl: settings.DFE_API_BASE_URL,
      laCode: settings.LA_CODE,
      userAgent: settings.DFE_USER_AGENT,
      timeoutMs: settings.DFE_TIMEOUT_SECONDS * 1000,
      retry: {
        retries: 20,
        // Repeated requests keep to the pace as well.
        firstWaitMs: Math.max(1000, leastMsPerPost(settings)),
        longestWaitMs: 60_000,
        budgetMs: settings.DFE_RETRY_SECONDS * 1000,
      },
    },
    { credentials, tokens, network, onCall },
  );
  return { client, credentials, network };
}

/** How long each of the posts in flight takes at least, so that together they keep to the posts a second. */
export function leastMsPerPost(settings: SendingSettings): number {
  return (settings.DFE_POSTS_IN_FLIGHT / settings.DFE_POSTS_PER_SECOND) * 1000;
}
