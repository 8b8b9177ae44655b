import { writeFileSync } from 'node:fs';
import { openApiText } from './openApi.js';

writeFileSync('docs/openapi.json', openApiText());
