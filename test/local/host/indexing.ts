import { z } from 'zod';
import { scheduleOf } from '../../../shared/host/schedule.js';
import type { RegisteredApp } from './registeredApp.js';
import type { RegisteredFunction } from './workerApi.js';

/** App settings by name. */
export type Settings = Readonly<Record<string, string>>;

/** A storage queue and the connection string of its account. */
interface QueueReference {
  readonly queue: string;
  readonly connectionString: string;
}

interface QueueOutput extends QueueReference {
  /** Binding name. */
  readonly name: string;
}

export interface HttpTrigger {
  readonly type: 'httpTrigger';
  readonly name: string;
  /** Template with the prefix, such as `/api/runs/{runId}`. */
  readonly route: string;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly authLevel: 'anonymous' | 'function';
}

export interface QueueTrigger extends QueueReference {
  readonly type: 'queueTrigger';
  readonly name: string;
}

export interface TimerTrigger {
  readonly type: 'timerTrigger';
  readonly name: string;
  /** NCRONTAB of five or six fields, in UTC. */
  readonly schedule: string;
}

export type Trigger = HttpTrigger | QueueTrigger | TimerTrigger;

/** A registered function whose bindings the host understands, settings filled in. */
export interface IndexedFunction<T extends Trigger = Trigger> {
  readonly name: string;
  readonly trigger: T;
  readonly outputs: readonly QueueOutput[];
  readonly registered: RegisteredFunction;
  /** Switched off by an app setting: no trigger starts it, while a timer can still be started by hand. */
  readonly isDisabled: boolean;
}

const Queue = z.object({ queueName: z.string(), connection: z.string() });

const Binding = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('httpTrigger'),
    route: z.string().optional(),
    methods: z.array(z.string().toUpperCase()),
    authLevel: z.enum(['anonymous', 'function']),
  }),
  Queue.extend({ type: z.literal('queueTrigger') }),
  z.object({
    type: z.literal('timerTrigger'),
    schedule: z.string(),
    runOnStartup: z.literal(false).optional(),
  }),
  Queue.extend({ type: z.literal('queue'), direction: z.literal('out') }),
  z.object({ type: z.literal('http') }),
]);

/**
 * Turns what the app registered into functions that can be run.
 *
 * @param onError called for each function that cannot be indexed; as in the real host the others run without it.
 */
export function indexFunctions(
  app: RegisteredApp,
  settings: Settings,
  onError: (functionName: string, message: string) => void,
): IndexedFunction[] {
  return [...app.functions].flatMap(([name, registered]) => {
    try {
      return [indexFunction(name, registered, settings)];
    } catch (error) {
      const reason =
        error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
      onError(name, `The '${name}' function is in error: ${String(reason)}`);
      return [];
    }
  });
}

function indexFunction(name: string, registered: RegisteredFunction, settings: Settings): IndexedFunction {
  let trigger: Trigger | undefined;
  const outputs: QueueOutput[] = [];
  for (const [bindingName, raw] of Object.entries(registered.metadata.bindings)) {
    const type = String(raw['type']);
    if (!supportedTypes.includes(`${type} ${String(raw['direction'])}`)) {
      throw new Error(
        `the stand-in has no "${type}" binding (direction ${String(raw['direction'])}); ` +
          `it knows ${supportedTypes.join(', ')}.`,
      );
    }
    const binding = Binding.parse(raw);
    switch (binding.type) {
      case 'httpTrigger': {
        const { methods, authLevel } = binding;
        const route = `/api/${binding.route ?? name}`;
        trigger = { type: binding.type, name: bindingName, route, methods, authLevel };
        break;
      }
      case 'timerTrigger': {
        const schedule = scheduleOf(resolve(binding.schedule, settings));
        trigger = { type: binding.type, name: bindingName, schedule };
        break;
      }
      case 'queueTrigger':
        trigger = { type: binding.type, name: bindingName, ...queueReference(binding, settings) };
        break;
      case 'queue':
        outputs.push({ name: bindingName, ...queueReference(binding, settings) });
        break;
      case 'http':
        break; // the response, which the HTTP front sends
    }
  }
  if (trigger === undefined) throw new Error('it has no trigger.');
  return { name, trigger, outputs, registered, isDisabled: isDisabled(name, settings) };
}

/** The two names that the host reads; with two underscores the setting does nothing. */
function isDisabled(name: string, settings: Settings): boolean {
  const names = [`AzureWebJobs.${name}.Disabled`, `AzureWebJobs_${name}_Disabled`];
  return names.some((setting) => /^(true|1)$/i.test(settings[setting] ?? ''));
}

const supportedTypes = ['httpTrigger in', 'queueTrigger in', 'timerTrigger in', 'queue out', 'http out'];

/** `%NAME%` is replaced by the app setting NAME. @throws Error naming the setting that is missing. */
function resolve(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (expression, name: string) => {
    const value = settings[name];
    if (value === undefined)
      throw new Error(`'${expression}' does not resolve: add the app setting ${name}.`);
    return value;
  });
}

/** @throws Error naming the missing setting, or for a name that Azure Storage would refuse. */
function queueReference(binding: z.infer<typeof Queue>, settings: Settings): QueueReference {
  const { connection } = binding;
  const connectionString = settings[connection];
  if (connectionString === undefined) {
    throw new Error(
      `the connection '${connection}' does not resolve: add the app setting ${connection}` +
        ' (the stand-in takes connection strings only).',
    );
  }
  const queue = binding.queueName.toLowerCase();
  if (!/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(queue)) {
    throw new Error(`'${queue}' is not the name of a storage queue (binding expressions are not supported).`);
  }
  return { queue, connectionString };
}
