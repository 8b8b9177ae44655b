import { titlesOf, type Category } from '../categories.js';
import type { Window } from '../window.js';
import { cinFigures } from './cinFigures.js';
import type { RehearsalDay } from './days.js';
import type { Figure } from './figure.js';
import { lookedAfterFigures } from './lookedAfterFigures.js';

/** Every figure of the dress rehearsal, in the order in which they are shown. */
export const figures: readonly Figure[] = [...cinFigures, ...lookedAfterFigures];

/** What decides whether a figure is known. */
export interface Known {
  readonly window: Window;
  readonly leftOut: readonly Category[];
  readonly absentTables: ReadonlySet<string>;
}

/** Why a figure is not known on a day, in words for a person; `undefined` when it is known. */
export function whyNotKnown(
  { kind, categories, tables, since }: Figure,
  { day, yearStart }: RehearsalDay,
  { window, leftOut, absentTables }: Known,
): string | undefined {
  const notShared = categories.filter((category) => leftOut.includes(category));
  if (notShared.length > 0) return `Not shared: ${titlesOf(notShared)}.`;
  const absent = tables.filter((table) => absentTables.has(table));
  if (absent.length > 0) return `The SSD has nothing to read in ${listOf(absent)}.`;
  const first = window[since];
  const isSent = (kind === 'on the day' ? day : yearStart) >= first;
  return isSent ? undefined : `Sent only from ${first} on.`;
}

function listOf(texts: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(texts);
}
