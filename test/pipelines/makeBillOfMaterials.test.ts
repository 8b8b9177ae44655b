import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runScript } from './script.js';

describe('the bill of materials of an unpacked zip', () => {
  it('names what is in the zip, and asks for no package that was left out', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-unpacked-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const app = join(folder, 'unpacked');
    const put = async (path: string, content: object): Promise<void> => {
      await mkdir(join(app, path), { recursive: true });
      await writeFile(join(app, path, 'package.json'), JSON.stringify(content));
    };
    await put('', {
      name: 'app',
      version: '1.0.0-gabc',
      dependencies: { used: '^1.0.0' },
      devDependencies: { left: '^1.0.0' },
      optionalDependencies: { 'left-as-well': '^1.0.0' },
    });
    await put('node_modules/used', { name: 'used', version: '1.2.3', dependencies: { inner: '*' } });
    await put('node_modules/inner', { name: 'inner', version: '2.0.0' });
    const output = join(folder, 'sbom.cdx.json');
    const args = ['--app', app, '--output', output];
    const { code, stderr } = await runScript('makeBillOfMaterials', args, { env: { HOME: folder } });
    assert.equal(code, 0, stderr);
    const text = await readFile(output, 'utf8');
    assert.match(text, /"bomFormat": *"CycloneDX"/);
    assert.match(text, /pkg:npm\/used@1\.2\.3/);
    assert.match(text, /pkg:npm\/inner@2\.0\.0/);
    assert.doesNotMatch(text, /"left/);
  });

  it('is not made where there is no app', async () => {
    const { code } = await runScript('makeBillOfMaterials', ['--app', '/nowhere', '--output', '/nowhere/x']);
    assert.equal(code, 1);
  });
});
