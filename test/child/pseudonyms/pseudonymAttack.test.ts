import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { addToDate, plainDate } from '../../../shared/child/dates.js';
import type { Child } from '../../../shared/child/payload.js';
import {
  generalisations,
  pseudonymsOf,
  type Generalisation,
  type Pseudonyms,
} from '../../../shared/child/pseudonyms/pseudonyms.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { payloadOf, today } from '../aPayload.js';
import { personsIn } from '../syntheticPersons.js';

/**
 * Someone who has seen all that a test receiver was sent in many runs, and who knows this code but not the key: that
 * each date of a child was moved back by the same 1 to 26 weeks. They join what belongs to one child, by its id or
 * by what stays (structure, codes and the days between dates), and keep of each date what fits all runs.
 */

const keyOf = (secret: string) => createHash('sha256').update(secret).digest();

const runs = 60;
const [leastDays, mostDays] = [7, 26 * 7];

/** A child as it was sent in a run, with the true dates beside it, to judge the attack by. */
interface Seen {
  readonly id: string;
  /** What the pseudonyms leave as it is. */
  readonly structure: string;
  /** The dates, by their place. */
  readonly dates: ReadonlyMap<string, string>;
  readonly truth: ReadonlyMap<string, string>;
}

const isDate = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
const isDrawn = (attribute: string) =>
  /_id$|name$|pupil_number$|postcode$/.test(attribute) || attribute.includes('date_of_birth');

function leavesOf(value: unknown, place = ''): [place: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([key, held]) => leavesOf(held, `${place}.${key}`));
}

const datesIn = (payload: object): ReadonlyMap<string, string> =>
  new Map(leavesOf(payload).flatMap(([place, value]) => (isDate(value) ? [[place, value] as const] : [])));

function structureOf(payload: object): string {
  const days = (date: string) => Date.parse(date) / 86_400_000;
  const leaves = leavesOf(payload).filter(([place]) => !isDrawn(place));
  const first = Math.min(...leaves.flatMap(([, value]) => (isDate(value) ? [days(value)] : [])));
  return JSON.stringify(leaves.map(([place, value]) => [place, isDate(value) ? days(value) - first : value]));
}

/** Most children are the same for many nights. */
const payloads = new Map<string, Child>();

function payloadOnce(rows: PersonRows): Child {
  const text = JSON.stringify(rows);
  const payload = payloads.get(text) ?? payloadOf(rows);
  payloads.set(text, payload);
  return payload;
}

const nights = Array.from({ length: runs }, (_, night) =>
  personsIn(generateSsd({ children: 60, seed: 'attack', today, night }).entries()).map(payloadOnce),
);

function seenBy(pseudonyms: Pseudonyms): (child: Child) => Seen {
  const seen = new Map<Child, Seen>();
  return (child) => {
    const known = seen.get(child);
    if (known !== undefined) return known;
    const sent = pseudonyms.payload(child);
    const { la_child_id: id } = sent;
    const one = {
      id: String(id),
      structure: structureOf(sent),
      dates: datesIn(sent),
      truth: datesIn(child),
    };
    seen.set(child, one);
    return one;
  };
}

function seenUnder(generalised: readonly Generalisation[]): Seen[] {
  const see = seenBy(pseudonymsOf(keyOf('the key'), generalised));
  return nights.flatMap((children) => children.map(see));
}

interface Recovered {
  readonly births: number;
  readonly others: number;
  /** The fewest days that a date of the joined children may still have been. */
  readonly fewestLeft: number;
}

/** How many dates the runs together give away. */
function attack(seen: readonly Seen[], joinedBy: 'id' | 'structure'): Recovered {
  const joined = Map.groupBy(seen, (one) => one[joinedBy]);
  let [births, others, fewestLeft] = [0, 0, Infinity];
  for (const records of joined.values()) {
    const candidates = new Map<string, { least: string; most: string; truth: string }>();
    for (const { dates, truth } of records) {
      for (const [place, sent] of dates) {
        const [least, most] = [leastDays, mostDays].map((days) => addToDate(plainDate(sent), { days }));
        const known = candidates.get(place);
        candidates.set(place, {
          least: max(least ?? '', known?.least),
          most: min(most ?? '', known?.most),
          truth: truth.get(place) ?? '',
        });
      }
    }
    for (const [place, { least, most, truth }] of candidates) {
      // Otherwise these were not one child, or the date has changed.
      if (least > most) continue;
      const left = (Date.parse(most) - Date.parse(least)) / (7 * 86_400_000) + 1;
      fewestLeft = Math.min(fewestLeft, left);
      if (left > 1 || least !== truth) continue;
      if (place.includes('date_of_birth')) births += 1;
      else others += 1;
    }
  }
  return { births, others, fewestLeft };
}

const max = (one: string, other: string | undefined) => (other !== undefined && other > one ? other : one);
const min = (one: string, other: string | undefined) => (other !== undefined && other < one ? other : one);

describe('sixty runs, joined by someone who knows everything but the key', () => {
  for (const generalised of [[], generalisations]) {
    const settings = generalised.length === 0 ? 'exact dates and postcodes' : 'generalised';
    const seen = seenUnder(generalised);
    for (const joinedBy of ['id', 'structure'] as const) {
      it(`recover no date of birth and no other date: ${settings}, joined by ${joinedBy}`, () => {
        const { births, others } = attack(seen, joinedBy);
        assert.deepEqual([births, others], [0, 0]);
      });
    }
    if (generalised.length > 0) continue;
    it('leave each date of a child what one run leaves: all 26 weeks', () => {
      assert.equal(attack(seen, 'id').fewestLeft, 26);
    });
  }

  it('would recover most of them if each run had a key of its own, which is what the attack can do', () => {
    const eachItsOwn = nights.flatMap((children, run) =>
      children.map(seenBy(pseudonymsOf(keyOf(String(run)), []))),
    );
    const { births, others } = attack(eachItsOwn, 'structure');
    assert.ok(births > 40, String(births));
    assert.ok(others > 150, String(others));
  });
});
