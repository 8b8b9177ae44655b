import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { aWholeChild } from './caller.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.js';
import { applyRecord, type ArrayMode, type HeldChild } from './state.js';

type Sent = JsonObject & { readonly la_child_id: string };

const mode = fc.constantFrom<ArrayMode>('replace', 'merge');
const date = fc.constantFrom('2025-01-01', '2025-02-01', '2025-03-01');

/** An object with any of these fields. */
function some(fields: Readonly<Record<string, fc.Arbitrary<Json>>>, always: readonly string[] = []) {
  return fc
    .tuple(...Object.entries(fields).map(([name, value]) => field(name, value, always.includes(name))))
    .map((pairs): JsonObject => Object.fromEntries(pairs.flat()));
}

function field(
  name: string,
  value: fc.Arbitrary<Json>,
  always: boolean,
): fc.Arbitrary<readonly [string, Json][]> {
  const present = value.map((one): [string, Json][] => [[name, one]]);
  return always ? present : fc.oneof(present, fc.constant([]));
}

/** Up to three items with ids of their own. */
function listById(idName: string, fields: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<Json> {
  return fc.uniqueArray(some({ [idName]: fc.constantFrom('1', '2', '3'), ...fields }, [idName]), {
    selector: (item) => item[idName],
    maxLength: 3,
  });
}

const code = fc.constantFrom('1A', '2B', '3C');
const worker = some({ worker_id: fc.constantFrom('W1', 'W2'), start_date: date }, ['worker_id']);

/** A whole child without purge entries. */
const record: fc.Arbitrary<Sent> = some({
  mis_child_id: fc.constantFrom('M1', 'M2'),
  child_details: some({ surname: fc.string(), disabilities: fc.uniqueArray(code) }),
  health_and_wellbeing: some({
    sdq_assessments: fc.array(some({ date, score: fc.nat(40) }), { maxLength: 3 }),
  }),
  social_care_episodes: listById('social_care_episode_id', {
    referral_date: date,
    closure_date: date,
    care_worker_details: fc.array(worker, { maxLength: 3 }),
    child_and_family_assessments: listById('child_and_family_assessment_id', {
      start_date: date,
      factors: fc.uniqueArray(code),
    }),
    child_in_need_plans: listById('child_in_need_plan_id', { end_date: date }),
    adoption: some({ placed_date: date, matched_date: date }),
  }),
}).map((rest) => ({ ...rest, la_child_id: 'C1' }));

const held = fc
  .option(record, { nil: undefined })
  .map((sent) => sent && applyRecord(undefined, sent, 'replace'));

function objectsOf(list: Json | undefined): readonly JsonObject[] {
  return isJsonArray(list) ? list.filter(isJsonObject) : [];
}

/**
 * The submission that must be right whatever DfE does: `next` whole, `purge: true` for each id and block that was
 * there and is gone, `[]` for each list without ids that is gone. Written apart from state.ts.
 */
function submission(before: JsonObject, next: JsonObject): JsonObject {
  const fields = Object.entries(next).map(([name, value]): [string, Json] => {
    const idName = idNames[name];
    const old = before[name];
    if (idName !== undefined) {
      const items = objectsOf(value);
      const sent = items.map((item) =>
        submission(objectsOf(old).find((other) => other[idName] === item[idName]) ?? {}, item),
      );
      const gone = objectsOf(old).filter((other) => !items.some((item) => item[idName] === other[idName]));
      return [name, [...sent, ...gone.map((item) => purgeOf(item, idName))]];
    }
    return [name, isJsonObject(value) ? submission(isJsonObject(old) ? old : {}, value) : value];
  });
  const gone = Object.entries(before).flatMap(([name, old]): [string, Json][] => {
    const idName = idNames[name];
    if (name in next || typeof old !== 'object') return [];
    if (idName !== undefined) return [[name, objectsOf(old).map((item) => purgeOf(item, idName))]];
    return [[name, isJsonObject(old) ? { purge: true } : []]];
  });
  return Object.fromEntries([...fields, ...gone]);
}

const idNames: Readonly<Record<string, string>> = {
  social_care_episodes: 'social_care_episode_id',
  child_and_family_assessments: 'child_and_family_assessment_id',
  child_in_need_plans: 'child_in_need_plan_id',
};

function purgeOf(item: JsonObject, idName: string): JsonObject {
  return { [idName]: item[idName] ?? '', purge: true };
}

function isClean(value: Json): boolean {
  if (isJsonArray(value)) return value.length > 0 && value.every(isClean);
  if (!isJsonObject(value)) return true;
  return !('purge' in value) && Object.values(value).every(isClean);
}

function reversed(value: Json): Json {
  if (isJsonArray(value)) return value.map(reversed).reverse();
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]): [string, Json] => [name, reversed(one)])
      .reverse(),
  );
}

function frozen<T extends Json | undefined>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('the state of a child after any records', () => {
  it('depends on the last record alone when arrays are replaced', () => {
    fc.assert(
      fc.property(held, record, (before, sent) => {
        assert.deepEqual(applyRecord(before, sent, 'replace'), applyRecord(undefined, sent, 'replace'));
      }),
    );
  });

  it('is the same after the same record came twice', () => {
    fc.assert(
      fc.property(held, record, mode, (before, sent, arrays) => {
        const once = applyRecord(before, sent, arrays);
        assert.deepEqual(applyRecord(once, sent, arrays), once);
      }),
    );
  });

  it('does not depend on the order of items and keys', () => {
    fc.assert(
      fc.property(held, record, mode, (before, sent, arrays) => {
        const turned = reversed(sent);
        assert.ok(isJsonObject(turned));
        assert.deepEqual(
          applyRecord(before, { ...turned, la_child_id: 'C1' }, arrays),
          applyRecord(before, sent, arrays),
        );
      }),
    );
  });

  it('holds no purge key and no empty list, and leaves its inputs alone', () => {
    fc.assert(
      fc.property(held, record, record, mode, (before, one, other, arrays) => {
        const sent = { ...submission(one, other), la_child_id: 'C1' };
        const after = applyRecord(frozen(before), frozen(sent), arrays);
        assert.ok(after !== undefined && isClean(after));
      }),
    );
  });

  it('keeps, when arrays are merged, every id it held that no purge names', () => {
    fc.assert(
      fc.property(held, record, (before, sent) => {
        const ids = (child: HeldChild | Sent | undefined) =>
          objectsOf(child?.['social_care_episodes']).map((one) => one['social_care_episode_id']);
        const after = new Set(ids(applyRecord(before, sent, 'merge')));
        assert.deepEqual(after, new Set([...ids(before), ...ids(sent)]));
      }),
    );
  });

  it('is the new record in both modes when purges and empty lists name what is gone', () => {
    fc.assert(
      fc.property(record, record, mode, (one, other, arrays) => {
        const before = applyRecord(undefined, one, arrays);
        assert.ok(before);
        const sent = { ...submission(before, other), la_child_id: 'C1' };
        assert.deepEqual(applyRecord(before, sent, arrays), applyRecord(undefined, other, 'replace'));
      }),
    );
  });

  it('is nothing after a purge, and a fresh child after a later post', () => {
    fc.assert(
      fc.property(held, record, mode, (before, sent, arrays) => {
        const purged = applyRecord(before, { la_child_id: 'C1', purge: true }, arrays);
        assert.equal(purged, undefined);
        assert.deepEqual(applyRecord(purged, sent, arrays), applyRecord(undefined, sent, 'replace'));
      }),
    );
  });
});

describe('one record on top of another', () => {
  const before = applyRecord(undefined, { ...aWholeChild, la_child_id: 'C1' }, 'replace');
  const after = (rest: JsonObject, arrays: ArrayMode) =>
    applyRecord(before, { la_child_id: 'C1', ...rest }, arrays);
  const episodeAfter = (rest: JsonObject, arrays: ArrayMode) =>
    objectsOf(
      after({ social_care_episodes: [{ social_care_episode_id: 'E1', ...rest }] }, arrays)?.[
        'social_care_episodes'
      ],
    )[0];

  for (const arrays of ['replace', 'merge'] as const) {
    it(`re-opens an episode that is sent without its closure date (${arrays})`, () => {
      const episode = episodeAfter({ referral_date: '2024-05-01' }, arrays);
      assert.equal(episode?.['referral_date'], '2024-05-01');
      assert.ok(!('closure_date' in Object(episode)));
    });

    it(`replaces care workers as a whole (${arrays})`, () => {
      const workers = [{ worker_id: 'W9' }];
      assert.deepEqual(
        episodeAfter({ care_worker_details: workers }, arrays)?.['care_worker_details'],
        workers,
      );
    });

    it(`replaces SDQ scores as a whole (${arrays})`, () => {
      const block = { sdq_assessments: [{ date: '2025-05-01', score: 3 }] };
      assert.deepEqual(after({ health_and_wellbeing: block }, arrays)?.['health_and_wellbeing'], block);
    });

    it(`removes blocks and items by their purge entries (${arrays})`, () => {
      const purge = true;
      const gone = after({ child_details: { purge }, health_and_wellbeing: { purge } }, arrays);
      assert.ok(gone && !('child_details' in gone) && !('health_and_wellbeing' in gone));
      const episode = episodeAfter(
        {
          adoption: { purge },
          care_leavers: { purge },
          child_in_need_plans: [{ child_in_need_plan_id: 'P1', purge }],
        },
        arrays,
      );
      assert.ok(episode);
      for (const name of ['adoption', 'care_leavers', 'child_in_need_plans']) assert.ok(!(name in episode));
      assert.equal('child_protection_plans' in episode, arrays === 'merge');
      const episodes = [{ social_care_episode_id: 'E1', purge }];
      assert.ok(!('social_care_episodes' in Object(after({ social_care_episodes: episodes }, arrays))));
    });
  }

  it('keeps a list that is left out when arrays are merged, and drops it when they are replaced', () => {
    assert.ok('care_worker_details' in Object(episodeAfter({}, 'merge')));
    assert.ok(!('care_worker_details' in Object(episodeAfter({}, 'replace'))));
  });

  it('empties a list without ids by [], but no list by id when arrays are merged', () => {
    const episode = episodeAfter({ care_worker_details: [], child_in_need_plans: [] }, 'merge');
    assert.ok(!('care_worker_details' in Object(episode)));
    assert.ok('child_in_need_plans' in Object(episode));
  });
});
