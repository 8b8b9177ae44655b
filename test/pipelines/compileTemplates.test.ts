import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import { bicepCompiler, bicepVersion } from '../../infra/tools/bicepCompiler.js';
import { itCompiled } from '../infra/predicted.js';
import { projectRoot } from '../local/migrations.js';
import { runScript } from './script.js';

async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-compile-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function compile(
  output: string,
  compiler: string,
): Promise<{ code: number; stderr: string; made: string[] }> {
  const { code, stderr } = await runScript('compileTemplates', ['--output', output], {
    env: { BICEP: compiler },
  });
  return { code, stderr, made: (await readdir(output)).sort() };
}

describe('the templates of a release', () => {
  itCompiled('are compiled by the compiler that the tests use, with every parameter file', async (t) => {
    const output = await aFolder(t);
    const { code, stderr, made } = await compile(output, (await bicepCompiler()).path);
    assert.equal(code, 0, stderr);
    const files = await readdir(join(projectRoot, 'infra', 'parameters'));
    const expected = files.map((name) => name.replace(/\.bicepparam$/, '.parameters.json'));
    assert.deepEqual(made, ['main.json', ...expected].sort());
    const schemaOf = async (name: string): Promise<string> =>
      z.object({ $schema: z.string() }).parse(JSON.parse(await readFile(join(output, name), 'utf8'))).$schema;
    assert.match(await schemaOf('main.json'), /\/deploymentTemplate\.json#$/);
    for (const name of expected) assert.match(await schemaOf(name), /\/deploymentParameters\.json#$/);
  });

  const skip = process.platform === 'win32';
  it('are not released when one does not compile', { skip }, async (t) => {
    const bicep = join(await aFolder(t), 'bicep');
    const says = `#!/bin/sh\n[ "$1" = --version ] && { echo "Bicep CLI version ${bicepVersion} (x)"; exit 0; }\n`;
    await writeFile(bicep, `${says}echo "main.bicep(1,1) : Error BCP057" >&2\nexit 1\n`);
    await chmod(bicep, 0o755);
    const { code, stderr, made } = await compile(await aFolder(t), bicep);
    assert.equal(code, 1);
    assert.match(stderr, /BCP057.*\n.*Nothing is released/);
    assert.deepEqual(made, []);
  });
});
