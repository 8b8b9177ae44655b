import { theInsights } from '../azure/insights.js';
import { InsightsTelemetry } from '../azure/insightsTelemetry.js';
import { codeListsOn } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { Settings } from '../settings/settings.js';
import { noTelemetry, type Telemetry } from '../telemetry/events.js';
import { appVersion } from './appVersion.js';

/** Events go to Application Insights where it runs. */
export function telemetryOf(settings: Settings, today: () => PlainDate): Telemetry {
  const insights = theInsights();
  if (insights === undefined) return noTelemetry;
  return new InsightsTelemetry(insights, {
    appVersion: appVersion(),
    // Looked up for each event: a process may live into the next collection year.
    get specVersion() {
      return codeListsOn(today(), settings.COLLECTION_YEAR).lists.collectionYear;
    },
    environment: settings.ENVIRONMENT ?? settings.DFE_RECEIVER,
    laCode: settings.LA_CODE,
  });
}
