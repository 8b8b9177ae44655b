import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { whatIfCommand } from '../../shared/commands/whatIfCommand.js';

const group = '/subscriptions/0/resourceGroups/rg-csc-test/providers';
const nothing = { changeType: 'NoChange', resourceId: `${group}/Microsoft.Web/sites/app` };
const modified = {
  changeType: 'Modify',
  resourceId: `${group}/Microsoft.Web/sites/app`,
  delta: [{ path: 'properties.siteConfig', propertyChangeType: 'Modify', before: 'seeded', after: 'seeded' }],
};
const deleted = (type: string): object => ({ changeType: 'Delete', resourceId: `${group}/${type}/x` });

describe('what a what-if says to whoever approves', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csc-what-if-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function read(report: unknown, ...args: string[]): Promise<{ code: number; says: string }> {
    const file = join(folder, 'what-if.json');
    await writeFile(file, typeof report === 'string' ? report : JSON.stringify(report));
    const written: string[] = [];
    const code = await whatIfCommand([file, ...args], (text) => written.push(text));
    return { code, says: written.join('') };
  }

  it('names what changes and which of its properties, without their values', async () => {
    const { code, says } = await read({ status: 'Succeeded', changes: [nothing, modified] });
    assert.equal(code, 0);
    assert.match(says, /^Modify {6}Microsoft\.Web\/sites\/app\n {12}Modify properties\.siteConfig$/m);
    assert.match(says, /1 resources change, 1 stay as they are/);
    assert.doesNotMatch(says, /seeded/);
  });

  it('refuses to delete what holds data', async () => {
    for (const type of [
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Storage/storageAccounts/x/blobServices/default/containers',
      'Microsoft.KeyVault/vaults',
      'microsoft.sql/servers/x/databases',
      'Microsoft.OperationalInsights/workspaces',
    ]) {
      const { code, says } = await read({ changes: [modified, deleted(type)] });
      assert.equal(code, 1, type);
      assert.match(says, /^Delete {6}/, 'the deletion stands first');
      assert.match(says, /1 of them hold data and would be deleted/);
    }
  });

  it('lets it be deleted when that is meant', async () => {
    const { code } = await read({ changes: [deleted('Microsoft.KeyVault/vaults')] }, '--allow-deletion');
    assert.equal(code, 0);
  });

  it('lets go what holds no data', async () => {
    assert.equal((await read({ changes: [deleted('Microsoft.Insights/metricAlerts')] })).code, 0);
  });

  it('fails on anything that is no what-if, so that an error is not taken for no change', async () => {
    for (const report of ['', 'ERROR: not found', '[]', {}, { changes: [{ changeType: 'Delete' }] }]) {
      const { code, says } = await read(report);
      assert.equal(code, 1);
      assert.match(says, /is not the JSON of a what-if/);
    }
  });
});
