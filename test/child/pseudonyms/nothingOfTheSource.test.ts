import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import { submissionOf, type ChildSubmission } from '../../../shared/child/changes/difference.js';
import { partialSubmissionOf } from '../../../shared/child/changes/partial.js';
import { childSchemaOf, type Child, type ChildPurge } from '../../../shared/child/payload.js';
import { pseudonymsOf } from '../../../shared/child/pseudonyms/pseudonyms.js';
import { treatments } from '../../../shared/child/pseudonyms/treatments.js';
import { tripsFirewall } from '../../local/dfe/firewall.js';
import { isJsonArray, isJsonObject, type Json } from '../../local/dfe/json.js';
import { judge } from '../../local/dfe/judge.js';
import { acknowledgedTextOf, asSent, payloadOf } from '../aPayload.js';
import { aPerson } from '../aPerson.js';
import { anyPerson } from '../anyPerson.js';
import { cleanCases } from '../cleanCases.js';
import {
  keyOf,
  sentAs,
  type Leaf,
  leavesOf,
  classOf,
  weekMs,
  upperCase,
  purgeOf,
  synthetic,
  textAt,
} from './sentUnderPseudonyms.js';

const schema = childSchemaOf(newestCodeLists);

/** The keys in their order and the lengths of the lists, without a value. */
function structureOf(value: Json): Json {
  if (isJsonArray(value)) return value.map(structureOf);
  if (!isJsonObject(value)) return null;
  return Object.entries(value).map(([key, held]) => [key, structureOf(held)]);
}

/** Fails when anything of the source is left that may be about one child, or when anything else is not as it was. */
function assertPseudonymised(source: Json, sent: Json): void {
  assert.deepEqual(structureOf(sent), structureOf(source));
  const verdict = judge(sent);
  assert.ok(verdict.sound, verdict.sound ? '' : JSON.stringify(verdict.violations));
  assert.equal(tripsFirewall(sent), false);

  const [before, after] = [leavesOf(source), leavesOf(sent)];
  const replaced = (leaf: Leaf) => ['id', 'text'].includes(classOf(leaf.attribute));
  const left = new Set(before.filter(replaced).map(upperCase));
  const weeks = new Set<number>();
  for (const [index, leaf] of after.entries()) {
    const was = before[index];
    assert.ok(was);
    assert.equal(leaf.place, was.place);
    switch (classOf(leaf.attribute)) {
      case 'code':
        assert.deepEqual(leaf, was);
        break;
      case 'date':
        weeks.add((Date.parse(String(was.value)) - Date.parse(String(leaf.value))) / weekMs);
        break;
      default:
        assert.ok(!left.has(upperCase(leaf)), `a value of the source is left at ${leaf.place}`);
    }
  }
  // One shift for all dates keeps their order and the days between them.
  assert.ok(weeks.size <= 1, 'the dates of a child moved differently');
  for (const moved of weeks) assert.ok(Number.isInteger(moved) && moved >= 1 && moved <= 26);
}

const check = (source: Child | ChildSubmission | ChildPurge) =>
  assertPseudonymised(asSent(source), sentAs(source));

describe('nothing of the source is left but its structure and codes, and DfE takes it', () => {
  it('for any child', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        const child = payloadOf(rows);
        check(child);
        assert.ok(schema.safeParse(sentAs(child)).success);
      }),
      { numRuns: 300 },
    );
  });

  it('for any submission with purge entries, whole and in part, and for the purge of a child', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const [now, before] = [payloadOf(one), payloadOf(other)];
        check(submissionOf(now, [acknowledgedTextOf(before)]));
        check(partialSubmissionOf(now, acknowledgedTextOf(before)));
        check(purgeOf(before));
      }),
      { numRuns: 300 },
    );
  });

  it('for synthetic children', () => {
    for (const child of synthetic) {
      check(child);
      assert.ok(schema.safeParse(sentAs(child)).success);
    }
  });

  for (const { story, rows } of cleanCases) it(`for ${story}`, () => check(payloadOf(rows)));

  it('for any ids, names, dates, postcodes and pupil numbers, and not anywhere in the text', () => {
    const idText = (longest: number) =>
      fc.stringMatching(/^[A-Za-z0-9_-]{6,36}$/).map((id) => id.slice(0, longest));
    const values = fc.record({
      la_child_id: idText(20),
      worker_id: idText(12),
      id: idText(36),
      first_name: fc.string({ unit: 'grapheme', minLength: 8, maxLength: 60 }),
      surname: fc.string({ unit: 'grapheme', minLength: 8, maxLength: 60 }),
      postcode: fc.constantFrom('GIR 0AA', 'M1 1AE', 'EC1A 1BB', 'ZE1 0AA', 'ZA1 1AA'),
      upn: fc.stringMatching(/^[A-Za-z0-9]{13}$/),
    });
    fc.assert(
      fc.property(fc.constantFrom(...synthetic), values, (child, chosen) => {
        const given: Readonly<Record<string, string>> = {
          ...chosen,
          unique_pupil_number: chosen.upn,
          former_unique_pupil_number: `${chosen.upn.slice(1)}Q`,
        };
        const source = withValues(asSent(child), (attribute, value) =>
          given[attribute] === undefined && attribute.endsWith('_id')
            ? `${chosen.id.slice(0, 10)}-${value}`.slice(0, 36)
            : (given[attribute] ?? value),
        );
        assert.ok(isJsonObject(source));
        const sent = sentAs(source);
        const text = JSON.stringify(sent);
        for (const leaf of leavesOf(source)) {
          if (!['id', 'text'].includes(classOf(leaf.attribute))) continue;
          assert.ok(!text.includes(JSON.stringify(leaf.value)), `${leaf.place} is left`);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The same structure with other texts. */
function withValues(value: Json, textFor: (attribute: string, value: string) => string, at = ''): Json {
  if (isJsonArray(value)) return value.map((item) => withValues(item, textFor, at));
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [key, withValues(held, textFor, key)]),
    );
  return typeof value === 'string' ? textFor(at, value) : value;
}

describe('the treatments', () => {
  it('name every attribute of the payload and nothing else', () => {
    const attributesIn = (node: z.core.JSONSchema._JSONSchema, path = ''): string[] => {
      if (typeof node === 'boolean') return [path];
      if (node.type === 'array' && node.items !== undefined && !Array.isArray(node.items))
        return attributesIn(node.items, path);
      return node.properties === undefined
        ? [path]
        : Object.entries(node.properties).flatMap(([key, held]) => attributesIn(held, `${path}.${key}`));
    };
    const named = leavesOf(treatments).map(({ place }) => place);
    assert.deepEqual(named.sort(), attributesIn(z.toJSONSchema(schema)).sort());
    // 54 attributes in the body, mis_child_id and 11 purge flags.
    assert.equal(named.length, 66);
  });

  it('keep nothing that by its name is an id, a date or a text of one child', () => {
    for (const { place, attribute, value } of leavesOf(treatments))
      assert.equal(value === 'kept', classOf(attribute) === 'code', place);
  });
});

describe('what has no treatment is left out', () => {
  const child = payloadOf(aPerson());

  it('at any place', () => {
    const source = {
      ...child,
      nhs_number: '9990001234',
      child_details: { ...child.child_details, nickname: 'Addie', constructor: { name: 'Addie' } },
      family: { surname: 'Example' },
      social_care_episodes: [{ social_care_episode_id: 'R1', note: 'Ada', purge: false }],
    };
    const expected = { ...child, social_care_episodes: [{ social_care_episode_id: 'R1', purge: false }] };
    assert.deepEqual(sentAs(source), sentAs(expected));
  });

  for (const [what, details] of [
    ['a name where a code belongs', { sex: 'Ada Example' }],
    ['a name among codes', { disabilities: ['Example'] }],
    ['a day in words', { date_of_birth: '15 June 2012' }],
    ['a day that is none', { date_of_birth: '2012-02-30' }],
    ['the first day that there is', { date_of_birth: '0001-01-01' }],
    ['a number for a name', { surname: 1001 }],
    ['a list of blocks for a name', { first_name: { first_name: 'Ada' } }],
    ['a null', { postcode: null }],
  ] as const) {
    it(`as is ${what}`, () => {
      const sent = sentAs({ la_child_id: '1001', child_details: { ...details, purge: false } });
      const list = 'disabilities' in details ? { disabilities: [] } : {};
      assert.deepEqual(sent['child_details'], { ...list, purge: false });
    });
  }
});

it('an empty list stays, since it says that there are no items', () => {
  const episode = { social_care_episode_id: 'R1', purge: false, care_worker_details: [] };
  const sent = sentAs({ la_child_id: '1001', social_care_episodes: [episode] });
  assert.match(JSON.stringify(sent), /"care_worker_details":\[\]/);
});

describe('generalised pseudonyms', () => {
  const general = pseudonymsOf(keyOf('a key'), ['monthOfBirth', 'postcodeDistrict']);
  const bornOn = (day: string) =>
    textAt(
      sentAs({ la_child_id: '1001', child_details: { date_of_birth: day } }, general),
      '.child_details.date_of_birth',
    );

  it('are taken by DfE, have the same ids and move all other dates alike', () => {
    for (const child of synthetic) {
      const [exact, less] = [leavesOf(sentAs(child)), leavesOf(sentAs(child, general))];
      assert.ok(schema.safeParse(sentAs(child, general)).success);
      assert.ok(judge(sentAs(child, general)).sound);
      const apart = exact
        .filter((leaf, at) => leaf.value !== less[at]?.value)
        .map(({ attribute }) => attribute);
      for (const attribute of apart) assert.match(attribute, /date_of_birth|postcode/);
    }
  });

  it('give only the month of birth, after the day was moved', () => {
    for (const child of synthetic) {
      const born = child.child_details.date_of_birth;
      if (born === undefined) continue;
      const moved = textAt(sentAs(child), '.child_details.date_of_birth');
      assert.equal(textAt(sentAs(child, general), '.child_details.date_of_birth'), `${moved.slice(0, 7)}-01`);
    }
    const days = Array.from({ length: 28 }, (_, index) => `2012-05-${String(index + 1).padStart(2, '0')}`);
    assert.ok(new Set(days.map(bornOn)).size <= 2);
  });

  it('give the postcodes of a district one invented postcode, and those of two districts two', () => {
    const postcodeOf = (postcode: string) =>
      textAt(
        sentAs({ la_child_id: '1001', child_details: { postcode } }, general),
        '.child_details.postcode',
      );
    assert.equal(postcodeOf('LS1 1UR'), postcodeOf('LS1 4AP'));
    assert.equal(postcodeOf('LS1 1UR'), postcodeOf('ls11ur'));
    assert.notEqual(postcodeOf('LS1 1UR'), postcodeOf('LS11 1UR'));
    assert.notEqual(postcodeOf('LS1 1UR'), postcodeOf('EC1A 1BB'));
  });
});
