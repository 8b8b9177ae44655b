import { eventSchemas, type AppEvent, type CommonDimensions, type Telemetry } from '../telemetry/events.js';
import type { CustomEvent } from './insights.js';

/** The part of `Insights` that events need. */
export interface EventSink {
  trackEvent(event: CustomEvent): void;
  flush(): Promise<void>;
}

/**
 * Sends events to Application Insights. Each is checked once more: one that does not fit the closed list is dropped, and only
 * its name is reported, since what does not fit may be a value that must not leave the app.
 */
export class InsightsTelemetry implements Telemetry {
  readonly #insights: EventSink;
  readonly #common: CommonDimensions;

  constructor(insights: EventSink, common: CommonDimensions) {
    this.#insights = insights;
    this.#common = common;
  }

  record({ name, dimensions, measurements }: AppEvent): void {
    try {
      const schemas = eventSchemas[name];
      const properties = { ...schemas.dimensions.parse(dimensions), ...this.#common };
      const numbers: [string, number | undefined][] = Object.entries(
        schemas.measurements.parse(measurements),
      );
      const given = numbers.flatMap(([key, number]): [string, number][] =>
        number === undefined ? [] : [[key, number]],
      );
      this.#insights.trackEvent({ name, properties, measurements: Object.fromEntries(given) });
    } catch {
      process.emitWarning(`An event ${name} did not fit the list of events and was not sent.`);
    }
  }

  flush(): Promise<void> {
    return this.#insights.flush();
  }
}
