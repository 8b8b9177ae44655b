import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compatibilityPage } from '../../infra/tools/docs/compatibilityPage.js';
import { projectRoot } from '../local/migrations.js';

test('docs/compatibility.md says what shared/ssd/ says (npm run docs writes it)', () => {
  assert.equal(readFileSync(join(projectRoot, 'docs', 'compatibility.md'), 'utf8'), compatibilityPage());
});
