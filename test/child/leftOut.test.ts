import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  categoryNames,
  factsOfCategory,
  isUnder,
  notReadBy,
  pathsOf,
  tablesNotRead,
  type Category,
} from '../../shared/child/categories.js';
import { absentColumn } from '../../shared/child/cells.js';
import { filledAttributes as attributes } from '../../shared/child/attributes/attributes.js';
import { submissionOf } from '../../shared/child/changes/difference.js';
import { withoutBlocksToPurge } from '../../shared/child/changes/leftOut.js';
import { isJsonObject } from '../../shared/child/json.js';
import { isItemList } from '../../shared/child/lists.js';
import type { Child } from '../../shared/child/payload.js';
import { pseudonymsOf } from '../../shared/child/pseudonyms/pseudonyms.js';
import { detailTables, type PersonRows } from '../../shared/child/sourceRows.js';
import { applyRecord, type HeldChild } from '../local/dfe/state.js';
import { acknowledgedTextOf, builtOf, judged, rulesOn, today } from './aPayload.js';
import { anyPerson, hasIdsOnce } from './anyPerson.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aConference,
  aCpPlan,
  aDisability,
  anAddress,
  anAdoption,
  anAssessment,
  anEpisode,
  anImmigrationStatus,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
  someFactors,
} from './aPerson.js';

/** A child with something of each category. */
const everything = aPerson({
  ssd_address: [anAddress()],
  ssd_disability: [aDisability()],
  ssd_immigration_status: [anImmigrationStatus()],
  ssd_sdq_scores: [anSdqScore()],
  ssd_cin_episodes: [anEpisode()],
  ssd_cin_assessments: [anAssessment()],
  ssd_assessment_factors: [someFactors()],
  ssd_cin_plans: [aCinPlan()],
  ssd_s47_enquiry: [aSection47()],
  ssd_initial_cp_conference: [aConference()],
  ssd_cp_plans: [aCpPlan()],
  ssd_cla_episodes: [aCareEpisode()],
  ssd_cla_placement: [aPlacement()],
  ssd_permanence: [anAdoption()],
  ssd_care_leavers: [aCareLeaverContact()],
  ssd_involvements: [anInvolvement()],
});

const someCategories = fc.subarray([...categoryNames], { minLength: 1 });

/** The rows that are read while these categories are left out. */
function rowsRead(rows: PersonRows, leftOut: readonly Category[]): PersonRows {
  const notRead = tablesNotRead(leftOut);
  const none = Object.fromEntries(
    detailTables.filter((table) => notRead.has(table)).map((table) => [table, []]),
  );
  if (!notReadBy(leftOut).has('ssd_cla_placement.clap_cla_placement_postcode')) return { ...rows, ...none };
  const placements = rows.ssd_cla_placement.map((row) => ({
    ...row,
    clap_cla_placement_postcode: absentColumn,
  }));
  return { ...rows, ssd_cla_placement: placements, ...none };
}

it('the column of what is left out is not read, whatever the table it is in', () => {
  const read = categoryNames.flatMap((category) => {
    const notRead: ReadonlySet<string> = notReadBy([category]);
    const paths = pathsOf([category]);
    return attributes
      .filter(({ path }) => isUnder(paths, path))
      .filter(({ table, column }) => !notRead.has(table) && !notRead.has(`${table}.${column}`))
      .map(({ table, column }) => `${category}: ${table}.${column}`);
  });
  assert.deepEqual(read, []);
});

function builtWithout(rows: PersonRows, leftOut: readonly Category[], held: readonly string[] = []): Child {
  const { child } = builtOf(rowsRead(rows, leftOut), { ...rulesOn(today), leftOut }, held);
  assert.ok(child);
  return child;
}

/** What a value says at these paths, in the lists on the way too; removals, which have an id and no content, aside. */
function saidAt(value: unknown, paths: readonly string[], path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => saidAt(item, paths, path));
  if (isJsonObject(value) && value['purge'] === true) return [];
  if (paths.includes(path)) return Array.isArray(value) && value.length === 0 ? [] : [path];
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) =>
    Array.isArray(held) && isItemList(key)
      ? held.flatMap((item: unknown) =>
          isJsonObject(item) && item['purge'] !== true && paths.includes(under(path, key))
            ? [under(path, key)]
            : saidAt(item, paths, under(path, key)),
        )
      : paths.includes(under(path, key)) && Array.isArray(held)
        ? [under(path, key)]
        : saidAt(held, paths, under(path, key)),
  );
}

function under(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The strictest reading for a sender: DfE keeps all that is not removed, an attribute that is missing and a list that is empty too. */
function keptAll(held: unknown, sent: unknown): unknown {
  if (isJsonObject(sent) && sent['purge'] === true) return undefined;
  if (Array.isArray(sent) && sent.every((item) => isJsonObject(item) && idOf(item) !== undefined)) {
    const items = new Map<string, unknown>(
      (Array.isArray(held) ? held : []).flatMap((item: unknown) =>
        isJsonObject(item) ? [[String(idOf(item)), item]] : [],
      ),
    );
    for (const item of sent.filter(isJsonObject)) {
      const id = String(idOf(item));
      const kept = keptAll(items.get(id), item);
      if (kept === undefined) items.delete(id);
      else items.set(id, kept);
    }
    return items.size === 0 ? undefined : [...items.values()];
  }
  if (Array.isArray(sent)) return sent.length === 0 ? held : sent;
  if (!isJsonObject(sent)) return sent;
  const before = isJsonObject(held) ? held : {};
  const entries = [...new Set([...Object.keys(before), ...Object.keys(sent)])]
    .map((key) => [key, key in sent ? keptAll(before[key], sent[key]) : before[key]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

function idOf(item: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(item)
    .filter((key) => key.endsWith('_id'))
    .map((key) => item[key])
    .find((id): id is string => typeof id === 'string');
}

/** What the staging table has after each accepted POST, until nothing is left to send. */
function untilStill(
  acknowledged: Child,
  next: (held: readonly string[]) => Child,
  posted: (payload: ReturnType<typeof submissionOf>) => void,
): { readonly child: Child; readonly posts: number } {
  let child = acknowledged;
  for (let posts = 0; posts < 4; posts += 1) {
    const held = [acknowledgedTextOf(child)];
    const wanted = next(held);
    if (acknowledgedTextOf(wanted) === held[0]) return { child, posts };
    posted(submissionOf(wanted, held));
    child = wanted;
  }
  throw new Error('the child is sent again and again');
}

describe('a category that is left out', () => {
  it('is in no payload, in no pseudonym and in nothing that is kept of the child', () => {
    const pseudonyms = pseudonymsOf(new Uint8Array(32).fill(1), []);
    fc.assert(
      fc.property(anyPerson, someCategories, (rows, leftOut) => {
        const before = builtOf(rows).child;
        fc.pre(before !== undefined);
        const child = builtWithout(rows, leftOut, [acknowledgedTextOf(before)]);
        const paths = pathsOf(leftOut);
        assert.deepEqual(saidAt(child, paths), []);
        const sent = submissionOf(child, []);
        judged(sent);
        assert.deepEqual(saidAt(pseudonyms.payload({ ...sent }), paths), []);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves everything else as it is', () => {
    fc.assert(
      fc.property(
        anyPerson,
        fc.constantFrom<Category>('disabilities', 'uasc', 'sdq', 'postcodes'),
        (rows, one) => {
          const whole = builtOf(rows).child;
          fc.pre(whole !== undefined);
          const child = builtWithout(rows, [one]);
          const kept = attributes
            .map(({ path }) => path)
            .filter((path) => !pathsOf([one]).some((out) => path.startsWith(out)));
          for (const path of kept) {
            assert.deepEqual(saidAt(child, [path]), saidAt(whole, [path]), path);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  for (const category of categoryNames) {
    it(`is removed at DfE in at most two POSTs, and sent again when it is shared again: ${category}`, () => {
      let removed = 0;
      fc.assert(
        fc.property(anyPerson, (rows) => {
          const whole = builtOf(rows).child;
          fc.pre(whole !== undefined);
          const paths = pathsOf([category]);
          let strictly: unknown = keptAll(undefined, judged(whole));
          let held: HeldChild | undefined = applyRecord(undefined, judged(whole), 'merge');
          const posted = (payload: ReturnType<typeof submissionOf>) => {
            const record = judged(payload);
            strictly = keptAll(strictly, record);
            held = applyRecord(held, record, 'merge');
          };
          const off = untilStill(
            whole,
            (texts) => withoutBlocksToPurge(builtWithout(rows, [category], texts), texts, [category]),
            posted,
          );
          assert.ok(off.posts <= 2);
          if (saidAt(whole, paths).length > 0) removed += 1;
          assert.deepEqual(saidAt(strictly, paths), []);
          assert.deepEqual(saidAt(off.child, paths), []);
          assert.deepEqual(held, applyRecord(undefined, judged(off.child), 'merge'));

          const on = untilStill(
            off.child,
            (texts) => builtOf(rows, rulesOn(today), texts).child ?? whole,
            posted,
          );
          assert.ok(on.posts <= 1);
          assert.deepEqual(held, applyRecord(undefined, judged(on.child), 'merge'));
          // Of two rows of one id that say different things, DfE keeps what it has.
          if (hasIdsOnce(rows)) assert.deepEqual(saidAt(on.child, paths), saidAt(whole, paths));
        }),
        { numRuns: 30, examples: [[everything]] },
      );
      assert.ok(removed > 0, 'no child had any of it');
    });
  }

  it('is removed also where DfE only may hold it, from a POST that it never answered', () => {
    fc.assert(
      fc.property(anyPerson, someCategories, (rows, leftOut) => {
        const whole = builtOf(rows).child;
        fc.pre(whole !== undefined);
        const doubts = [acknowledgedTextOf(builtWithout(rows, leftOut)), acknowledgedTextOf(whole)];
        const next = withoutBlocksToPurge(builtWithout(rows, leftOut, doubts), doubts, leftOut);
        for (const first of doubts) {
          const state = keptAll(keptAll(undefined, JSON.parse(first)), judged(submissionOf(next, doubts)));
          assert.deepEqual(saidAt(state, pathsOf(leftOut)), []);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('names only attributes and tables that there are', () => {
    const known = new Set(attributes.map(({ path }) => path));
    for (const category of categoryNames) {
      const { paths, tables } = factsOfCategory(category);
      for (const path of paths) {
        assert.ok(
          [...known].some((one) => one === path || one.startsWith(`${path}.`)),
          path,
        );
      }
      const filled = attributes.filter(({ path }) =>
        paths.some((one) => path === one || path.startsWith(`${one}.`)),
      );
      // Attributes of a placement come from the episodes of care, which other parts of the record need.
      const own = filled.filter(({ table }) => table !== 'ssd_cla_episodes' && table !== 'ssd_cla_placement');
      for (const { table } of own)
        assert.ok(
          tables.some((one) => one === table),
          `${category}: ${table}`,
        );
    }
  });
});
