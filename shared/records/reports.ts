import type { BlobStore } from './blobStore.js';
import { nameIn } from './runFolder.js';
import type { RunId } from './runId.js';

/** The two things about a run that are reported to Application Insights: its plan, and how it ended. */
const reportedParts = ['plan', 'end'] as const;
export type ReportedPart = (typeof reportedParts)[number];

function nameOf(runId: RunId, part: ReportedPart): string {
  return nameIn(runId, `reported-${part}.json`);
}

/** Marks for what was already reported to Application Insights about a run. */
export function reportMarks(blobs: BlobStore) {
  return {
    /** @returns false when it was marked already */
    mark: (runId: RunId, part: ReportedPart): Promise<boolean> => blobs.create(nameOf(runId, part), '{}'),

    async read(runId: RunId): Promise<Set<ReportedPart>> {
      const marks = await Promise.all(reportedParts.map((part) => blobs.read(nameOf(runId, part))));
      return new Set(reportedParts.filter((_, index) => marks[index] !== undefined));
    },
  };
}

export function isReportMark(name: string): boolean {
  return /\/reported-\w+\.json$/.test(name);
}
