import { isEmbedded } from '../../shared/database/open.js';
import type { Settings } from '../../shared/settings/settings.js';
import { API_PATH, TOKEN_PATH } from './dfe/simulator.js';
import { developmentStorage } from './host/azurite.js';

/** What settings point to that can be started on this machine, and what someone else has to start. */
export interface Services {
  readonly startsAzurite: boolean;
  /** Of the simulated DfE; absent where the settings name another receiver. */
  readonly dfePort?: number;
  readonly makesSsd: boolean;
  /** A sentence for each setting that points to something else. */
  readonly elsewhere: readonly string[];
}

/** What the app with these settings needs around it on a laptop. */
export function servicesOf(settings: Settings): Services {
  const startsAzurite = [settings.AzureWebJobsStorage, settings.RESULTS_STORAGE].every(
    (storage) => storage === developmentStorage,
  );
  const dfePort = simulatedPort(settings);
  // Without a folder it is in the memory of the app, where nothing else can fill it.
  const makesSsd =
    isEmbedded(settings.SSD_CONNECTION_STRING) && settings.SSD_CONNECTION_STRING !== 'embedded:';
  return {
    startsAzurite,
    ...(dfePort === undefined ? {} : { dfePort }),
    makesSsd,
    elsewhere: [
      ...(startsAzurite
        ? []
        : [
            `AzureWebJobsStorage and RESULTS_STORAGE are not both ${developmentStorage}: storage is yours. If it is Azurite, start it: npx azurite --skipApiVersionCheck`,
          ]),
      ...(dfePort === undefined
        ? [
            'DFE_API_BASE_URL and DFE_TOKEN_URL are not those of the example: the receiver is yours. npm run dfe -- check tries it.',
          ]
        : []),
      ...(makesSsd
        ? []
        : [
            'SSD_CONNECTION_STRING names no folder of an embedded database, such as embedded:.local/ssd: the database is yours. npm run preflight looks at it.',
          ]),
    ],
  };
}

/** The port where the simulated DfE is expected: only where both addresses are those that it has. */
function simulatedPort({ DFE_API_BASE_URL: base, DFE_TOKEN_URL: token }: Settings): number | undefined {
  const [api, tokens] = [new URL(base), new URL(token)];
  const isSimulated =
    api.hostname === '127.0.0.1' &&
    api.host === tokens.host &&
    api.pathname === API_PATH &&
    tokens.pathname === TOKEN_PATH;
  return isSimulated ? Number(api.port) : undefined;
}
