import { z } from 'zod';
import { severities } from '../child/findingRules.js';
import type { Finding } from '../child/findings.js';
import type { BlobStore } from './blobStore.js';
import { parsed } from './record.js';
import { nameIn, numbered } from './runFolder.js';
import type { RunId } from './runId.js';

/**
 * A finding as it is stored. Rule and table are any text, so that records of an older version stay readable when a
 * rule is removed: a run that could not be compared with the one before would not be sent.
 */
const findingRecordSchema = z.object({
  rule: z.string(),
  table: z.string(),
  rowId: z.string().nullable(),
  column: z.string(),
  found: z.string(),
  /** The child, its id in an earlier system, and who can correct the row. Absent in findings of earlier versions. */
  childId: z.string().nullish(),
  legacyId: z.string().nullish(),
  parentId: z.string().nullish(),
  team: z.string().nullish(),
  worker: z.string().nullish(),
  /** Only where the council has changed the rule. Absent before 0.4; one of a later version counts as absent. */
  severity: z.enum(severities).optional().catch(undefined),
});
export type FindingRecord = z.output<typeof findingRecordSchema>;

/** The findings of the attempts at an extract: a blob a range of children, and in it one finding a line. */
export function findingRecords(blobs: BlobStore) {
  /** The names of the blobs with the findings of one attempt, one a range, in their order. */
  const names = async (runId: RunId, attempt: string): Promise<string[]> =>
    (await blobs.list(findingsFolder(runId, attempt))).map(({ name }) => name);

  async function read(blob: string): Promise<FindingRecord[]> {
    const lines = ((await blobs.read(blob)) ?? '').split('\n');
    return lines.filter((line) => line !== '').map((line) => parsed(blob, line, findingRecordSchema));
  }

  return {
    names,
    read,

    write(runId: RunId, attempt: string, range: number, findings: readonly Finding[]): Promise<void> {
      const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`);
      return blobs.write(`${findingsFolder(runId, attempt)}${numbered(range)}.jsonl`, lines.join(''));
    },

    /** The findings of one attempt in the order of its ranges; one blob is in memory at a time. */
    async *all(runId: RunId, attempt: string): AsyncGenerator<FindingRecord, void, undefined> {
      for (const blob of await names(runId, attempt)) yield* await read(blob);
    },
  };
}

export function findingsFolder(runId: RunId, attempt: string): string {
  return nameIn(runId, `findings/${attempt}/`);
}
