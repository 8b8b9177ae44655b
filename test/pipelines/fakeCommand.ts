import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A `PATH` on which a command is a shell script of the test, for the length of the test. */
export async function pathWith(t: TestContext, name: string, script: string): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), 'csc-bin-'));
  t.after(() => rm(bin, { recursive: true, force: true }));
  const file = join(bin, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return `${bin}:/usr/bin:/bin`;
}
