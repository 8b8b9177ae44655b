import { writeFileSync } from 'node:fs';
import { findingsPage } from './findingsPage.js';

writeFileSync('docs/findings.md', findingsPage());
