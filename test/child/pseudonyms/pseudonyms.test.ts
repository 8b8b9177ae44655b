import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import { submissionOf, type ChildSubmission } from '../../../shared/child/changes/difference.js';
import { partialSubmissionOf } from '../../../shared/child/changes/partial.js';
import { childSchemaOf, isSendableId, type Child, type ChildPurge } from '../../../shared/child/payload.js';
import { pseudonymsOf } from '../../../shared/child/pseudonyms/pseudonyms.js';
import { treatments } from '../../../shared/child/pseudonyms/treatments.js';
import { isUpnPlausible } from '../../../shared/child/values/upn.js';
import { windowOf } from '../../../shared/child/window.js';
import { tripsFirewall } from '../../local/dfe/firewall.js';
import { isJsonArray, isJsonObject, parseJson, type Json, type JsonObject } from '../../local/dfe/json.js';
import { judge } from '../../local/dfe/judge.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { acknowledgedTextOf, asSent, payloadOf, today } from '../aPayload.js';
import { aPerson } from '../aPerson.js';
import { anyPerson } from '../anyPerson.js';
import { cleanCases } from '../cleanCases.js';
import { personsIn } from '../syntheticPersons.js';

const keyOf = (secret: string) => createHash('sha256').update(secret).digest();
const pseudonyms = pseudonymsOf(keyOf('a key'), []);
const schema = childSchemaOf(newestCodeLists);

/** What travels, read back from its bytes. */
function sentAs(source: object, by = pseudonyms): JsonObject {
  const sent = parseJson(new TextEncoder().encode(JSON.stringify(by.payload(source))));
  assert.ok(isJsonObject(sent));
  return sent;
}

/** A single value of a payload: where it stands, with the numbers of the list items (`.episodes[0].id`), and under which key. */
interface Leaf {
  readonly place: string;
  readonly attribute: string;
  readonly value: null | boolean | number | string;
}

function leavesOf(value: Json, place = '', attribute = ''): Leaf[] {
  if (isJsonArray(value))
    return value.flatMap((item, index) => leavesOf(item, `${place}[${String(index)}]`, attribute));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, held]) => leavesOf(held, `${place}.${key}`, key));
  return [{ place, attribute, value }];
}

/** The keys in their order and the lengths of the lists, without a value. */
function structureOf(value: Json): Json {
  if (isJsonArray(value)) return value.map(structureOf);
  if (!isJsonObject(value)) return null;
  return Object.entries(value).map(([key, held]) => [key, structureOf(held)]);
}

/** By the names of payload_fields.csv alone: what may be about one child or worker. All else is a code, flag or score. */
function classOf(attribute: string): 'id' | 'date' | 'text' | 'code' {
  if (attribute.endsWith('_id')) return 'id';
  if (attribute === 'date' || attribute.endsWith('_date') || attribute.includes('date_of_birth'))
    return 'date';
  const texts = ['first_name', 'surname', 'postcode', 'unique_pupil_number', 'former_unique_pupil_number'];
  return texts.includes(attribute) ? 'text' : 'code';
}

const weekMs = 7 * 24 * 60 * 60_000;
const upperCase = ({ value }: Leaf) => String(value).toUpperCase();

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

const purgeOf = ({ la_child_id, mis_child_id }: Child): ChildPurge => ({
  la_child_id,
  mis_child_id,
  purge: true,
});

const synthetic = personsIn(
  generateSsd({ children: 250, seed: 'pseudonyms', today, night: 5 }).entries(),
).map((rows) => payloadOf(rows));

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

  it('wherever it is', () => {
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

it('an empty list stays, for it says that there are none', () => {
  const episode = { social_care_episode_id: 'R1', purge: false, care_worker_details: [] };
  const sent = sentAs({ la_child_id: '1001', social_care_episodes: [episode] });
  assert.match(JSON.stringify(sent), /"care_worker_details":\[\]/);
});

/** The text at a place such as `.la_child_id`. */
function textAt(sent: Json, place: string): string {
  const leaf = leavesOf(sent).find((one) => one.place === place);
  assert.ok(typeof leaf?.value === 'string', `no text at ${place}`);
  return leaf.value;
}

const sentWorker = (child: string, worker: string) =>
  textAt(
    sentAs({
      la_child_id: child,
      social_care_episodes: [
        { social_care_episode_id: `R-${child}`, care_worker_details: [{ worker_id: worker }] },
      ],
    }),
    '.social_care_episodes[0].care_worker_details[0].worker_id',
  );

describe('under one key', () => {
  it('a child is the same each time, after any other children, in any run and process', () => {
    for (const child of synthetic) {
      const elsewhere = pseudonymsOf(keyOf('a key'), []);
      assert.deepEqual(sentAs(child, elsewhere), sentAs(child));
    }
  });

  it('the purge of a child names the child as the child was named', () => {
    for (const child of synthetic) {
      const [sent, purge] = [sentAs(child), sentAs(purgeOf(child))];
      assert.deepEqual(
        [purge['la_child_id'], purge['mis_child_id'], purge['purge']],
        [sent['la_child_id'], sent['mis_child_id'], true],
      );
    }
  });

  it('the purge entry of an item names it as the item was named, in the dates of the same child', () => {
    const episode = { social_care_episode_id: 'R1', referral_date: '2025-05-01', purge: false };
    const first = sentAs({ la_child_id: '1001', social_care_episodes: [episode] });
    const second = sentAs({
      la_child_id: '1001',
      child_details: { date_of_birth: '2025-05-01' },
      social_care_episodes: [{ social_care_episode_id: 'R1', purge: true }],
    });
    const place = '.social_care_episodes[0].social_care_episode_id';
    assert.equal(textAt(second, place), textAt(first, place));
    assert.equal(
      textAt(second, '.child_details.date_of_birth'),
      textAt(first, '.social_care_episodes[0].referral_date'),
    );
  });

  it('a worker is the same in two children, and two workers are two', () => {
    assert.equal(sentWorker('1001', 'SW100001'), sentWorker('1002', 'SW100001'));
    assert.notEqual(sentWorker('1001', 'SW100001'), sentWorker('1001', 'SW100002'));
  });

  it('a former pupil number is that which another child has', () => {
    const one = sentAs({ la_child_id: '1001', child_details: { unique_pupil_number: 'A820200001001' } });
    const other = sentAs({
      la_child_id: '1002',
      child_details: { former_unique_pupil_number: 'A820200001001' },
    });
    assert.equal(
      textAt(one, '.child_details.unique_pupil_number'),
      textAt(other, '.child_details.former_unique_pupil_number'),
    );
  });

  it('a home that is also the placement is one postcode, and that of another child is another', () => {
    const sent = ['1001', '1002'].map((id) =>
      sentAs({
        la_child_id: id,
        child_details: { postcode: 'LS1 1UR' },
        social_care_episodes: [{ child_looked_after_placements: [{ postcode: 'LS1 1UR' }] }],
      }),
    );
    const postcodes = sent.map((child) =>
      leavesOf(child).filter(({ attribute }) => attribute === 'postcode'),
    );
    assert.deepEqual(
      postcodes.map((leaves) => new Set(leaves.map(({ value }) => value)).size),
      [1, 1],
    );
    assert.notEqual(postcodes[0]?.[0]?.value, postcodes[1]?.[0]?.value);
  });

  it('no surname shows how common it is', () => {
    const surnames = Array.from({ length: 200 }, (_, index) =>
      textAt(
        sentAs({ la_child_id: String(index), child_details: { surname: 'Smith' } }),
        '.child_details.surname',
      ),
    );
    assert.ok(new Set(surnames).size > 180);
  });
});

it('another key gives other pseudonyms throughout', () => {
  const other = pseudonymsOf(keyOf('another key'), []);
  const drawn = (by: typeof pseudonyms) =>
    synthetic.map((child) =>
      leavesOf(sentAs(child, by)).filter(({ attribute }) => classOf(attribute) !== 'code'),
    );
  const [one, two] = [drawn(pseudonyms).flat(), drawn(other).flat()];
  const ids = (leaves: Leaf[]) =>
    leaves.filter(({ attribute }) => /_id$|pupil_number$|postcode$/.test(attribute)).map(upperCase);
  const seen = new Set(ids(one));
  assert.deepEqual(
    ids(two).filter((id) => seen.has(id)),
    [],
  );
  // Of 4,096 names and 26 shifts some meet by chance.
  const same = (name: RegExp) => {
    const pairs = one
      .map((leaf, at) => [leaf, two[at]] as const)
      .filter(([leaf]) => name.test(leaf.attribute));
    return pairs.filter(([a, b]) => a.value === b?.value).length / pairs.length;
  };
  assert.ok(same(/name$/) < 0.02);
  assert.ok(same(/date/) < 0.12);
});

describe('the id of pseudonyms', () => {
  const idOf = (...by: Parameters<typeof pseudonymsOf>) => pseudonymsOf(...by).id;
  const key = keyOf('a key');

  it('is the same for the same key and settings, in whichever order', () => {
    assert.equal(
      idOf(key, ['monthOfBirth', 'postcodeDistrict']),
      idOf(keyOf('a key'), ['postcodeDistrict', 'monthOfBirth']),
    );
  });

  it('is another one as soon as the same child would be sent otherwise', () => {
    const ids = [
      idOf(key, []),
      idOf(key, ['monthOfBirth']),
      idOf(key, ['postcodeDistrict']),
      idOf(key, ['monthOfBirth', 'postcodeDistrict']),
      idOf(keyOf('another key'), []),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });

  it('does not hold the key', () => {
    assert.ok(!key.toString('hex').includes(idOf(key, [])));
  });
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

describe('a pseudonym', () => {
  const many = 20_000;
  const each = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: many }, (_, index) => make(index));

  it('of a child is its own among 20,000, in either case, sendable and never one of the source', () => {
    const ids = each((index) => textAt(sentAs({ la_child_id: String(index) }), '.la_child_id'));
    assert.equal(new Set(ids.map((id) => id.toUpperCase())).size, many);
    for (const id of ids) assert.ok(isSendableId(id, 20) && !/0x/i.test(id) && !(Number(id) < many));
  });

  it('of a worker is its own among 1,500 and has the form of a registration number', () => {
    const ids = Array.from({ length: 1500 }, (_, index) =>
      sentWorker('1001', `SW${String(100_000 + index)}`),
    );
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^SW[1-9][0-9]{9}$/);
  });

  it('of a pupil number has the right check letter and a year in which none was issued', () => {
    for (let index = 0; index < 2000; index += 1) {
      const details = { unique_pupil_number: `A8202000${String(10_000 + index)}` };
      const upn = textAt(
        sentAs({ la_child_id: String(index), child_details: details }),
        '.child_details.unique_pupil_number',
      );
      assert.ok(isUpnPlausible(upn));
      assert.match(upn, /^[A-Z]8(6[5-9]|[78]\d|9[0-6])\d{4}[4-8]\d\d{3}$/);
    }
  });

  it('of a postcode passes the strictest published pattern, and its area does not exist', () => {
    // BS 7666, as the government published it.
    const strict = /^[A-PR-UWYZ]([A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9]{1,2}) [0-9][ABD-HJLNP-UW-Z]{2}$/;
    for (let index = 0; index < 2000; index += 1) {
      const postcode = textAt(
        sentAs({ la_child_id: String(index), child_details: { postcode: 'LS1 1UR' } }),
        '.child_details.postcode',
      );
      assert.match(postcode, strict);
      assert.match(postcode, /^Z[^EZ]/);
    }
  });

  it('of a name is never the name, in either case, though the name be one of those invented', () => {
    const inventedBy = (id: string) =>
      textAt(sentAs({ la_child_id: id, child_details: { surname: 'x' } }), '.child_details.surname');
    const invented = [...new Set(each((index) => inventedBy(String(index))))];
    assert.ok(invented.length > 3500);
    // Without the rule 5 of these would stay by chance.
    for (let index = 0; index < many; index += 1) {
      const name = ` ${(invented[index % invented.length] ?? '').toLowerCase()}`;
      const sent = textAt(
        sentAs({ la_child_id: `child-${String(index)}`, child_details: { first_name: name } }),
        '.child_details.first_name',
      );
      assert.notEqual(sent.toLowerCase(), name.trim());
    }
  });

  it('of a day is before it, by each of 1 to 26 weeks in some child, so that no day leaves the window by its end', () => {
    const { end } = windowOf(today);
    const weeks = new Set(
      Array.from({ length: 2000 }, (_, index) => {
        const sent = sentAs({ la_child_id: String(index), child_details: { expected_date_of_birth: end } });
        const moved = textAt(sent, '.child_details.expected_date_of_birth');
        assert.ok(moved < end);
        return (Date.parse(end) - Date.parse(moved)) / weekMs;
      }),
    );
    assert.deepEqual(
      [...weeks].sort((a, b) => a - b),
      Array.from({ length: 26 }, (_, index) => index + 1),
    );
  });
});

describe('nothing is pseudonymised', () => {
  it('with a key that is short enough to be found', () => {
    assert.throws(() => pseudonymsOf(new Uint8Array(31), []), RangeError);
  });

  it('for a payload that names no child, and the error holds no value', () => {
    for (const source of [
      {},
      { la_child_id: '' },
      { la_child_id: 1001, purge: true },
      [{ la_child_id: '1001' }],
    ])
      assert.throws(
        () => pseudonyms.payload(source),
        (error) => error instanceof Error && !error.message.includes('1001'),
      );
  });
});
