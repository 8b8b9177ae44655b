import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sourcesHash } from '../../infra/azd/codeVersion.js';

async function aProject(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'code-version-'));
  t.after(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'dist', 'shared'), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(root, 'dist', 'shared', 'one.js'), 'one');
  return root;
}

describe('the version of the code', () => {
  it('is the same for the same sources, wherever they are', async (t) => {
    const hash = await sourcesHash(await aProject(t));
    assert.match(hash, /^[0-9a-f]{40}$/);
    assert.equal(await sourcesHash(await aProject(t)), hash);
  });

  it('is another one when code, its name, or the packages change', async (t) => {
    const root = await aProject(t);
    const hashes = [await sourcesHash(root)];
    await writeFile(join(root, 'dist', 'shared', 'one.js'), 'two');
    hashes.push(await sourcesHash(root));
    await writeFile(join(root, 'dist', 'shared', 'two.js'), '');
    hashes.push(await sourcesHash(root));
    await writeFile(join(root, 'package-lock.json'), '{ }');
    hashes.push(await sourcesHash(root));
    assert.equal(new Set(hashes).size, 4);
  });

  it('does not depend on maps, which no package holds', async (t) => {
    const root = await aProject(t);
    const before = await sourcesHash(root);
    await writeFile(join(root, 'dist', 'shared', 'one.js.map'), '{}');
    assert.equal(await sourcesHash(root), before);
  });
});
