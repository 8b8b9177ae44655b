import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusalRulePattern } from '../../shared/dfe/refusalRule.js';
import { runIdSchema } from '../../shared/records/runId.js';
import { projectRoot } from '../local/migrations.js';

const page = readFileSync(join(projectRoot, 'docs', 'queries.md'), 'utf8');
const folder = join(projectRoot, 'infra', 'kql');

/** What the page has under the name of a query. */
function sectionOf(name: string): string {
  const [, after = ''] = page.split(new RegExp(`^### ${name}(?: \\(alert\\))?$`, 'm'));
  return after.split(/^##/m)[0] ?? '';
}

test('docs/queries.md has the question of every query, and columns that the query has', () => {
  for (const file of readdirSync(folder)) {
    const query = readFileSync(join(folder, file), 'utf8');
    const section = sectionOf(file.replace('.kql', ''));
    assert.ok(section.includes(query.split('\n')[0]?.replace('// ', '') ?? file), file);
    const headers = section.split('\n').filter((line) => line.startsWith('| `'));
    const columns = headers.flatMap((line) =>
      [...line.matchAll(/`(\w+)`/g)].map(([, column = '']) => column),
    );
    assert.ok(columns.length > 0, file);
    const code = query.replace(/^\/\/.*$/gm, '');
    for (const column of columns) assert.match(code, new RegExp(`\\b${column}\\b`), file);
  }
});

test('docs/queries.md says of each query whether an alert runs it', () => {
  for (const file of readdirSync(folder)) {
    const isAlert = /^\/\/ .*\bAlert\b/m.test(readFileSync(join(folder, file), 'utf8'));
    assert.equal(page.includes(`### ${file.replace('.kql', '')} (alert)\n`), isAlert, file);
  }
});

test('the examples of docs/queries.md can occur', () => {
  for (const [rule] of page.matchAll(/\b[45]\d\d [a-z_]+(?:\.[a-z_]+)*/g))
    assert.match(rule, refusalRulePattern);
  for (const [runId] of page.matchAll(/\b\d{8}T\d+Z-\w+/g)) runIdSchema.parse(runId);
});
