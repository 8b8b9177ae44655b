import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { allWords, recordsNamed } from '../../shared/dfe/refusal.js';
import { refusal, type BadChildren } from '../local/dfe/refusals.js';

const twoOfFive: BadChildren = new Map([
  [1, [{ path: '.child_details.sex', message: 'must be equal to one of the allowed values' }]],
  [
    3,
    [
      { path: '.social_care_episodes[0].referral_source', message: 'must be a code' },
      { path: '.la_child_id', message: 'comes twice' },
    ],
  ],
]);

/** The records named in a batch of five, and the words about each. */
function named(answer: unknown, count = 5): Record<number, string> {
  return Object.fromEntries(
    recordsNamed(typeof answer === 'string' ? answer : JSON.stringify(answer), count),
  );
}

describe('the records that a refusal names', () => {
  const words = {
    1: 'child_details.sex: must be equal to one of the allowed values',
    3: 'social_care_episodes[0].referral_source: must be a code; la_child_id: comes twice',
  };
  for (const shape of ['errors', 'problem'] as const) {
    test(`are the rejected ones, each with its own words, in the shape "${shape}"`, () => {
      assert.deepEqual(named(refusal(twoOfFive, 5, shape).body), words);
      assert.deepEqual(named(refusal(twoOfFive, 5, shape, 422).body), words);
    });
  }

  test('are the rejected ones in plain text, a line for each problem', () => {
    assert.deepEqual(named(refusal(twoOfFive, 5, 'paths').body), {
      1: 'child_details.sex must be equal to one of the allowed values',
      3: 'social_care_episodes[0].referral_source must be a code; la_child_id comes twice',
    });
  });

  test('are none in a text that names none', () => {
    assert.deepEqual(named(refusal(twoOfFive, 5, 'text').body), {});
  });

  test('are found in every shape that has the path of a record at the head', () => {
    const shapes: readonly unknown[] = [
      '[3]: must be a code',
      '[3] must be a code',
      '  [3] - must be a code\r\n',
      'Record [3]: must be a code',
      'Two things are wrong.\n[3]: must be a code',
      ['[3]: must be a code'],
      '"[3]: must be a code"',
      { '[3]': ['must be a code'] },
      { title: 'Bad request', status: 400, '[3]': 'must be a code' },
      { error: { details: [{ all: ['[3]: must be a code'] }] } },
      { message: 'Two things are wrong.\n[3]: must be a code' },
      JSON.stringify(JSON.stringify({ errors: ['[3]: must be a code'] })),
    ];
    for (const shape of shapes) {
      assert.deepEqual(named(shape), { 3: 'must be a code' }, JSON.stringify(shape));
    }
  });

  test('are found behind the root of a path, and keep the rest of the path', () => {
    const paths = [
      '[3].child_details.sex',
      '$[3].child_details.sex',
      'body[3].child_details.sex',
      '$.body[3].child_details.sex',
      'children[3].child_details.sex',
    ];
    for (const path of paths) {
      const expected = { 3: 'child_details.sex: must be a code' };
      assert.deepEqual(named(`${path}: must be a code`), expected, path);
      assert.deepEqual(named({ errors: { [path]: ['must be a code'] } }), expected, path);
      assert.deepEqual(named([{ errorCode: 7, path, tail: {} }]), {
        3: 'child_details.sex: errorCode: 7',
      });
    }
  });

  test('are the record only, and never an item of a list within it', () => {
    assert.deepEqual(named('body[3].social_care_episodes[0].adoption is not known'), {
      3: 'social_care_episodes[0].adoption is not known',
    });
    assert.deepEqual(named('social_care_episodes[0].adoption is not known'), {});
    assert.deepEqual(named({ 'social_care_episodes[0].adoption': ['is not known'] }), {});
  });

  test('have everything below the path of a record as their words', () => {
    const answer = { '[2]': { sex: ['is no code', 'is too long'], names: { first_name: 'is missing' } } };
    assert.deepEqual(named(answer), {
      2: 'sex: is no code; is too long; names: first_name: is missing',
    });
  });

  test('do not include those that DfE calls valid, in any wording', () => {
    const said = [
      'Record valid but batch failed',
      'record is valid, the batch is not',
      'The record itself is valid.',
      'This record is itself valid',
      'Valid',
      'valid but not taken',
    ];
    for (const words of said) {
      assert.deepEqual(named([`[0]: ${words}`, '[1].sex: is no code']), { 1: 'sex: is no code' }, words);
      assert.deepEqual(named({ '[0]': [words], '[1].sex': ['is no code'] }), { 1: 'sex: is no code' }, words);
    }
  });

  test('include those whose problem mentions what would be valid', () => {
    const said = ['Record is not valid', 'must be a valid date', 'Record invalid', 'Valid date expected'];
    for (const words of said) assert.deepEqual(named([`[0]: ${words}`]), { 0: words }, words);
  });

  test('are none at all when one index is outside the batch, as when DfE counts from 1', () => {
    assert.deepEqual(named(['[1]: is no code', '[5]: is no code']), {});
    assert.deepEqual(named(['[1]: is no code', '[5]: Record valid but batch failed']), {});
    assert.deepEqual(named(['[1]: is no code', `[${'9'.repeat(400)}]: is no code`]), {});
    assert.deepEqual(named(['[1]: is no code', '[4]: is no code']), { 1: 'is no code', 4: 'is no code' });
  });

  test('are not taken from what DfE quotes of a child', () => {
    const quoted = [
      "[1].first_name: 'Sam [2]' is too long",
      "[1].first_name: '[2].x: y' is too long",
      { '[1].first_name': ["'[2]: Sam' is too long", '[2]: Sam'] },
      [{ property: '[1].first_name', message: 'is too long', attempted: '[2].Sam' }],
    ];
    for (const answer of quoted) {
      assert.deepEqual(Object.keys(named(answer)), ['1'], JSON.stringify(answer));
    }
    assert.deepEqual(named('The name "Sam [2]" is too long'), {});
    assert.deepEqual(named('[2]Sam is too long'), {});
  });

  test('are none in a web page', () => {
    assert.deepEqual(named('<html><body><h1>403</h1><script>\nvar x = a[3];\n</script></body></html>'), {});
  });

  test('are within the batch, whatever the answer is, and reading it never fails', () => {
    const piece = fc.oneof(
      fc.constantFrom('[', ']', '[0]', '[2]', '[07]', '{', '}', '"', ':', ',', '\n', '.', '$', 'body', '\\'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const answer = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      fc.json(),
      fc.json({ stringUnit: 'binary' }).map((json) => JSON.stringify({ '[1].x': json, y: json })),
    );
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 5 }), (text, count) => {
        for (const record of recordsNamed(text, count).keys()) assert.ok(record >= 0 && record < count);
        assert.equal(typeof allWords(text), 'string');
      }),
      { numRuns: 2000 },
    );
  });

  test('are found quickly, however large or deep the answer is', () => {
    const size = 999_000;
    const answers = [
      '['.repeat(size),
      '['.repeat(size / 2) + ']'.repeat(size / 2),
      '{"a":'.repeat(size / 6) + '1' + '}'.repeat(size / 6),
      ' '.repeat(size) + 'x',
      '<'.repeat(size),
      `<${' <body'.repeat(size / 6)}`,
      '[0]:\n'.repeat(size / 5),
      `[0]${'.'.repeat(size)}`,
      '[0]'.repeat(size / 3),
      JSON.stringify(Array(size / 10).fill('[0]: x')),
      JSON.stringify({ ['[0].'.repeat(size / 10)]: Array(size / 10).fill('') }),
      JSON.stringify('\\'.repeat(size / 4)),
    ];
    for (const answer of answers) {
      // The time of the processor, which other processes do not take.
      const before = process.cpuUsage();
      recordsNamed(answer, 100);
      allWords(answer);
      const { user, system } = process.cpuUsage(before);
      const took = (user + system) / 1000;
      assert.ok(took < 2000, `${String(took)} ms for ${answer.slice(0, 20)}…`);
    }
  });
});

describe('all words of an answer', () => {
  test('are those of a text, of JSON and of a web page', () => {
    assert.equal(allWords(' The request is invalid. \n'), 'The request is invalid.');
    assert.equal(allWords('"The request is invalid."'), 'The request is invalid.');
    assert.equal(
      allWords('{"title":"Bad request","status":400,"errors":{"sex":["is no code","is long"]},"x":null}'),
      'title: Bad request; status: 400; errors: sex: is no code; is long',
    );
    const page = '<html><head><title>x</title></head><body><h1>403 Forbidden</h1><p>Id 7</p></body></html>';
    assert.equal(allWords(page).replace(/\s+/g, ' '), '403 Forbidden Id 7');
  });
});
