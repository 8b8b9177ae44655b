import { readFileSync, writeFileSync } from 'node:fs';
import { profilesPage } from './profilesPage.js';

writeFileSync('docs/profiles.md', profilesPage(readFileSync('docs/profiles.md', 'utf8')));
