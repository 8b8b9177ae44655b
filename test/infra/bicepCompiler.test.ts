import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { bicepCompiler, NoBicepCompiler } from '../../infra/tools/bicepCompiler.js';
import { projectRoot } from '../local/migrations.js';
import { environments, itCompiled } from './predicted.js';

const infra = join(projectRoot, 'infra');

function aFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe('the Bicep files', () => {
  itCompiled('have nothing that the linter remarks, by all of its rules that make sense here', async () => {
    const { isMade, findings } = await (await bicepCompiler()).lint(infra);
    assert.deepEqual(findings, []);
    assert.ok(isMade);
  });

  itCompiled('are written as the compiler formats them', async () => {
    assert.deepEqual(await (await bicepCompiler()).unformatted(infra), []);
  });

  itCompiled('give no warning where a parameter file is expanded', async () => {
    const compiler = await bicepCompiler();
    for (const name of [...environments, 'authorities']) {
      const { isMade, findings } = await compiler.snapshot(join(infra, 'parameters', `${name}.bicepparam`));
      assert.deepEqual(findings, [], name);
      assert.ok(isMade, name);
    }
  });

  itCompiled('would be found wanting: what is not formatted or not used is seen', async (t) => {
    const folder = aFolder(t);
    cpSync(join(infra, 'bicepconfig.json'), join(folder, 'bicepconfig.json'));
    writeFileSync(join(folder, 'wrong.bicep'), "param unused   string = 'x'\n");
    const compiler = await bicepCompiler();
    const { findings } = await compiler.lint(folder);
    assert.match(findings.join('\n'), /wrong\.bicep\(1,7\) : Warning no-unused-params/);
    assert.deepEqual(await compiler.unformatted(folder), ['wrong.bicep']);
  });
});

describe('the compiler', () => {
  it('is refused in another version, with the one that is needed', async (t) => {
    const other = join(aFolder(t), 'bicep');
    writeFileSync(other, '#!/bin/sh\necho "Bicep CLI version 0.30.3 (abc)"\n');
    chmodSync(other, 0o755);
    await assert.rejects(
      bicepCompiler({ BICEP: other }),
      (error) =>
        error instanceof NoBicepCompiler && /is Bicep 0\.30\.3\. Name Bicep 0\.49\.2/.test(error.message),
    );
  });

  it('is refused where BICEP names nothing that runs', async () => {
    await assert.rejects(bicepCompiler({ BICEP: '/nowhere/bicep' }), /not a Bicep compiler that runs here/);
  });

  itCompiled('is taken where BICEP names it', async () => {
    const { path } = await bicepCompiler();
    assert.equal((await bicepCompiler({ BICEP: path })).path, path);
  });

  itCompiled('writes nothing next to a parameter file, and touches no other file', async () => {
    const compiler = await bicepCompiler();
    await compiler.snapshot(join(infra, 'parameters', 'minimal.bicepparam'));
    assert.ok(!existsSync(join(infra, 'parameters', 'minimal.snapshot.json')));
    const before = readFileSync(join(infra, 'main.bicep'), 'utf8');
    const { isMade } = await compiler.snapshot(join(infra, 'main.bicep'));
    assert.ok(!isMade);
    assert.equal(readFileSync(join(infra, 'main.bicep'), 'utf8'), before);
  });
});
