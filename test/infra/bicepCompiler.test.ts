import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
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

/** A mirror of NuGet that has not what was asked for. */
async function aMirror(t: TestContext, status: number): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end('not the compiler');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { address: `http://127.0.0.1:${port}`, asked };
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
        error instanceof NoBicepCompiler && error.message.includes('is Bicep 0.30.3. Name Bicep 0.49.2'),
    );
  });

  it('is refused where BICEP names nothing that runs', async () => {
    await assert.rejects(bicepCompiler({ BICEP: '/nowhere/bicep' }), /not a Bicep compiler that runs here/);
  });

  const isPinned = platform() === 'linux' && arch() === 'x64';
  const unlessPinned = isPinned ? {} : { skip: 'the hash of the package for this platform comes from NuGet' };

  it(
    'is not taken from a package that was changed on its way, and nothing of it is kept',
    unlessPinned,
    async (t) => {
      const { address, asked } = await aMirror(t, 200);
      const cache = aFolder(t);
      await assert.rejects(
        bicepCompiler({ BICEP_CACHE: cache, BICEP_PACKAGES: address }),
        (error) =>
          error instanceof NoBicepCompiler && error.message.includes('is not the one that was published'),
      );
      assert.deepEqual(asked, [
        '/azure.bicep.commandline.linux-x64/0.49.2/azure.bicep.commandline.linux-x64.0.49.2.nupkg',
      ]);
      const kept = readdirSync(cache, { recursive: true, withFileTypes: true });
      assert.deepEqual(
        kept.filter((entry) => entry.isFile()),
        [],
      );
    },
  );

  it('is said to be missing where the packages cannot be reached, with what to do', async (t) => {
    const { address } = await aMirror(t, 404);
    await assert.rejects(
      bicepCompiler({ BICEP_CACHE: aFolder(t), BICEP_PACKAGES: address }),
      /could not be fetched from http:.*it answered 404\. Let the machine reach it, or set BICEP/,
    );
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
