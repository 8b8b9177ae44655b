import { join } from 'node:path';

/** The project's folder, from `dist/infra/`. */
export const projectRoot = join(__dirname, '..', '..');
