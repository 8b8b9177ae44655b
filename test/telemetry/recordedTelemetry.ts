import {
  eventSchemas,
  type AppEvent,
  type EventName,
  type Telemetry,
} from '../../shared/telemetry/events.js';

type Named<Name extends EventName> = Extract<AppEvent, { name: Name }>;

/** Telemetry that keeps what it is told, each event checked as the real one checks it. */
interface RecordedTelemetry extends Telemetry {
  /** Those that have arrived, in their order. */
  readonly sent: readonly AppEvent[];
  named<Name extends EventName>(name: Name): Named<Name>[];
  /** Whether Application Insights answers. */
  isReachable: boolean;
}

export function recordedTelemetry(): RecordedTelemetry {
  const sent: AppEvent[] = [];
  return {
    sent,
    isReachable: true,
    named: <Name extends EventName>(name: Name) =>
      sent.filter((event): event is Named<Name> => event.name === name),
    record(event) {
      const { dimensions, measurements } = eventSchemas[event.name];
      dimensions.parse(event.dimensions);
      measurements.parse(event.measurements);
      if (this.isReachable) sent.push(event);
    },
    flush() {
      return this.isReachable ? Promise.resolve() : Promise.reject(new Error('not reachable'));
    },
  };
}
