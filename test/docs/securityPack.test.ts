import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from '../local/migrations.js';

const pages = readdirSync(join(projectRoot, 'docs', 'security')).map((file) =>
  join('docs', 'security', file),
);

function textOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8');
}

describe('the security pack', () => {
  test('names only periods that are parameters of the deployment', () => {
    const bicep = textOf(join('infra', 'main.bicep'));
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(/`(\w+Days)`/g)].map(([, name = '']) => name),
    );
    const unknown = [...new Set(named)].filter((name) => !bicep.includes(`\nparam ${name} int`));
    assert.ok(named.length > 10);
    assert.deepEqual(unknown, []);
  });

  test('says for each right that can be stolen which test checks its limits, or that no test does', () => {
    const page = textOf(join('docs', 'security', 'threat-model.md'));
    const [, part = ''] = /### What each stolen right can do\n([^]*?)\n### /.exec(page) ?? [];
    const rows = part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    assert.ok(rows.length >= 10);
    for (const row of rows) assert.match(row, /\.test\.ts\)|no test: \w/, row);
  });
});
