import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  codedFields,
  codeListsOn,
  codeListsRemark,
  codeListsSchema,
  collectionYearOf,
  collectionYears,
  isCollectionYear,
  isSendableCode,
  newestCodeLists,
} from '../../../shared/child/codes/codeLists.js';
import { codeListFiles } from '../../../shared/child/codes/years.js';
import { addToDate, plainDate, type PlainDate } from '../../../shared/child/dates.js';

describe('the collection year of a run', () => {
  for (const [day, year] of [
    ['2026-03-31', '2025-26'],
    ['2026-04-01', '2026-27'],
    ['2026-11-30', '2026-27'],
    ['2027-03-31', '2026-27'],
    ['2099-12-31', '2099-00'],
  ] as const) {
    test(`on ${day} is ${year}`, () => assert.equal(collectionYearOf(day), year));
  }

  test('gives its lists, and says that they are those of the year', () => {
    for (const year of collectionYears) {
      const day = plainDate(`${year.slice(0, 4)}-04-01`);
      const { lists, fit } = codeListsOn(day);
      assert.equal(lists.collectionYear, year);
      assert.equal(fit, 'exact');
      assert.equal(codeListsRemark(codeListsOn(day)), undefined);
    }
  });

  test('can be set for any date', () => {
    const [oldest] = collectionYears;
    assert.ok(oldest !== undefined && isCollectionYear(oldest));
    assert.equal(codeListsOn('2026-11-30', oldest).lists.collectionYear, oldest);
  });

  test('that has no lists yet takes the newest, and says so', () => {
    const run = codeListsOn('2091-06-01');
    assert.equal(run.lists, newestCodeLists);
    assert.equal(run.fit, 'older');
    assert.match(codeListsRemark(run) ?? '', /no code lists for the collection year 2091-92/);
  });

  test('before the first lists takes the oldest, and says so', () => {
    const run = codeListsOn('2001-06-01');
    assert.equal(run.lists.collectionYear, collectionYears[0]);
    assert.equal(run.fit, 'newer');
    assert.notEqual(codeListsRemark(run), undefined);
  });

  test('never stops a run of any date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 40_000 }), (days) => {
        const day: PlainDate = addToDate('2026-01-01', { days });
        assert.ok(codeListsOn(day).lists.placementType.size > 0);
      }),
    );
  });
});

describe('a code list file', () => {
  test('says for each list when it was checked, and against what', () => {
    for (const file of codeListFiles) {
      const { checked } = codeListsSchema.parse(file);
      for (const field of codedFields) assert.ok(checked.against[field], field);
    }
  });

  test('gives each code that has ended its last day, with the source of it', () => {
    const lastDays = [...(newestCodeLists.retired.placementType ?? [])].map(
      ([code, { lastDay }]) => `${code} ${lastDay}`,
    );
    assert.deepEqual(lastDays, ['H5 2024-03-31', 'P2 2023-10-27', 'Z1 2025-03-31']);
    for (const field of codedFields) {
      for (const [code, { source, replacedBy }] of newestCodeLists.retired[field] ?? []) {
        assert.ok(source.length > 0, code);
        for (const other of replacedBy) assert.ok(newestCodeLists[field].has(other), other);
      }
    }
  });

  test('does not name a code as both current and ended', () => {
    const [file] = codeListFiles;
    const parsed = codeListsSchema.safeParse({
      ...Object(file),
      retired: { sex: { M: { lastDay: '2020-03-31', replacedBy: [], source: 'a test' } } },
    });
    assert.equal(parsed.success, false);
  });

  test('lets a code be sent that is current or has ended, and no other', () => {
    assert.ok(isSendableCode(newestCodeLists, 'placementType', 'Z11'));
    assert.ok(isSendableCode(newestCodeLists, 'placementType', 'Z1'));
    assert.ok(!isSendableCode(newestCodeLists, 'placementType', 'Z9'));
  });

  test('is the only place that names a collection year', () => {
    const sources = ['shared', 'functions'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => /\.(tsx?|json)$/.test(file)),
    );
    assert.ok(sources.length > 50);
    const naming = sources
      // The rules of the returns say since which year they have their form.
      .filter((file) => !/^shared[/\\]child[/\\](codes|rules)[/\\]/.test(file))
      .filter((file) =>
        /\b20\d\d-\d\d\b(?!-?\d)/.test(readFileSync(file, 'utf8').replace(/^ *(\/?\*|\/\/).*$/gm, '')),
      );
    assert.deepEqual(naming, []);
  });
});
