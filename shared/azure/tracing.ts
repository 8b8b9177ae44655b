import {
  useInstrumenter,
  type Instrumenter,
  type TracingContext,
  type TracingSpan,
} from '@azure/core-tracing';

/**
 * Azure's packages report each of their calls as a span, and each HTTP request of a call as another one. When the SDK
 * of Application Insights starts, it records them too, even if its option `azureSdk` is off, although it records the
 * same HTTP requests itself: a storage call would be there three times, and an expected answer, such as 404, also as
 * an exception.
 */
export function recordNoSpansOfAzurePackages(): void {
  useInstrumenter(recordsNothing);
}

const noSpan: TracingSpan = {
  setStatus: () => undefined,
  setAttribute: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
  isRecording: () => false,
};

const recordsNothing: Instrumenter = {
  startSpan: (_name, { tracingContext = contextOf(new Map()) }) => ({ span: noSpan, tracingContext }),
  withContext: (_context, callback, ...args) => callback(...args),
  parseTraceparentHeader: () => undefined,
  createRequestHeaders: () => ({}),
};

function contextOf(values: ReadonlyMap<symbol, unknown>): TracingContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextOf(new Map(values).set(key, value)),
    deleteValue: (key) => contextOf(new Map([...values].filter(([other]) => other !== key))),
  };
}
