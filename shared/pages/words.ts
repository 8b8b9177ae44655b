import type { Severity } from '../child/findingRules.js';
import type { Role } from '../access/principal.js';
import type { SubmissionMode } from '../child/submissionMode.js';
import type { Scope } from '../records/runRequest.js';
import type { RunStatus } from '../records/runStatus.js';

const london = 'Europe/London';
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const date = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const moment = new Intl.DateTimeFormat('en-GB', {
  timeZone: london,
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hour12: true,
  timeZoneName: 'short',
});

export function numberText(number: number): string {
  return whole.format(number);
}

/** How many children have an outcome in a run, as a table shows it; none where there was no run. */
export function outcomeText(
  run: RunStatus | undefined,
  outcome: 'accepted' | 'refused' | 'outstanding',
): string {
  return run?.status === 'unreadable' ? 'not known' : numberText(run?.totals?.[outcome] ?? 0);
}

/** `98.5%`; a dash where there is nothing to have a share of. */
export function percentText(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)}%`;
}

/** With its sign; no change is 0. */
export function changeText(change: number): string {
  return signed.format(change);
}

/** `1 child`, `4,321 children`. */
export function childrenText(number: number): string {
  return `${numberText(number)} ${number === 1 ? 'child' : 'children'}`;
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}

/** @param date yyyy-MM-dd. @returns `Tuesday 11 August 2026` */
export function dayText(date: string): string {
  return day.format(new Date(date)).replace(',', '');
}

/** @param text yyyy-MM-dd. @returns `11 August 2026` */
export function dateText(text: string): string {
  return date.format(new Date(text));
}

/** @returns `11 August 2026 at 3:00am BST`, the time on the clocks of London */
export function timeText(instant: string | Date): string {
  const parts = new Map(moment.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const time = `${part('hour')}:${part('minute')}${part('dayPeriod')
    .toLowerCase()
    .replace(/[^a-z]/g, '')}`;
  return `${part('day')} ${part('month')} ${part('year')} at ${time} ${part('timeZoneName')}`;
}

/** @returns how long it took, such as `4 minutes` */
export function durationText(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (seconds < 90) return counted(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return counted(minutes, 'minute');
  const rest = minutes % 60 === 0 ? '' : ` ${counted(minutes % 60, 'minute')}`;
  return `${counted(Math.floor(minutes / 60), 'hour')}${rest}`;
}

/** `1 finding`, `4,321 findings`. */
export function counted(number: number, one: string): string {
  return `${numberText(number)} ${one}${number === 1 ? '' : 's'}`;
}

export type Colour = 'green' | 'blue' | 'yellow' | 'orange' | 'red' | 'grey';

interface StatusText {
  readonly tag: string;
  readonly colour: Colour;
  readonly meaning: string;
}

export const statusTexts: Readonly<Record<RunStatus['status'], StatusText>> = {
  requested: { tag: 'Waiting', colour: 'grey', meaning: 'It has been requested and has not started.' },
  extracting: {
    tag: 'Reading',
    colour: 'blue',
    meaning: 'It is reading the SSD. Nothing has been sent yet.',
  },
  held: {
    tag: 'Paused',
    colour: 'yellow',
    meaning:
      'Paused by a safety check: nothing has been sent, and nothing will be unless someone approves it.',
  },
  sending: { tag: 'Sending', colour: 'blue', meaning: 'It is sending records to DfE.' },
  completed: {
    tag: 'Completed',
    colour: 'green',
    meaning: 'DfE has answered for every child that was sent.',
  },
  completedWithFailures: {
    tag: 'Partly sent',
    colour: 'orange',
    meaning:
      'For some children, DfE has not answered, nothing was sent, or an earlier request may still reach DfE. The next run sends them.',
  },
  cancelled: { tag: 'Cancelled', colour: 'grey', meaning: 'It was stopped before everything was sent.' },
  expired: {
    tag: 'Expired',
    colour: 'orange',
    meaning: 'A safety check paused it, and it was not approved in time. Nothing was sent.',
  },
  replaced: {
    tag: 'Replaced',
    colour: 'grey',
    meaning: 'It waited for another run, and the next nightly run took its place. It sent nothing.',
  },
  unavailable: {
    tag: 'DfE unavailable',
    colour: 'red',
    meaning:
      'DfE could not be reached, did not accept the credentials or did not answer for any child, or its answers could not be recorded.',
  },
  failed: { tag: 'Failed', colour: 'red', meaning: 'It could not be completed.' },
  unreadable: {
    tag: 'Unreadable',
    colour: 'red',
    meaning: 'Its records were written by another version and cannot be shown.',
  },
};

/** What the status of a run means. A dry run asks DfE nothing. */
export function meaningOf({ status, dryRun }: RunStatus): string {
  if (status === 'completed' && dryRun === true) return 'It has read the SSD. It sent nothing to DfE.';
  return statusTexts[status].meaning;
}

export const scopeTexts: Readonly<Record<Scope, string>> = {
  outstanding: 'What is outstanding',
  refused: 'What DfE has refused',
  all: 'Every child in the cohort',
  children: 'Named children',
};

export const modeTexts: Readonly<Record<SubmissionMode, string>> = {
  changes: 'The whole record of each new or changed child',
  snapshot: 'The whole record of every child in the cohort',
  partial: 'Only the changed parts of each changed child',
};

export const roleTexts: Readonly<Record<Role, string>> = {
  reader: 'reader',
  operator: 'operator',
  'data-officer': 'data officer',
  deployer: 'deployer',
  'ssd-refresh': 'SSD refresh',
};

export const severityTexts: Readonly<Record<Severity, { readonly tag: string; readonly colour: Colour }>> = {
  'child held': { tag: 'Child held back', colour: 'red' },
  'item left out': { tag: 'Item left out', colour: 'orange' },
  'value left out': { tag: 'Value left out', colour: 'yellow' },
  remark: { tag: 'Remark', colour: 'grey' },
};
