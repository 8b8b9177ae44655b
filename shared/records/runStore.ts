import { activeRunRecord } from './activeRun.js';
import { answersRecord } from './answers.js';
import type { BlobStore } from './blobStore.js';
import { checkpointRecord } from './checkpoint.js';
import { chunkRecord } from './chunk.js';
import { copyAttempt, type AttemptCopy } from './copyAttempt.js';
import { approvalRecord, cancellationRecord } from './decision.js';
import { extractSigns } from './extractSigns.js';
import { failedAttempts } from './failedAttempts.js';
import { findingRecords } from './findingRecord.js';
import { fullAnswersRecord } from './fullAnswers.js';
import { planRecord } from './plan.js';
import { progressRecord } from './progress.js';
import { receiverRecord } from './receiver.js';
import { refusalsRecord } from './refusals.js';
import { isReportMark, reportMarks } from './reports.js';
import { rehearsalOfMonthRecord, rehearsalRecord } from './rehearsal.js';
import { resultRecord } from './result.js';
import { nameIn, runsRoot } from './runFolder.js';
import type { RunId } from './runId.js';
import { requestRecord } from './runRequest.js';
import { summaryRecord } from './summary.js';
import { unrecordedAttemptsRecord } from './unrecordedAttempts.js';
import { waits } from './waits.js';

/**
 * The records of all runs, one folder a run; each record's file says what it holds and how its blob is named.
 * Decisions, plan, results, summary and refusals are written once: a second writer gets `false`.
 */
export function runStore(blobs: BlobStore) {
  return {
    request: requestRecord(blobs),
    progress: progressRecord(blobs),
    checkpoint: checkpointRecord(blobs),
    extractSigns: extractSigns(blobs),
    findings: findingRecords(blobs),
    chunk: chunkRecord(blobs),
    rehearsal: rehearsalRecord(blobs),
    rehearsalOfMonth: rehearsalOfMonthRecord(blobs),
    plan: planRecord(blobs),
    approval: approvalRecord(blobs),
    cancellation: cancellationRecord(blobs),
    unrecordedAttempts: unrecordedAttemptsRecord(blobs),
    answers: answersRecord(blobs),
    fullAnswers: fullAnswersRecord(blobs),
    failedAttempts: failedAttempts(blobs),
    wait: waits(blobs),
    result: resultRecord(blobs),
    summary: summaryRecord(blobs),
    refusals: refusalsRecord(blobs),
    reports: reportMarks(blobs),
    activeRun: activeRunRecord(blobs),
    receiver: receiverRecord(blobs),

    copyAttempt: (runId: RunId, copy: AttemptCopy) => copyAttempt(runId, copy, blobs),

    /** Leaves a sign that a sender of the run is at work. */
    noteSending: (runId: RunId, at: Date): Promise<void> =>
      blobs.write(nameIn(runId, 'sending.json'), JSON.stringify({ at: at.toISOString() })),

    /** When something of the run was written last, by the clock of storage. Its report does not count. */
    async lastSign(runId: RunId): Promise<Date | undefined> {
      const signs = (await blobs.list(nameIn(runId, ''))).filter(({ name }) => !isReportMark(name));
      const times = signs.map(({ modified }) => modified.getTime());
      return times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.max(a, b)));
    },

    /** The ids of the runs, newest first. */
    runIds: async (): Promise<RunId[]> => (await blobs.folders(runsRoot)).reverse(),

    /**
     * The time by the clock of storage, the same for every instance of the app. Only this clock measures how long a
     * run waits, is paused, is quiet or is active.
     */
    async time(): Promise<Date> {
      const time = await blobs.time();
      if (time === undefined || Number.isNaN(time.getTime()))
        throw new Error('The answer of the results storage does not say the time. Nothing was done.');
      return time;
    },
  };
}
export type RunStore = ReturnType<typeof runStore>;
