import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { checkProfiles, copyProfiles } from '../../infra/packaging/profiles.js';
import { projectRoot } from '../local/migrations.js';

async function aFolder(t: TestContext, files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-profiles-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** A compiled parameter file whose settings name a profile. */
const naming = (SSD_PROFILE: string) => ({ parameters: { settings: { value: { SSD_PROFILE } } } });

describe('the profiles of a package', () => {
  it('are none where the council has none', async (t) => {
    const [root, target] = [await aFolder(t, {}), await aFolder(t, {})];
    await copyProfiles(root, target);
    await checkProfiles(target);
    assert.deepEqual(await readdir(target), []);
  });

  it('are those of this project, which are right', () => checkProfiles(projectRoot));

  it('stop the package when one of them is wrong, and every one is named', async (t) => {
    const root = await aFolder(t, {
      'profiles/right.json': { extends: 'eclipse' },
      'profiles/wrong.json': { extends: 'azeus' },
      'profiles/alone.json': { extends: 'forgotten.json' },
      'profiles/old/broken.json': '{',
    });
    await assert.rejects(checkProfiles(root), ({ message }: Error) => {
      assert.match(message, /^No package was made, because 3 profile\(s\) are missing or wrong/);
      assert.match(message, /profiles\/wrong\.json cannot be used.*\n {2}extends: must be one of/);
      assert.match(message, /profiles\/forgotten\.json, which "extends" in profiles\/alone\.json names/);
      assert.match(message, /profiles\/old\/broken\.json is not JSON/);
      assert.doesNotMatch(message, /right\.json/);
      return true;
    });
  });

  it('stop the package when a deployment names one that is not in it', async (t) => {
    const root = await aFolder(t, { 'profiles/ours.json': { extends: 'systemc' } });
    const parameters = await aFolder(t, {
      'prod.parameters.json': naming('ours.json'),
      'test.parameters.json': naming('profiles/ours.json'),
      'eval.parameters.json': naming('mosaik'),
      'dev.parameters.json': { parameters: { settings: { value: {} } } },
      'main.json': { resources: [] },
    });
    await assert.rejects(checkProfiles(root, parameters), ({ message }: Error) => {
      assert.match(message, /SSD_PROFILE in prod\.parameters\.json: The profile ours\.json, .*no such file/);
      assert.match(message, /SSD_PROFILE in eval\.parameters\.json: mosaik must be systemc, mosaic, eclipse/);
      assert.match(message, /or the setting SSD_PROFILE in infra\/parameters\//);
      assert.doesNotMatch(message, /test\.parameters|dev\.parameters/);
      return true;
    });
  });

  it('are all right when each is, and each that is named is there', async (t) => {
    const root = await aFolder(t, { 'profiles/ours.json': { extends: 'systemc' } });
    const parameters = await aFolder(t, {
      'prod.parameters.json': naming('profiles/ours.json'),
      'test.parameters.json': naming('mosaic'),
    });
    await checkProfiles(root, parameters);
  });
});
