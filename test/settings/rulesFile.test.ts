import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedRulesOf, RulesFileError } from '../../shared/settings/rulesFile.js';

const right = { rule: 'cin-8820', effect: 'hold', reason: 'agreed in March', since: '2026-04-01' };

function read(content: unknown) {
  return changedRulesOf('rules/ours.json', () =>
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

const readRule = (entry: unknown) => read({ rules: [entry] });

function messageOf(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    assert.ok(error instanceof RulesFileError);
    return error.message;
  }
  assert.fail('the file is accepted');
}

describe('the file of changed rules', () => {
  test('changes nothing where no setting names one', () => {
    assert.deepEqual(
      changedRulesOf(undefined, () => assert.fail('nothing is read')),
      [],
    );
  });

  test('says which rule holds a child or is silenced, why, since when and until when', () => {
    const silenced = { ...right, rule: 'cin-1530', effect: 'silence', until: '2026-12-31' };
    assert.deepEqual(read({ rules: [right, silenced] }), [right, silenced]);
    assert.deepEqual(read({ rules: [] }), []);
  });

  test('may name a rule by its number in a return, in capitals or not', () => {
    for (const name of ['CIN census 8820', 'cin census  8820', ' CIN-8820 ']) {
      assert.equal(readRule({ ...right, rule: name })[0]?.rule, 'cin-8820');
    }
    assert.equal(readRule({ ...right, rule: 'SSDA903 148' })[0]?.rule, 'ssda903-148');
  });

  test('may begin with the invisible mark that Windows editors put there', () => {
    assert.deepEqual(read(`\uFEFF${JSON.stringify({ rules: [right] })}`), [right]);
  });

  test('may silence a rule about the cohort as a whole', () => {
    assert.equal(readRule({ ...right, rule: 'cin-2886Q', effect: 'silence' }).length, 1);
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    [
      'a rule that does not exist',
      { ...right, rule: 'cin-8821' },
      /"cin-8821"\), rule: is not a rule\. The nearest are: cin-8820/,
    ],
    [
      'a number that no return has',
      { ...right, rule: 'CIN census 88200' },
      /The nearest are: CIN census 8820/,
    ],
    ['a rule like none', { ...right, rule: '?' }, /rule: is not a rule\. docs\/findings\.md lists/],
    ['no rule', { ...right, rule: undefined }, /entry 1, rule: must be the code of a rule/],
    [
      'a finding that says what is not sent',
      { ...right, rule: 'code-unknown' },
      /rule: cannot be changed\. It says what is not sent/,
    ],
    ['a child held for another reason', { ...right, rule: 'child-id' }, /rule: cannot be changed/],
    [
      'a remark that no return has, about the SSD',
      { ...right, rule: 'column-absent' },
      /rule: cannot be changed/,
    ],
    [
      'a rule about the cohort that holds',
      { ...right, rule: 'cin-2886Q' },
      /effect: must be silence: the rule is about the cohort/,
    ],
    ['another effect', { ...right, effect: 'raise' }, /effect: must be hold or silence/],
    ['an empty reason', { ...right, reason: '  ' }, /reason: must say why/],
    ['no reason', { ...right, reason: undefined }, /reason: must say in a text why/],
    ['too long a reason', { ...right, reason: 'x'.repeat(301) }, /reason: must be at most 300 characters/],
    [
      'a date that is none',
      { ...right, since: '2026-02-30' },
      /since: must be a date of the calendar, yyyy-MM-dd/,
    ],
    ['a date in another form', { ...right, until: '31/12/2026' }, /until: must be a date of the calendar/],
    ['no first day', { ...right, since: undefined }, /since: must be a date yyyy-MM-dd/],
    ['a last day before the first', { ...right, until: '2026-03-31' }, /until: must not be before since/],
    [
      'a key that is not known',
      { ...right, form: '2026-04-01' },
      /entry 1 \("cin-8820"\): must not have "form"\. What it may have: rule, effect/,
    ],
    [
      'a text instead of a rule',
      'cin-8820',
      /entry 1: must be an object with rule, effect, reason, since and until/,
    ],
  ];
  for (const [what, entry, expected] of wrong) {
    test(`is refused with ${what}, and the error says where and what to do`, () => {
      const message = messageOf(() => readRule(entry));
      assert.match(message, expected);
      assert.match(
        message,
        /^The file rules\/ours\.json, which RULES_FILE names, cannot be used\. Nothing was read and nothing was sent\./,
      );
      assert.match(message, /Correct the file and deploy again/);
    });
  }

  const notAFile: readonly [string, unknown, RegExp][] = [
    ['is not JSON', '{ "rules": ', /rules\/ours\.json, which RULES_FILE names, is not JSON: /],
    [
      'has its list twice, so that one of them would not count',
      `{ "rules": [${JSON.stringify(right)}], "rules": [] }`,
      /is not JSON: "rules" is there twice/,
    ],
    ['is a profile', { extends: 'systemc' }, /rules: must be a list of rules/],
    ['is a list', [right], /the file: must be an object with rules/],
    ['has more than rules', { rules: [right], silence: [] }, /the file: must not have "silence"/],
  ];
  for (const [what, content, expected] of notAFile) {
    test(`is refused where it ${what}`, () =>
      assert.match(
        messageOf(() => read(content)),
        expected,
      ));
  }

  test('is refused where it changes a rule twice, also under another name of the rule', () => {
    const twice = { rules: [right, { ...right, rule: 'CIN census 8820', effect: 'silence' }] };
    assert.match(
      messageOf(() => read(twice)),
      /entry 2 \("CIN census 8820"\), rule: is the rule cin-8820, which entry 1 changes already/,
    );
  });

  test('is refused with everything that is wrong at once', () => {
    const message = messageOf(() => read({ rules: [right, { ...right, rule: 'x', since: 'y' }, 3] }));
    for (const place of [/entry 2 \("x"\), rule/, /entry 2 \("x"\), since/, /entry 3:/]) {
      assert.match(message, place);
    }
  });

  test('is looked for in the folder of the package, and the error says that it is not there', () => {
    const message = messageOf(() => changedRulesOf('rules/none.json'));
    assert.match(message, /rules\/none\.json, which RULES_FILE names, cannot be read: there is no such file/);
    assert.match(message, /Nothing was read and nothing was sent\. Put it into the folder rules\//);
  });
});
