import { CaseFile, type ChildRows } from './caseFile.js';
import { childOf, type Child } from './child.js';
import type { Day } from './day.js';
import { forename } from './names.js';
import {
  closeEpisode,
  deleteItem,
  endPlan,
  movePlacement,
  openEpisode,
  reopenEpisode,
} from './happenings.js';
import { randomFrom, type Random } from './random.js';

/** What every SSD of one series has in common: the first night's size, its seed and its day. */
export interface Origin {
  readonly children: number;
  readonly seed: string;
  readonly today: Day;
}

/** What can happen to a child between two nights. */
export type Happening =
  | 'arrived'
  | 'referred'
  | 'reopened'
  | 'episodeClosed'
  | 'placementMoved'
  | 'planEnded'
  | 'itemDeleted'
  | 'nameCorrected'
  | 'removed'
  | 'returned';

interface ChildOnNight extends Child {
  /** Taken out of the SSD altogether; its rows are kept here for the night it returns. */
  readonly removed: boolean;
}

/** The share of children that something happens to in a night. */
const changeShare = 0.015;

/** New children in a night, as a share of the first night's children. */
const arrivalShare = 0.002;

/** How many children have ever been in the SSD by a night; their numbers run from 0. */
export function childrenByNight({ children, seed }: Origin, night: number): number {
  let total = children;
  for (let each = 1; each <= night; each += 1) {
    const expected = children * arrivalShare;
    const whole = Math.floor(expected);
    total += whole + (randomFrom(seed, 'arrivals', each).chance(expected - whole) ? 1 : 0);
  }
  return total;
}

/** The numbers of all children who have ever been in the SSD by a night. */
export function* indexesOnNight(origin: Origin, night: number): Generator<number> {
  const total = childrenByNight(origin, night);
  for (let index = 0; index < total; index += 1) yield index;
}

/** The night on which a child first appears: 0 for those of the first SSD. */
function arrivalNight(origin: Origin, index: number): number {
  let night = 0;
  while (index >= childrenByNight(origin, night)) night += 1;
  return night;
}

/** Whether something happens to a child on a night; it is certain for the night it arrives. */
export function isTouched({ seed }: Origin, index: number, night: number): boolean {
  return randomFrom(seed, 'touched', night, index).chance(changeShare);
}

/**
 * A child as it is after a night: the child as first recorded, and then, night by night, what happened to it. The
 * same for the same origin, child and night, however one gets there.
 * @param onHappening called for each happening with its night, oldest first
 */
export function childOnNight(
  origin: Origin,
  index: number,
  night: number,
  onHappening?: (happening: Happening, night: number) => void,
): ChildOnNight {
  const arrived = index < origin.children ? 0 : arrivalNight(origin, index);
  const child = childOf(origin.seed, index, origin.today, arrived === 0 ? undefined : origin.today + arrived);
  if (arrived > 0) onHappening?.('arrived', arrived);
  let removed = false;
  for (let each = arrived + 1; each <= night; each += 1) {
    if (!isTouched(origin, index, each)) continue;
    const happening = removed ? 'returned' : happen(origin, child, each);
    if (happening === 'removed' || happening === 'returned') removed = !removed;
    onHappening?.(happening, each);
  }
  return { ...child, removed };
}

/** Lets one thing happen to the child, out of those that can; `child.rows` is changed in place. */
function happen({ seed, today }: Origin, child: Child, night: number): Happening {
  const random = randomFrom(seed, 'happening', night, child.index);
  const { index, personId, rows } = child;
  // Ids of later nights start at 1,000 times the night: beyond what any first history has.
  const numbering = { personId, index, firstSerial: 1000 * night };
  const file = new CaseFile(numbering, rows, random, today + night);
  const attempts: [Happening, (file: CaseFile, random: Random) => boolean, number][] = [
    ['referred', openEpisode, 25],
    ['reopened', reopenEpisode, 8],
    ['episodeClosed', closeEpisode, 20],
    ['placementMoved', movePlacement, 25],
    ['planEnded', endPlan, 15],
    ['itemDeleted', deleteItem, 7],
    ['removed', () => true, 4],
    ['nameCorrected', () => correctName(child.rows, child, random), 8],
  ];
  // What cannot happen to this child leaves its file as it is, and the next draw is tried.
  for (;;) {
    const [happening, attempt] = random.weighted(
      attempts.map((each): [typeof each, number] => [each, each[2]]),
    );
    if (attempt(file, random)) return happening;
  }
}

/** Gives the child another forename (an unborn child its first one). */
function correctName(rows: ChildRows, child: Child, random: Random): boolean {
  const [person] = rows.ssd_person;
  if (person === undefined) return false;
  const before = person.pers_forename;
  while (person.pers_forename === before) person.pers_forename = forename(random, child.family.names);
  return true;
}
