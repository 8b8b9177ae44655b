import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import { pathWith } from './fakeCommand.js';
import { runScript } from './script.js';

async function compile(
  t: TestContext,
  az: string,
): Promise<{ code: number; stderr: string; output: string; asked: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-compile-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, 'release', 'infra');
  const log = join(folder, 'asked');
  const PATH = await pathWith(t, 'az', `echo "$@" >> '${log}'\n${az}`);
  const { code, stderr } = await runScript('compileTemplates', ['--version', 'v0.49.2', '--output', output], {
    env: { PATH },
  });
  return { code, stderr, output, asked: (await readFile(log, 'utf8')).trim().split('\n') };
}

describe('the templates of a release', { skip: process.platform === 'win32' }, () => {
  it('are compiled by the exact compiler, with every parameter file', async (t) => {
    const writes = 'case "$2" in build*) while [ $# -gt 1 ]; do shift; done; echo "{}" > "$1";; esac';
    const { code, stderr, output, asked } = await compile(t, writes);
    assert.equal(code, 0, stderr);
    assert.equal(asked[0], 'bicep install --version v0.49.2');
    const files = await readdir(join(projectRoot, 'infra', 'parameters'));
    const expected = files.map((name) => name.replace(/\.bicepparam$/, '.parameters.json'));
    assert.deepEqual((await readdir(output)).sort(), ['main.json', ...expected].sort());
  });

  it('are not released when one does not compile', async (t) => {
    const { code, stderr, asked } = await compile(
      t,
      '[ "$2" = build ] && { echo "Error BCP057" >&2; exit 1; }; exit 0',
    );
    assert.equal(code, 1);
    assert.match(stderr, /BCP057/);
    assert.equal(asked.length, 2);
  });
});
