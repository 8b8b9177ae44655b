import { entriesOf } from './caseFile.js';
import { personIdOf } from './child.js';
import type { SsdEntry, SsdRow, TableName } from './columns.js';
import { dateOf, dayOf } from './day.js';
import { parentId, parentOf } from './family.js';
import { childOnNight, indexesOnNight, type Origin } from './nights.js';
import { workersArrivingWith } from './workforce.js';

export interface SsdRequest {
  /** How many children the first SSD holds; parents come on top. */
  readonly children: number;
  readonly seed: string;
  /** The day the first SSD is made for, `yyyy-MM-dd`; all histories are counted back from it. */
  readonly today: string;
  /** How many nights have passed since; 0 (default) is the first SSD. */
  readonly night?: number;
}

/** Who a person is, for tests. `inCohort` holds for the first SSD and the default cohort rules. */
interface Truth {
  readonly personId: string;
  readonly persona: string;
  readonly inCohort: boolean;
  /** The first child of the same family, for the others. */
  readonly siblingOf: string | null;
}

/** A whole SSD, made up while it is read: nothing is kept, and each reading gives the same rows. */
interface SyntheticSsd {
  /** The day of this SSD: the request's `today`, moved on by its nights. */
  readonly today: string;
  /** Every row of every table, one child after the other. */
  entries(): Generator<SsdEntry>;
  /** The rows of one table. Makes every child anew: to read all tables, use `entries`. */
  rows(table: TableName): Generator<SsdRow>;
  /** The people in the order of `entries`; a child that has been removed is not among them. */
  truth(): Generator<Truth>;
}

/**
 * A synthetic SSD in SystemC's columns with valid national codes throughout (see `personas.ts` for who is in it).
 *
 * The rows of a child depend on the seed, `today` and the child's number alone, so that 10 children are the first 10
 * of 100. No clock and no other randomness is read.
 */
export function generateSsd(request: SsdRequest): SyntheticSsd {
  const { seed } = request;
  const night = request.night ?? 0;
  const origin = originOf(request);

  function* entries(): Generator<SsdEntry> {
    for (const index of indexesOnNight(origin, night)) yield* entriesOfIndex(origin, index, night);
  }

  return {
    today: dateOf(origin.today + night),
    entries,
    *rows(table) {
      for (const entry of entries()) if (entry.table === table) yield entry.row;
    },
    *truth() {
      for (const index of indexesOnNight(origin, night)) {
        const child = childOnNight(origin, index, night);
        const { family } = child;
        if (family.first === index && parentOf(seed, family, origin.today) !== undefined) {
          yield { personId: parentId(seed, index), persona: 'parent', inCohort: false, siblingOf: null };
        }
        if (child.removed) continue;
        const { name, inCohort } = child.persona;
        const siblingOf = family.first === index ? null : personIdOf(seed, family.first);
        yield { personId: child.personId, persona: name, inCohort, siblingOf };
      }
    },
  };
}

/** @throws RangeError when the number of children, the night or the day cannot be */
export function originOf(request: SsdRequest): Origin {
  const { children, seed, night = 0 } = request;
  if (!Number.isInteger(children) || children < 0) throw new RangeError('children must be a whole number');
  if (!Number.isInteger(night) || night < 0) throw new RangeError('night must be a whole number, 0 or more');
  return { children, seed, today: dayOf(request.today) };
}

/** What is in the SSD because of one child: the child's rows, and who came with it (parent, workers). */
export function* entriesOfIndex(origin: Origin, index: number, night: number): Generator<SsdEntry> {
  const child = childOnNight(origin, index, night);
  for (const row of workersArrivingWith(origin.seed, index)) yield { table: 'ssd_professionals', row };
  if (child.family.first === index) {
    const parent = parentOf(origin.seed, child.family, origin.today);
    if (parent !== undefined) yield { table: 'ssd_person', row: parent };
  }
  if (!child.removed) yield* entriesOf(child.rows);
}
