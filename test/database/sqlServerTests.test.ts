import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('npm run test:sqlserver without a SQL Server fails, and says what to set', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'sqlServerTests.js')], {
    env: { ...process.env, TEST_SQLSERVER: '' },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /TEST_SQLSERVER is not set/);
});
