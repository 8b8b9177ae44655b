import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readSettings } from '../../shared/settings/readSettings.js';
import { projectRoot } from '../local/migrations.js';
import { settingsPage } from '../../infra/tools/docs/settingsPage.js';

test('docs/settings.md says what shared/settings/ says (npm run docs writes it)', () => {
  assert.equal(readFileSync(join(projectRoot, 'docs', 'settings.md'), 'utf8'), settingsPage());
});

test('local.settings.example.json, copied as it is, gives settings that are right', () => {
  const file = readFileSync(join(projectRoot, 'local.settings.example.json'), 'utf8');
  const { Values } = z.object({ Values: z.record(z.string(), z.string()) }).parse(JSON.parse(file));
  readSettings(Values);
});
