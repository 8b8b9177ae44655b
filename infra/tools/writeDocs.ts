import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../projectRoot.js';
import { findingsPage } from './docs/findingsPage.js';
import { openApiText } from './docs/openApi.js';
import { profilesPage } from './docs/profilesPage.js';
import { settingsPage } from './docs/settingsPage.js';
import { telemetryPage } from './docs/telemetryPage.js';
import { ssdCopyTables, ssdCopyTablesFile } from './ssdCopyTables.js';
import { withQueriesOfFiles, workbookFile } from './workbook.js';

/** `npm run docs` and `npm run workbook`: every file that is made from the code, in whole or in part. */
const made: readonly (readonly [file: string, make: (before: string) => string])[] = [
  [join(projectRoot, 'docs', 'settings.md'), settingsPage],
  [join(projectRoot, 'docs', 'findings.md'), findingsPage],
  [join(projectRoot, 'docs', 'profiles.md'), profilesPage],
  [join(projectRoot, 'docs', 'telemetry.md'), telemetryPage],
  [join(projectRoot, 'docs', 'openapi.json'), openApiText],
  [workbookFile, withQueriesOfFiles],
  [ssdCopyTablesFile, ssdCopyTables],
];

for (const [file, make] of made) writeFileSync(file, make(readFileSync(file, 'utf8')));
