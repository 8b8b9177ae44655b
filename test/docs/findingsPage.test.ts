import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findingRules } from '../../shared/child/findingRules.js';
import { projectRoot } from '../local/migrations.js';
import { findingsPage } from '../../infra/tools/docs/findingsPage.js';

test('docs/findings.md says what shared/child/findingRules.ts says (npm run docs writes it)', () => {
  assert.equal(readFileSync(join(projectRoot, 'docs', 'findings.md'), 'utf8'), findingsPage());
});

test('every rule is in the catalogue once', () => {
  for (const code of Object.keys(findingRules)) {
    assert.equal(findingsPage().split(`| \`${code}\` |`).length, 2, code);
  }
});
