import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { checkOwnFiles, copyOwnFiles } from '../../infra/packaging/ownFiles.js';
import { projectRoot } from '../local/migrations.js';

async function aFolder(t: TestContext, files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-own-files-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** A compiled parameter file whose settings name a profile. */
const naming = (SSD_PROFILE: string) => ({ parameters: { settings: { value: { SSD_PROFILE } } } });

describe("the council's own files in a package", () => {
  it('are none where the council has none', async (t) => {
    const [root, target] = [await aFolder(t, {}), await aFolder(t, {})];
    await copyOwnFiles(root, target);
    await checkOwnFiles(target);
    assert.deepEqual(await readdir(target), []);
  });

  it('are those of this project, which are right', () => checkOwnFiles(projectRoot));

  it('stop the package when one of them is wrong, and every one is named', async (t) => {
    const root = await aFolder(t, {
      'profiles/right.json': { extends: 'eclipse' },
      'profiles/wrong.json': { extends: 'azeus' },
      'profiles/alone.json': { extends: 'forgotten.json' },
      'profiles/old/broken.json': '{',
    });
    await assert.rejects(checkOwnFiles(root), ({ message }: Error) => {
      assert.match(message, /^No package was made, because 3 file\(s\) of the council are missing or wrong/);
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
    await assert.rejects(checkOwnFiles(root, parameters), ({ message }: Error) => {
      assert.match(message, /SSD_PROFILE in prod\.parameters\.json: The profile ours\.json, .*no such file/);
      assert.match(message, /SSD_PROFILE in eval\.parameters\.json: mosaik must be systemc, mosaic, eclipse/);
      assert.match(message, /or the settings SSD_PROFILE and RULES_FILE in infra\/parameters\//);
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
    await checkOwnFiles(root, parameters);
  });

  it('may change rules, and stop the package when such a file is wrong or one that a deployment names is not there', async (t) => {
    const right = { rules: [{ rule: 'cin-8820', effect: 'hold', reason: 'agreed', since: '2026-04-01' }] };
    const root = await aFolder(t, { 'rules/ours.json': right, 'rules/old/wrong.json': { rules: [{}] } });
    const target = await aFolder(t, {});
    await copyOwnFiles(root, target);
    assert.deepEqual((await readdir(join(target, 'rules'))).sort(), ['old', 'ours.json']);
    const parameters = await aFolder(t, {
      'prod.parameters.json': { parameters: { settings: { value: { RULES_FILE: 'rules/none.json' } } } },
      'test.parameters.json': { parameters: { settings: { value: { RULES_FILE: 'rules/ours.json' } } } },
    });
    await assert.rejects(checkOwnFiles(target, parameters), ({ message }: Error) => {
      assert.match(message, /^No package was made, because 2 file\(s\) of the council/);
      assert.match(message, /rules\/old\/wrong\.json, which RULES_FILE names, cannot be used/);
      assert.match(message, /RULES_FILE in prod\.parameters\.json: The file rules\/none\.json.*no such file/);
      return true;
    });
  });

  it('stop the package when a deployment names rules outside it, where they are not at night', async (t) => {
    const right = { rules: [{ rule: 'cin-8820', effect: 'hold', reason: 'agreed', since: '2026-04-01' }] };
    const root = await aFolder(t, { 'ours.json': right, 'package/rules/ours.json': right });
    const outside = ['../ours.json', 'rules/../../ours.json', join(root, 'ours.json')];
    for (const path of [...outside, 'rules/../rules/ours.json']) {
      const parameters = await aFolder(t, {
        'prod.parameters.json': { parameters: { settings: { value: { RULES_FILE: path } } } },
      });
      const checked = checkOwnFiles(join(root, 'package'), parameters);
      if (!outside.includes(path)) await checked;
      else
        await assert.rejects(checked, /must be the path of a file in the package, such as rules\/ours\.json/);
    }
  });
});
