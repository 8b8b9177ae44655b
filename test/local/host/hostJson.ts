import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Seconds, from .NET's `hh:mm:ss`. */
const TimeSpan = z
  .string()
  .regex(/^\d{1,2}:\d{2}:\d{2}$/, 'must be a time span such as 00:00:30')
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return hours * 3_600 + minutes * 60 + seconds;
  });

const Queues = z.object({
  batchSize: z.int().min(1).max(32).default(16),
  newBatchThreshold: z.int().min(0).optional(),
  visibilityTimeout: TimeSpan.default(0),
  maxPollingInterval: TimeSpan.default(60),
  maxDequeueCount: z.int().min(1).default(5),
  messageEncoding: z.literal('base64').default('base64'),
});

const HostFile = z.object({
  version: z.literal('2.0'),
  functionTimeout: TimeSpan.default(30 * 60),
  extensions: z.strictObject({ queues: Queues.prefault({}) }).prefault({}),
});

/** `extensions.queues` of host.json with the defaults of the queue extension; times in seconds. */
export interface QueueSettings {
  /** Messages fetched at a time, 1 to 32. */
  readonly batchSize: number;
  /** The next batch is fetched when no more than this many messages are running. */
  readonly newBatchThreshold: number;
  /** How long a message stays hidden after a failure. */
  readonly visibilityTimeout: number;
  readonly maxPollingInterval: number;
  /** Tries of one message before it goes to the poison queue. */
  readonly maxDequeueCount: number;
}

/** The part of host.json that the stand-in obeys. */
export interface HostJson {
  readonly queues: QueueSettings;
  /** How long an invocation may take, in seconds. */
  readonly functionTimeout: number;
}

/**
 * Reads the part of host.json that the stand-in obeys.
 *
 * @throws ZodError naming the wrong field; Error when the file is missing.
 */
export function readHostJson(appRoot: string): HostJson {
  const { functionTimeout, extensions } = HostFile.parse(
    JSON.parse(readFileSync(join(appRoot, 'host.json'), 'utf8')),
  );
  const { queues } = extensions;
  return {
    functionTimeout,
    queues: { ...queues, newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2) },
  };
}
