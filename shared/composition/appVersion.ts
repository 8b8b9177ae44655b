import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

/** The version of the running package: `1.2.3`, or `1.2.3-g<commit>` in a zip that the pipeline made. */
export function appVersion(): string {
  // In the package's folder, seen from `dist/shared/composition/`.
  const file = readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8');
  return packageSchema.parse(JSON.parse(file)).version;
}
