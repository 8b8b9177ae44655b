import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rehearsalPage } from '../../infra/tools/docs/rehearsalPage.js';
import { figures } from '../../shared/child/rehearsal/figures.js';
import { projectRoot } from '../local/migrations.js';

test('docs/rehearsal.md says what shared/child/rehearsal/ says (npm run docs writes it)', () => {
  assert.equal(readFileSync(join(projectRoot, 'docs', 'rehearsal.md'), 'utf8'), rehearsalPage());
});

test('every figure is on the page once', () => {
  for (const { code } of figures) assert.equal(rehearsalPage().split(`| \`${code}\` |`).length, 2, code);
});
