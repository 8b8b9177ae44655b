import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readSettings } from '../../shared/settings/readSettings.js';
import { projectRoot } from '../local/migrations.js';
import { servicesOf } from '../local/services.js';
import { settingsPage } from '../../infra/tools/docs/settingsPage.js';

test('docs/settings.md says what shared/settings/ says (npm run docs writes it)', () => {
  assert.equal(readFileSync(join(projectRoot, 'docs', 'settings.md'), 'utf8'), settingsPage());
});

const { Values } = z
  .object({ Values: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'local.settings.example.json'), 'utf8')));

test('local.settings.example.json, copied as it is, points only to what npm run start:services starts', () => {
  assert.deepEqual(servicesOf(readSettings(Values)), {
    startsAzurite: true,
    dfePort: 7081,
    makesSsd: true,
    elsewhere: [],
  });
});

test('npm run start:services names each setting that points to something it does not start', () => {
  const others = {
    RESULTS_STORAGE:
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:10010/a;QueueEndpoint=http://127.0.0.1:10011/a',
    DFE_TOKEN_URL: 'http://127.0.0.1:7082/oauth2/v2.0/token',
    SSD_CONNECTION_STRING: 'embedded:',
  };
  const { elsewhere, ...started } = servicesOf(readSettings({ ...Values, ...others }));
  assert.deepEqual(started, { startsAzurite: false, makesSsd: false });
  for (const name of Object.keys(others))
    assert.ok(
      elsewhere.some((sentence) => sentence.includes(name)),
      name,
    );
});
