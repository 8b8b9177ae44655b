import { plainDate } from '../../../shared/child/dates.js';
import { databasesOf } from '../../../shared/composition/databases.js';
import { preflightParts } from '../../../shared/composition/preflight.js';
import { profileIn } from '../../../shared/composition/ssd.js';
import type { Preflight } from '../../../shared/preflight/answer.js';
import { checksOfSsd } from '../../../shared/preflight/checks.js';
import { preflight } from '../../../shared/preflight/preflight.js';
import { changedRulesOf } from '../../../shared/settings/rulesFile.js';
import type { Settings } from '../../../shared/settings/settings.js';
import { noTelemetry } from '../../../shared/telemetry/events.js';

/** The preflight of the SSD alone: it asks nothing of DfE. */
export async function lookAtSsd(settings: Settings, today: string): Promise<Preflight> {
  const databases = databasesOf(settings, new AbortController().signal);
  const shared = {
    profile: profileIn(settings),
    changedRules: changedRulesOf(settings.RULES_FILE),
    telemetry: noTelemetry,
    now: () => new Date(),
    today: () => plainDate(today),
    receiver: { receiver: settings.DFE_RECEIVER, baseUrl: settings.DFE_API_BASE_URL },
    readPseudonyms: undefined,
    databases,
  };
  try {
    return await preflight(() => preflightParts(settings, shared), { wanted: checksOfSsd });
  } finally {
    await databases.close();
  }
}
