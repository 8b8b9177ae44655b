import { holdsMany } from '../records/changedRules.js';
import { isNightly } from '../records/runRequest.js';
import type { RunStatus } from '../records/runStatus.js';
import { paths } from './paths.js';
import { childrenText, counted, durationText, numberText, sum, timeText } from './words.js';

/** The result of a run, for someone who has a minute. */
interface RunInWords {
  readonly sent: readonly string[];
  readonly outstanding: readonly string[];
  readonly toDo: readonly { readonly text: string; readonly href?: string }[];
}

/** A nightly run is missing when none has started for this long. */
const longestPauseMs = 26 * 60 * 60_000;

/** The newest nightly run; not a dry run or a rerun. */
export function lastRunOf(runs: readonly RunStatus[]): RunStatus | undefined {
  return runs.find((run) => isNightly(run) && run.dryRun !== true);
}

/** What was sent, what is outstanding and what to do after a run. */
export function inWords(run: RunStatus, now: Date): RunInWords {
  const { sent, toDo } = byStatus(run);
  return {
    sent,
    outstanding: outstandingAfter(run),
    toDo: [
      ...missed(run, now),
      ...toDo,
      ...refusals(run),
      ...warnings(run),
      ...manyHeld(run),
      ...newFindings(run),
    ],
  };
}

function byStatus(run: RunStatus): Pick<RunInWords, 'sent' | 'toDo'> {
  const here = paths.run(run.runId);
  const { totals, endedAt, requestedAt, explanation } = run;
  const took = endedAt === undefined ? '' : `, after ${durationText(requestedAt, endedAt)}`;
  const answered = answeredText(run);
  const because = explanation === undefined ? [] : [explanation];
  switch (run.status) {
    case 'requested':
      return { sent: ['The run is waiting to start. Nothing has been sent yet.'], toDo: [] };
    case 'extracting':
      return { sent: ['The run is reading the SSD. Nothing has been sent yet.'], toDo: [] };
    case 'sending':
      return { sent: ['The run is sending.', ...because, ...answered], toDo: [] };
    case 'held':
      return {
        sent: ['Nothing was sent: a safety check paused the run.', ...objectionsOf(run)],
        toDo: [{ text: 'Read the reasons of the safety check, then approve or cancel the run', href: here }],
      };
    case 'completed':
      return {
        sent: [`The run completed${ended(endedAt)}${took}.`, ...because, ...answered],
        toDo: [],
      };
    case 'completedWithFailures':
      return {
        sent: [
          `The run ended${ended(endedAt)}${took}. It is not finished for every child.`,
          ...because,
          ...answered,
        ],
        toDo: [
          {
            text: 'Nothing the first time: the next run sends the rest. If it happens again, contact your support team',
            href: here,
          },
        ],
      };
    case 'cancelled':
    case 'expired':
      return {
        sent: [...because, ...(totals === undefined || totals.accepted === 0 ? [] : answered)],
        toDo: [{ text: 'Start a run, or wait for the next nightly run', href: paths.rerun }],
      };
    case 'replaced':
      return { sent: because, toDo: [] };
    case 'unavailable':
      return {
        sent: [...because, ...answered],
        toDo: [
          {
            text: 'Find out why DfE could not be reached (the preflight shows why), then start a run',
            href: paths.rerun,
          },
        ],
      };
    case 'failed':
      return {
        sent: ['The run failed.', ...because],
        toDo: [
          { text: 'Contact your support team. Once the cause is fixed, start a run', href: paths.rerun },
        ],
      };
    case 'unreadable':
      return {
        sent: ['The records of this run were written by another version of this system and cannot be shown.'],
        toDo: [],
      };
  }
}

function ended(at: string | undefined): string {
  return at === undefined ? '' : ` on ${timeText(at)}`;
}

function objectionsOf({ objections = [] }: RunStatus): string[] {
  return objections.map(({ explanation }) => explanation);
}

function answeredText({ totals, dryRun, figures }: RunStatus): string[] {
  if (dryRun === true || totals === undefined) return [];
  const answered = totals.accepted + totals.refused;
  if (answered === 0 && totals.outstanding === 0) {
    return figures?.toSend === 0 ? ['No child had changed, so there was nothing to send.'] : [];
  }
  return [
    `DfE accepted ${childrenText(totals.accepted)} and refused ${totals.refused === 0 ? 'none' : numberText(totals.refused)}.`,
    ...(totals.superseded === 0
      ? []
      : [
          `${childrenText(totals.superseded)} changed in the meantime and ${totals.superseded === 1 ? 'was' : 'were'} not sent: DfE has ${totals.superseded === 1 ? 'it' : 'them'} only once a later run has sent ${totals.superseded === 1 ? 'it' : 'them'}.`,
        ]),
  ];
}

function outstandingAfter({ status, totals, figures, dryRun }: RunStatus): string[] {
  if (status === 'unreadable') return ['Not known.'];
  if (figures === undefined) return ['Not known: the run has not finished reading the SSD.'];
  const settled = totals === undefined ? 0 : totals.accepted + totals.refused;
  const inDoubt = totals?.inDoubt ?? 0;
  const unanswered = dryRun === true ? 0 : Math.max(0, figures.toSend - settled);
  const { refusedBefore, heldByCouncil } = figures;
  const held = figures.held - heldByCouncil;
  const lines = [
    ...(unanswered > 0
      ? [`${childrenText(unanswered)} still to be sent, or without an answer from DfE.`]
      : []),
    ...(inDoubt > 0
      ? [
          `${childrenText(inDoubt)} that DfE has answered for while an older request about ${inDoubt === 1 ? 'it' : 'them'} may still arrive: sent again by the next run.`,
        ]
      : []),
    ...(refusedBefore > 0
      ? [`${childrenText(refusedBefore)} refused in an earlier run and unchanged since, so not sent again.`]
      : []),
    ...(held > 0 ? [`${childrenText(held)} that cannot be sent until the record is corrected.`] : []),
    ...(heldByCouncil > 0
      ? [
          `${childrenText(heldByCouncil)} held by a rule that the council has changed. DfE keeps what it has until the record is corrected or the rule no longer holds a child.`,
        ]
      : []),
  ];
  return lines.length > 0 ? lines : ['Nothing.'];
}

function refusals({ totals, runId }: RunStatus): RunInWords['toDo'] {
  const refused = totals?.refused ?? 0;
  if (refused === 0) return [];
  const text = `Correct the ${refused === 1 ? 'record' : 'records'} of ${childrenText(refused)} that DfE refused; the next run sends what has been corrected`;
  return [{ text, href: `${paths.run(runId)}#refusals` }];
}

/** An attribute that is never filled may be right: it is not a reason to look. */
function warnings({ warnings: found = [], runId }: RunStatus): RunInWords['toDo'] {
  const serious = found.filter(({ kind }) => kind !== 'notFilled').length;
  if (serious === 0) return [];
  return [
    {
      text: `Look at ${counted(serious, 'warning')} about the SSD: part of the data may be missing`,
      href: `${paths.run(runId)}#warnings`,
    },
  ];
}

function manyHeld({ figures, runId }: RunStatus): RunInWords['toDo'] {
  if (figures === undefined || !holdsMany(figures)) return [];
  const { heldByCouncil, cohort } = figures;
  return [
    {
      text: `Check the rules that the council has changed: they hold ${numberText(heldByCouncil)} of ${childrenText(cohort)}, and DfE does not get what is new about them`,
      href: `${paths.run(runId)}#changed-rules`,
    },
  ];
}

function newFindings({ figures, runId }: RunStatus): RunInWords['toDo'] {
  const found = figures === undefined ? 0 : sum(figures.sinceRunBefore.new);
  if (found === 0) return [];
  return [
    { text: `Look at ${counted(found, 'new finding')} in the SSD`, href: `${paths.run(runId)}#findings` },
  ];
}

function missed({ requestedAt }: RunStatus, now: Date): RunInWords['toDo'] {
  if (now.getTime() - Date.parse(requestedAt) <= longestPauseMs) return [];
  return [
    {
      text: `Find out why there has been no nightly run since ${timeText(requestedAt)}: contact your support team`,
    },
  ];
}
