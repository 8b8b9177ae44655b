import { spawnSync } from 'node:child_process';
import { projectRoot } from '../local/migrations.js';

/** `npm run test:sqlserver`: all tests that use the database, one file after the other. */
const files = ['database', 'staging', 'ssd'].map((folder) => `dist/test/${folder}/*.test.js`);

const howTo = `TEST_SQLSERVER is not set. It holds the connection string of a SQL Server whose login may make schemas and tables:
  Server=tcp:127.0.0.1,1433;Database=csc_test;User Id=...;Password=...;TrustServerCertificate=true
The tests make schemas named csc_test_... there, and remove them; they touch nothing else.
`;

if ((process.env['TEST_SQLSERVER'] ?? '') === '') {
  process.stderr.write(howTo);
  process.exitCode = 1;
} else {
  const args = ['--enable-source-maps', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
  process.exitCode = spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' }).status ?? 1;
}
