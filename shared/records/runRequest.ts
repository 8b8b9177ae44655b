import { submissionModeSchema } from '../child/submissionMode.js';
import { z } from 'zod';
import { isPlainDate, londonDate, type PlainDate } from '../child/dates.js';
import type { BlobStore } from './blobStore.js';
import { ofRun } from './runFolder.js';
import { runIdSchema } from './runId.js';
import { timestamp } from './scalars.js';

/**
 * Which children a run sends: `outstanding`, what DfE has not acknowledged and not refused; `refused`, what DfE has
 * refused, once more; `all`, every child of the cohort; `children`, those that are named.
 */
export const scopeSchema = z.enum(['outstanding', 'refused', 'all', 'children']);
export type Scope = z.output<typeof scopeSchema>;

/** What a run was asked to do. Written once, before anything else. */
export const runRequestSchema = z.object({
  runId: runIdSchema,
  trigger: z.enum(['timer', 'http']),
  /**
   * `refresh`: a nightly run that the end of the SSD's refresh asked for. Not another trigger: a release that does not
   * know this field still reads the record, as a request through the HTTP API.
   */
  startedBy: z.literal('refresh').optional(),
  requestedAt: timestamp,
  requestedBy: z.string(),
  reason: z.string().optional(),
  /** The date in Europe/London when the run was requested. */
  today: z.string().refine(isPlainDate),
  scope: scopeSchema,
  /** The ids for scope `children`. */
  children: z.array(z.string()).optional(),
  /** For this run in place of the setting. */
  mode: submissionModeSchema.optional(),
  /** Everything but sending: the staging table stays as it is, and nothing is queued. */
  dryRun: z.boolean().optional(),
  /** The person who asks has looked at the reasons against it: safety checks do not pause the run. */
  approve: z.boolean().optional(),
});
export type RunRequest = z.output<typeof runRequestSchema>;

type Asker = Pick<RunRequest, 'trigger' | 'startedBy'>;

/** Whether it is the run of a night, which the timer or the end of the SSD's refresh asks for; else a person did. */
export function isNightly({ trigger, startedBy }: Asker): boolean {
  return trigger === 'timer' || startedBy === 'refresh';
}

/** Who asked for a run, in one word. */
export const askers = [...runRequestSchema.shape.trigger.options, 'refresh'] as const;
export function askerOf({ trigger, startedBy }: Asker): (typeof askers)[number] {
  return startedBy ?? trigger;
}

/**
 * Whether both are nightly runs of the same date in Europe/London. The second run does not end the first while the
 * first waits for approval.
 */
export function areNightlyOfSameDate(one: DatedRequest, other: DatedRequest): boolean {
  return isNightly(one) && isNightly(other) && dateOfRequest(one) === dateOfRequest(other);
}

export type DatedRequest = Asker & Pick<RunRequest, 'requestedAt'>;

/** In Europe/London. (`today` of a request may be a setting, and so the same for every run.) */
export function dateOfRequest({ requestedAt }: Pick<RunRequest, 'requestedAt'>): PlainDate {
  return londonDate(new Date(requestedAt));
}

export function requestRecord(blobs: BlobStore) {
  const record = ofRun('request.json', runRequestSchema)(blobs);
  return { ...record, create: (request: RunRequest) => record.create(request.runId, request) };
}
