import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../projectRoot.js';
import { agreementPage } from './docs/agreementPage.js';
import { compatibilityPage } from './docs/compatibilityPage.js';
import { findingsPage } from './docs/findingsPage.js';
import { openApiText } from './docs/openApi.js';
import { referencePages } from './docs/reference/referencePages.js';
import { rehearsalPage } from './docs/rehearsalPage.js';
import { settingsPage } from './docs/settingsPage.js';
import { ssdColumnsPage } from './docs/ssdColumnsPage.js';
import { telemetryPage } from './docs/telemetryPage.js';
import { ssdCopyTables, ssdCopyTablesFile } from './ssdCopyTables.js';
import { withQueriesOfFiles, workbookFile } from './workbook.js';

/** `npm run docs` and `npm run workbook`: every file that is made from the code, in whole or in part. */
const made: readonly (readonly [file: string, make: (before: string) => string])[] = [
  [join(projectRoot, 'docs', 'settings.md'), settingsPage],
  [join(projectRoot, 'docs', 'agreement.md'), agreementPage],
  [join(projectRoot, 'docs', 'findings.md'), findingsPage],
  [join(projectRoot, 'docs', 'rehearsal.md'), rehearsalPage],
  [join(projectRoot, 'docs', 'compatibility.md'), compatibilityPage],
  [join(projectRoot, 'docs', 'ssd-columns.md'), ssdColumnsPage],
  [join(projectRoot, 'docs', 'telemetry.md'), telemetryPage],
  [join(projectRoot, 'docs', 'openapi.json'), openApiText],
  [workbookFile, withQueriesOfFiles],
  [ssdCopyTablesFile, ssdCopyTables],
];

for (const [file, make] of made) writeFileSync(file, make(readFileSync(file, 'utf8')));

// The whole folder is made: the page of an attribute that is no longer there goes.
const reference = join(projectRoot, 'docs', 'reference');
rmSync(reference, { recursive: true, force: true });
mkdirSync(reference);
for (const [name, page] of referencePages()) writeFileSync(join(reference, name), page);
