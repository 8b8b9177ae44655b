import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import type { AzureMonitorOpenTelemetryOptions, TelemetryClient } from 'applicationinsights';

/** What goes to Application Insights as a custom event. */
export interface CustomEvent {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly measurements: Record<string, number>;
}

type ExporterOptions = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type AdditionalPolicy = NonNullable<ExporterOptions['additionalPolicies']>[number];

/** How long a handler waits: it has other work to do, and events that were not sent are sent again. */
const flushTimeoutMs = 10_000;
/** The host gives a worker five seconds in total to end. */
const stopTimeoutMs = 1500;

const withoutEvents = 'Application Insights could not be started, and no event is sent';

type Environment = Readonly<Record<string, string | undefined>>;

let started: Insights | undefined;

/** `undefined` without a connection string, before `startInsights`, and when it could not be started. */
export function theInsights(): Insights | undefined {
  return started;
}

/**
 * Starts the SDK of Application Insights, where APPLICATIONINSIGHTS_CONNECTION_STRING is set. Call it before the first
 * invocation: from then on each invocation runs in the operation that the host has started for it, and everything that is
 * recorded in it has the operation's id.
 *
 * Never fails: the app also works without telemetry.
 */
export async function startInsights(environment: Environment): Promise<void> {
  const connectionString = environment['APPLICATIONINSIGHTS_CONNECTION_STRING'] ?? '';
  if (connectionString === '') return;
  if (!/(^|;)InstrumentationKey=[0-9a-f-]{36}(;|$)/i.test(connectionString)) {
    process.emitWarning(
      `${withoutEvents}: APPLICATIONINSIGHTS_CONNECTION_STRING has no instrumentation key.`,
    );
    return;
  }
  try {
    const { TelemetryClient } = await sdk();
    started = new Insights(
      new TelemetryClient(connectionString),
      connectionString,
      environment['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
    );
    const { recordNoSpansOfAzurePackages } = await import('./tracing.js');
    recordNoSpansOfAzurePackages();
  } catch (error) {
    process.emitWarning(`${withoutEvents}: ${error instanceof Error ? error.name : 'unknown error'}.`);
  }
}

/** Sends what is waiting, if there is time, and stops the SDK. Never fails. */
export async function stopInsights(): Promise<void> {
  const stopping = started;
  started = undefined;
  await stopping?.stop();
}

async function sdk() {
  // The SDK's reports about itself, which go to Microsoft and not to the authority.
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  // An extra item in each batch, which repeats what the process runs on.
  process.env['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] ??= 'true';
  return import('applicationinsights');
}

/** The SDK, set up and running. */
class Insights {
  readonly #client: TelemetryClient;
  #failures = 0;
  #isStopped = false;
  #labels: Readonly<Record<string, string>> = {};
  #flushed: Promise<unknown> = Promise.resolve();

  constructor(client: TelemetryClient, connectionString: string, authentication: string | undefined) {
    this.#client = client;
    client.config.azureMonitorOpenTelemetryOptions = this.#options(connectionString, authentication);
    client.initialize();
    // The SDK hooks into these the next time they are required, and its own packages have required them before.
    const load: (module: string) => unknown = createRequire(__filename);
    for (const module of ['http', 'https']) load(module);
  }

  trackEvent(event: CustomEvent): void {
    this.#client.trackEvent(event);
  }

  /** Every dependency from now on carries these dimensions, as they are at that moment. */
  labelDependencies(labels: Readonly<Record<string, string>>): void {
    this.#labels = labels;
  }

  /** @throws Error when some of what was recorded did not arrive in time */
  flush(): Promise<void> {
    // One after the other: the SDK answers a second call at once, even if the first fails.
    const failures = this.#failures;
    const flushed = this.#flushed.then(() => this.#flush(failures));
    this.#flushed = flushed.catch(() => undefined);
    return Promise.race([flushed, timeout(flushTimeoutMs)]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.race([this.#client.shutdown(), timeout(stopTimeoutMs)]).catch(() => undefined);
  }

  async #flush(failuresBefore: number): Promise<void> {
    // The SDK silently drops what is recorded after this.
    if (this.#isStopped) throw new Error('Application Insights is stopped.');
    await this.#client.flush();
    if (this.#failures > failuresBefore) throw new Error('Application Insights did not take what was sent.');
  }

  /**
   * The SDK itself records only the HTTP requests of Azure's packages (storage, Key Vault, tokens of the identity), once
   * each: address, status and duration. The host records incoming requests, log lines and exceptions of functions; a handler
   * for exceptions here would change what a late one does to the process.
   */
  #options(connectionString: string, authentication: string | undefined) {
    const off = { enabled: false };
    const outgoing = {
      enabled: true,
      disableIncomingRequestInstrumentation: true,
      ignoreOutgoingRequestHook: isOfTheSdk,
      startOutgoingSpanHook: () => ({ ...this.#labels }),
    };
    return {
      azureMonitorExporterOptions: {
        connectionString,
        ...onThisMachine(connectionString),
        ...credentialOf(authentication),
        // The SDK does not report what it could not deliver.
        additionalPolicies: [this.#watch()],
      },
      instrumentationOptions: {
        http: outgoing,
        azureSdk: off,
        mongoDb: off,
        mySql: off,
        postgreSql: off,
        redis: off,
        redis4: off,
        bunyan: off,
        winston: off,
      },
      // Without a rate the ratio applies, and 1 means everything.
      tracesPerSecond: 0,
      samplingRatio: 1,
      enableTraceBasedSamplingForLogs: false,
      enableAutoCollectExceptions: false,
      enablePerformanceCounters: false,
      enableStandardMetrics: false,
      enableLiveMetrics: false,
      // These metrics would be the sums of the durations of the same requests, once a minute.
      views: [{ instrumentName: '*', aggregation: { type: dropped } }],
    };
  }

  #watch(): AdditionalPolicy {
    const policy: AdditionalPolicy['policy'] = {
      name: 'deliveryWatch',
      sendRequest: async (request, next) => {
        let isDelivered = false;
        try {
          const response = await next(request);
          isDelivered = response.status === 200;
          return response;
        } finally {
          if (!isDelivered) this.#failures += 1;
        }
      },
    };
    // Outside the retries.
    return { position: 'perCall', policy };
  }
}

/** `AggregationType.DROP` of @opentelemetry/sdk-metrics. */
const dropped = 1;

/** The SDK requests its own configuration; where the network blocks that, it would be recorded as an exception. */
function isOfTheSdk({ path }: { readonly path?: string | null }): boolean {
  return path?.includes('AzMonSDKDynamicConfiguration') ?? false;
}

async function timeout(ms: number): Promise<never> {
  await delay(ms, undefined, { ref: false });
  throw new Error(`Application Insights did not answer in ${ms} ms.`);
}

/** The identity of `ClientId=…;Authorization=AAD`; none where the connection string alone is enough. */
export function credentialOf(authentication = ''): { credential?: ManagedIdentityCredential } {
  const fields = new Map(
    authentication.split(';').map((field): [string, string] => {
      const [name = '', value = ''] = field.split('=');
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  if (fields.get('authorization')?.toLowerCase() !== 'aad') return {};
  const clientId = fields.get('clientid');
  return { credential: new ManagedIdentityCredential(clientId === undefined ? {} : { clientId }) };
}

/** The SDK treats every address as https; one on this machine may be plain http. */
function onThisMachine(connectionString: string): { host?: string; allowInsecureConnection?: boolean } {
  const host = /IngestionEndpoint=(http:\/\/127\.0\.0\.1:\d+)/i.exec(connectionString)?.[1];
  return host === undefined ? {} : { host, allowInsecureConnection: true };
}
