import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ssdTables } from '../../shared/child/sourceRows.js';
import { stagingSql } from '../../shared/staging/stagingSql.js';
import { projectRoot } from '../local/migrations.js';

const page = readFileSync(join(projectRoot, 'docs', 'dba.md'), 'utf8');

test('docs/dba.md names every statement that writes the staging table', () => {
  for (const [name, statement] of Object.entries(stagingSql('sqlserver', 'staging'))) {
    if (typeof statement === 'string') assert.ok(page.includes(`\`${name}\``), name);
  }
});

test('docs/dba.md counts the tables as they are', () => {
  const tables = Object.keys(ssdTables).length;
  assert.ok(page.includes(`one range: ${tables} SELECTs`));
  assert.ok(page.includes(`for each of ${tables + 1} tables`));
});
