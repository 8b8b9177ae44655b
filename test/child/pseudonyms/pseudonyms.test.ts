import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSendableId } from '../../../shared/child/payload.js';
import { pseudonymsOf } from '../../../shared/child/pseudonyms/pseudonyms.js';
import { isUpnPlausible } from '../../../shared/child/values/upn.js';
import { windowOf } from '../../../shared/child/window.js';
import { today } from '../aPayload.js';
import {
  keyOf,
  pseudonyms,
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

  it('of a pupil number has the right check letter and a year in which no pupil number was issued', () => {
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
