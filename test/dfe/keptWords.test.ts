import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { keptReceipt, receiptLeftOut } from '../../shared/dfe/keptReceipt.js';
import { keptWords, vocabularyWith } from '../../shared/dfe/keptWords.js';
import { allWords } from '../../shared/dfe/refusal.js';
import { encodings, valuesOf } from './encodings.js';

const vocabulary = vocabularyWith();
const aChild = {
  la_child_id: 'C123',
  child_details: { first_name: 'Siân', surname: 'Ó Néill', date_of_birth: '2015-05-05', sex: 'F' },
  social_care_episodes: [
    {
      social_care_episode_id: 'E-77',
      closure_reason: 'RC8',
      child_looked_after_placements: [{ change_reason: 'CHILD' }, { change_reason: 'CARE' }],
    },
  ],
};

function kept(text: string, child: object = aChild, words = vocabulary): string {
  return keptWords(text, child, words, 1000);
}

describe("what is kept of DfE's words about a child", () => {
  test('is the names of fields with their indexes, and the words of the published messages', () => {
    assert.equal(
      kept('social_care_episodes[0].referral_source: must be equal to one of the allowed values'),
      'social_care_episodes[0].referral_source: must be equal to one of the allowed values',
    );
    assert.equal(kept('Record valid but batch failed.'), 'Record valid but batch failed');
  });

  test('is nothing else, and says how many words are left out', () => {
    assert.equal(
      kept('surname: Siân Ó Néill, born 2015-05-05, is too long'),
      'surname: …, is too long (5 words left out)',
    );
    assert.equal(kept('Siân'), '… (1 word left out)');
    assert.equal(kept(''), '');
  });

  test('is each field even when the child has a code that is a word, such as the change reason CHILD', () => {
    assert.equal(
      kept('child_details.sex, child_looked_after_placements[1].change_reason: this CHILD is not valid'),
      'child_details.sex, child_looked_after_placements[1].change_reason: … is not valid (2 words left out)',
    );
  });

  test('is not a word of the vocabulary, or a field of one word, where it is a value of the child', () => {
    const child = { first_name: 'Long', surname: 'date-score', postcode: 'postcode' };
    for (const [text, left] of [
      ['Long is too long', '… is too … (2 words left out)'],
      ["surname 'score' is not valid", 'surname … is not valid (1 word left out)'],
      ['surname: date is not valid', 'surname: … is not valid (1 word left out)'],
      ['The value Date-Score is not valid', 'The value … is not valid (1 word left out)'],
      ['child_details.surname: must not be Date.', 'child_details.surname: must not be … (1 word left out)'],
      ['surname/Date is not valid', '… is not valid (1 word left out)'],
      ['value: postcode; field: surname', 'value: …; field: surname (1 word left out)'],
    ] as const) {
      assert.equal(kept(text, child), left);
    }
  });

  test('is each field at the place of a name, also when its name is a value of the child', () => {
    const child = { first_name: 'score', surname: 'Date', sex: 'sex', id: 'start_date' };
    for (const [text, left = text] of [
      ['score: is missing'],
      ['errors: sex: is missing'],
      ['The score field is required'],
      ['field: score; message: is missing'],
      ['health_and_wellbeing.sdq_assessments.score: is missing'],
      ['the start_date is missing'],
      ['/child_details/sex is missing', 'child_details.sex is missing'],
    ] as const) {
      assert.equal(kept(text, child), left);
    }
  });

  test('has each field in one notation, in whatever way DfE writes it', () => {
    for (const path of [
      "'social_care_episodes[0].closure_reason'",
      '$.social_care_episodes[0].closure_reason',
      '{social_care_episodes[0].closure_reason}',
      '/social_care_episodes/0/closure_reason',
      '#/social_care_episodes/0/closure_reason',
      "$['social_care_episodes'][0]['closure_reason']",
      '["social_care_episodes"][0]["closure_reason"]',
      'social_care_episodes.0.closure_reason',
      'socialCareEpisodes[0].closureReason',
      'SocialCareEpisodes[0].ClosureReason',
    ]) {
      assert.equal(kept(`${path} is missing`), 'social_care_episodes[0].closure_reason is missing', path);
    }
    assert.equal(kept('ChildDetails.Sex is missing'), 'child_details.sex is missing');
    for (const piece of ['/3/child_details.sex', '$.body[3].child_details.sex']) {
      assert.equal(kept(`${piece} is missing`), '… child_details.sex is missing (1 word left out)', piece);
    }
    assert.equal(kept('unknown_postcode_thing is missing'), '… is missing (1 word left out)');
    assert.equal(kept('Surname. Sex'), '… (2 words left out)', 'words of a sentence are no path');
  });

  test('is not an index for which the child has no item: it may be a number from the record', () => {
    assert.equal(
      kept('social_care_episodes[205].closure_reason is missing'),
      '… social_care_episodes.closure_reason is missing (1 word left out)',
    );
    assert.equal(
      kept('child_looked_after_placements[1] is missing'),
      'child_looked_after_placements[1] is missing',
    );
    assert.equal(
      kept('social_care_episodes[00].closure_reason is missing'),
      '… social_care_episodes.closure_reason is missing (1 word left out)',
    );
  });

  test('includes the words that a council adds', () => {
    const words = vocabularyWith(['Postcode', 'outcode']);
    assert.equal(kept('the outcode is not known', aChild, words), 'the outcode is not known');
    assert.equal(kept('the outcode is not known'), 'the … is not known (1 word left out)');
  });

  test('is no longer than allowed, and well-formed, and holds only fields and words of the vocabulary', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ' ',
        ': ',
        'is',
        'child_details.sex',
        'social_care_episodes[0]',
        'must',
        '\0',
        '\ud800',
        'CHILD',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const texts = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 50, max: 300 }), (text, most) => {
        const left = keptWords(text, aChild, vocabulary, most);
        assert.ok(left.length <= most && left.isWellFormed());
        for (const word of left.replace(/ ?\(\d+ words? left out\)$/, '').split(/[ :;,]+/)) {
          const isKnown =
            vocabulary.has(word.toLowerCase()) || /^(…|[a-z_]+(\[0\])?(\.[a-z_]+)?)?$/.test(word);
          assert.ok(isKnown, JSON.stringify(word));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('names every field and no value, in every form, when all values are words of DfE', () => {
    const names = ['surname', 'date', 'score', 'sex', 'postcode', 'activity'] as const;
    const values = fc.constantFrom('child', 'start', 'length', 'code', 'Plan', 'Care', ...names);
    const child = fc.record({ la_child_id: fc.constant('C1'), first_name: values, surname: values });
    const forms: readonly ((field: string, value: string) => string)[] = [
      (field, value) => `${field}: '${value}' is not valid`,
      (field, value) => `${field}: ${value} is not valid`,
      (field, value) => JSON.stringify({ errors: { [field]: [`${value} is not valid`] } }),
      (field, value) => JSON.stringify({ errors: [{ field, message: `"${value}" is not valid` }] }),
      (field, value) => JSON.stringify({ path: field, value }),
      (field, value) => JSON.stringify({ errors: [`The ${field} field is not '${value}'.`] }),
      (field, value) => `[0].child_details.${field}: ${value} is not valid`,
      (field, value) => `/child_details/${field} must not be ${value}`,
    ];
    fc.assert(
      fc.property(
        child,
        fc.constantFrom(...names),
        fc.constantFrom(...forms),
        fc.boolean(),
        (payload, field, form, isFirst) => {
          const value = isFirst ? payload.first_name : payload.surname;
          const left = kept(allWords(form(field, value)), payload);
          const parts = left.split(/[^A-Za-z_]+/);
          const times = parts.filter((part) => part === field).length;
          assert.equal(times, 1, left);
          const others = parts.filter((part) => part.toLowerCase() === value.toLowerCase());
          assert.equal(others.length, value === field ? 1 : 0, left);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is found quickly, whatever the answer is', () => {
    const size = 1_000_000;
    const texts = [
      '\\'.repeat(size),
      ']'.repeat(size) + 'x',
      "'".repeat(size) + 'x',
      '.'.repeat(size) + 'x',
      'sex.'.repeat(size / 4) + 'sexx',
      'sex[9'.repeat(size / 5),
      'sex/9/'.repeat(size / 6),
      "['sex'".repeat(size / 6),
      '\\u0041'.repeat(size / 6),
      '&amp;'.repeat(size / 5),
      ' x'.repeat(size / 2),
      ' sex'.repeat(size / 4),
      'x'.repeat(size),
      ' '.repeat(size) + 'x',
      '1-'.repeat(size / 2),
    ];
    for (const text of texts) {
      const before = process.cpuUsage();
      kept(text);
      const { user, system } = process.cpuUsage(before);
      assert.ok(
        (user + system) / 1000 < 2000,
        `${String((user + system) / 1000)} ms for ${text.slice(0, 10)}…`,
      );
    }
  });
});

const child = fc.record({
  la_child_id: fc.stringMatching(/^[A-Z]\d{4,9}$/),
  child_details: fc.record({
    first_name: fc.stringMatching(/^[A-Z][a-z]{2,8}q$/),
    surname: fc.stringMatching(/^[A-Z][a-zé]{2,8}q( [A-Z][a-z]{2,6}q)?$/),
    date_of_birth: fc
      .date({ min: new Date('1999-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    unique_pupil_number: fc.stringMatching(/^[A-Z]\d{12}$/),
    postcode: fc.stringMatching(/^[A-Z]{2}\d \d[A-Z]{2}$/),
  }),
});

describe('no value of a child, in any way that DfE writes it,', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    test(`is kept of its words as ${name}`, () => {
      fc.assert(
        fc.property(child, (payload) => {
          const written = valuesOf(payload).map(encode);
          const left = kept(
            written
              .map((text) => `child_details.surname: ${text} is not valid; "${text}", (${text})`)
              .join('\n'),
            payload,
          );
          const other = kept(
            written
              .map((text) => {
                const drop = text.replace(/[^\s\p{Cc},;:()"“”]+/gu, (word) => 'q'.repeat(word.length));
                return `child_details.surname: ${drop} is not valid; "${drop}", (${drop})`;
              })
              .join('\n'),
            payload,
          );
          const withoutCount = (text: string) => text.replace(/\(\d+ words left out\)$/, '');
          assert.equal(withoutCount(left), withoutCount(other), 'the same whatever the value is');
          assert.ok(left.startsWith('child_details.surname: …'));
        }),
        { numRuns: 25 },
      );
    });
  }

  for (const [name, encode] of Object.entries(encodings)) {
    test(`is kept as a receipt that is ${name}`, () => {
      fc.assert(
        fc.property(child, (payload) => {
          for (const value of valuesOf(payload)) {
            for (const receipt of [encode(value), `id-${encode(value)}`]) {
              if (receipt === 'id-') continue;
              assert.equal(keptReceipt(receipt, payload), receiptLeftOut, receipt);
            }
          }
        }),
        { numRuns: 25 },
      );
    });
  }
});

describe("DfE's receipt", () => {
  test('is kept whole in every published form', () => {
    const id = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
    for (const receipt of [
      `2026-08-11_02:00:01.12_${id}.json`,
      `2026-08-11_02:00:01.1234567_${id}`,
      `2026-08-11_02:00:01_${id.toUpperCase()}.json`,
    ]) {
      assert.equal(keptReceipt(receipt, aChild), receipt);
    }
  });

  test('is kept in another form when it is short and printable and has nothing of the child', () => {
    for (const receipt of [
      '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      'R-1',
      'batch 7/12 stored',
      '01J9Z3KQ0T',
    ]) {
      assert.equal(keptReceipt(receipt, aChild), receipt);
    }
  });

  test('is left out when a database would not take it, or it is long', () => {
    for (const receipt of [
      '',
      'R%41',
      'a\0b',
      'a\ud800',
      'R\n1',
      'R-👶',
      'R'.repeat(101),
      'x'.repeat(2_000_000),
    ]) {
      assert.equal(keptReceipt(receipt, aChild), receiptLeftOut);
    }
  });

  test('is left out when it holds one word of a name, or half a postcode', () => {
    const child = { child_details: { first_name: 'Anna-Maria', surname: 'Ó Néill', postcode: 'CF10 3AT' } };
    for (const receipt of ['Maria', 'stored/anna', 'NEILL 1', 'id-3AT', 'CF10']) {
      assert.equal(keptReceipt(receipt, child), receiptLeftOut, receipt);
    }
  });

  test('of a removal is kept only in the published form: what was sent does not say what the receipt may quote', () => {
    const removal = { la_child_id: 'C123', purge: true };
    assert.equal(keptReceipt('removed Featherston 2015-05-05', removal), receiptLeftOut);
    const receipt = '2026-08-11_02:00:01.12_3f2504e0-4f89-11d3-9a0c-0305e82c3301.json';
    assert.equal(keptReceipt(receipt, removal), receipt);
  });

  test('is rarely left out by chance', () => {
    const receipts = fc.sample(fc.uuid(), { numRuns: 500, seed: 7 });
    const kept = receipts.filter((receipt) => keptReceipt(receipt, aChild) === receipt);
    assert.ok(kept.length > 450, `${String(kept.length)} of 500`);
  });
});
