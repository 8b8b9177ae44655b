import { join } from 'node:path';

export { migrate } from '../../shared/staging/migrations.js';

/** The project's folder, from `dist/test/local/`. */
export const projectRoot = join(__dirname, '..', '..', '..');
