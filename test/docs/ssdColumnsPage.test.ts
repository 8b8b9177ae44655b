import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { columnPurposes } from '../../shared/ssd/columnPurposes.js';
import { profileFrom } from '../../shared/ssd/profile.js';
import { publishedColumns } from '../../shared/ssd/publishedColumns.js';
import { projectRoot } from '../local/migrations.js';
import { columnsOf, knownTables } from '../../shared/ssd/tables.js';
import { ssdColumnsPage } from '../../infra/tools/docs/ssdColumnsPage.js';

const written = readFileSync(join(projectRoot, 'docs', 'ssd-columns.md'), 'utf8');

const profiles = readFileSync(join(projectRoot, 'docs', 'profiles.md'), 'utf8');

describe('docs/profiles.md', () => {
  test('has examples that can be used as they stand', () => {
    const examples = [...profiles.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);
    assert.ok(examples.length >= 2);
    for (const json of examples) profileFrom(JSON.parse(json), 'the example');
  });
});

describe('docs/ssd-columns.md', () => {
  test('lists each table and column that is read, as columnPurposes.ts says (npm run docs writes it)', () => {
    assert.equal(written, ssdColumnsPage(written));
  });

  test('says of every column that is read what it is for, once, and what is lost without it', () => {
    for (const table of knownTables) {
      for (const column of columnsOf(table)) {
        assert.match(columnPurposes[table][column] ?? '', /;.* without it /s, `${table}.${column}`);
        assert.equal(written.split(`\n| \`${column}\` | `).length, 2, column);
      }
    }
  });

  test('has purposes of columns of the SSD specification only', () => {
    for (const [table, columns] of Object.entries(columnPurposes)) {
      const published = Object.entries(publishedColumns).find(([name]) => name === table)?.[1] ?? {};
      for (const column of Object.keys(columns)) assert.ok(column in published, `${table}.${column}`);
    }
  });

  test('is not written where a mark is missing or there twice', () => {
    assert.throws(() => ssdColumnsPage('no marks'), /must have this line once/);
    assert.throws(() => ssdColumnsPage(`${written}${written}`), /must have this line once/);
  });
});
