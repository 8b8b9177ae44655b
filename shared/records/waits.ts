import { z } from 'zod';
import { clocksApartAtMostMs } from '../host/durations.js';
import type { BlobStore } from './blobStore.js';
import { checkpointRecord } from './checkpoint.js';
import { ofRun } from './runFolder.js';
import type { RunId } from './runId.js';
import { count, timestamp } from './scalars.js';

/** DfE asked not to be posted to until then: the run sends nothing, and `resumeStalledRuns` takes it up again. */
const waitSchema = z.object({ since: timestamp, until: timestamp, reason: z.string() });
export type Wait = z.output<typeof waitSchema>;

/**
 * Whether the wait has begun by the reader's clock. If not, one of the two clocks is wrong, and we cannot tell when
 * the wait is over: then the wait does not count.
 */
export function hasBegun({ since }: Pick<Wait, 'since'>, now: Date): boolean {
  return Date.parse(since) <= now.getTime() + clocksApartAtMostMs;
}

/** How far an extract has come; see `checkpoint.ts`. */
const extractedSchema = z.object({ fingerprint: z.string(), rangesDone: count });
type ExtractPosition = z.output<typeof extractedSchema>;

/** When a run was last resumed. */
const resumptionSchema = z.object({
  at: timestamp,
  /** Which wait was over then, by its `since`; null when there was none. Absent before 0.2. */
  endedWait: timestamp.nullish(),
  /** How far the extract had come. Absent before its first checkpoint, and before 0.2. */
  extracted: extractedSchema.optional(),
});

/** What a run waits for, and how it was resumed. */
export function waits(blobs: BlobStore) {
  const waitRecord = ofRun('wait.json', waitSchema)(blobs);
  const resumptions = ofRun('resumed.json', resumptionSchema)(blobs);
  const checkpoints = checkpointRecord(blobs);

  /** `undefined` when DfE has not asked for it, or the run was resumed since. */
  async function read(runId: RunId): Promise<Wait | undefined> {
    const wait = await waitRecord.read(runId);
    if (wait === undefined) return undefined;
    const resumption = await resumptions.read(runId);
    if (resumption === undefined) return wait;
    const { at, endedWait } = resumption;
    const isOver = endedWait === undefined ? at >= wait.since : endedWait === wait.since;
    return isOver ? undefined : wait;
  }

  async function position(runId: RunId): Promise<ExtractPosition | undefined> {
    const checkpoint = await checkpoints.readable(runId);
    return checkpoint && { fingerprint: checkpoint.fingerprint, rangesDone: checkpoint.rangesDone };
  }

  return {
    read,

    /** Records until when DfE asked not to be posted to. The latest time counts. */
    async record(runId: RunId, wait: Wait): Promise<Wait> {
      const earlier = await read(runId);
      const latest =
        earlier !== undefined && hasBegun(earlier, new Date(wait.since)) && earlier.until > wait.until
          ? { ...earlier, since: wait.since }
          : wait;
      await waitRecord.write(runId, latest);
      return latest;
    },

    /** Records that the run was resumed, which ends its wait, and how far its extract had come. */
    async recordResumption(runId: RunId, at: Date): Promise<void> {
      await resumptions.write(runId, {
        at: at.toISOString(),
        endedWait: (await waitRecord.read(runId))?.since ?? null,
        extracted: await position(runId),
      });
    },

    /** Whether the extract has made progress since the run was last resumed, or at all if it never was. */
    async hasExtractGotOn(runId: RunId): Promise<boolean> {
      const [extracted, resumption] = await Promise.all([position(runId), resumptions.readable(runId)]);
      if (extracted === undefined) return false;
      const before = resumption?.extracted;
      return before?.fingerprint !== extracted.fingerprint || extracted.rangesDone > before.rangesDone;
    },
  };
}
