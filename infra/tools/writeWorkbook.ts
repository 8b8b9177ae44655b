import { readFileSync, writeFileSync } from 'node:fs';
import { withQueriesOfFiles, workbookFile } from './workbook.js';

writeFileSync(workbookFile, withQueriesOfFiles(readFileSync(workbookFile, 'utf8')));
