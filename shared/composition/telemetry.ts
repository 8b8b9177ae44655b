import { theInsights } from '../azure/insights.js';
import { InsightsTelemetry } from '../azure/insightsTelemetry.js';
import { codeListsOn } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { Settings } from '../settings/settings.js';
import { profileNames } from '../ssd/profile.js';
import { noTelemetry, type CommonDimensions, type Telemetry } from '../telemetry/events.js';
import { appVersion } from './appVersion.js';

/** Events go to Application Insights where it runs; they and the dependencies say which council's app they come from. */
export function telemetryOf(settings: Settings, today: () => PlainDate): Telemetry {
  const insights = theInsights();
  if (insights === undefined) return noTelemetry;
  const common: CommonDimensions = {
    appVersion: appVersion(),
    // Looked up for each event: a process may live into the next collection year.
    get specVersion() {
      return codeListsOn(today(), settings.COLLECTION_YEAR).lists.collectionYear;
    },
    environment: settings.ENVIRONMENT ?? settings.DFE_RECEIVER,
    laCode: settings.LA_CODE,
    profile: profileNames.find((name) => name === settings.SSD_PROFILE) ?? 'own',
  };
  insights.labelDependencies(common);
  return new InsightsTelemetry(insights, common);
}
