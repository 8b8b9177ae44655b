import {
  useInstrumenter,
  type Instrumenter,
  type TracingContext,
  type TracingSpan,
} from '@azure/core-tracing';

/**
 * Azure's packages report each of their calls as a span, and each HTTP request of it as another one. The SDK of Application
 * Insights takes them up when it starts, whatever its option `azureSdk` says, although it records the same HTTP requests
 * itself: a storage call then comes three times, and an answer that the app expects, such as 404, as an exception besides.
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
