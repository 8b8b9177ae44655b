import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { whatIfCommand } from '../../shared/commands/whatIf.js';
import { anEmptyGroup, groupName, groupPath } from '../deployment/anEnvironment.js';
import { refusal, type AzureReply } from '../deployment/resourceManagerStandIn.js';
import { compiledTemplates } from './templates.js';

const group = '/subscriptions/0/resourceGroups/rg-csc-test/providers';
const nothing = { changeType: 'NoChange', resourceId: `${group}/Microsoft.Web/sites/app` };
const modified = {
  changeType: 'Modify',
  resourceId: `${group}/Microsoft.Web/sites/app`,
  delta: [{ path: 'properties.siteConfig', propertyChangeType: 'Modify', before: 'seeded', after: 'seeded' }],
};
const deleted = (type: string): object => ({ changeType: 'Delete', resourceId: `${group}/${type}/x` });
const report = (...changes: readonly object[]): AzureReply => ({
  body: { status: 'Succeeded', properties: { changes } },
});

/** Asks Azure, which accepts a what-if and has its answer a moment later. */
async function whatIf(
  t: TestContext,
  answer: AzureReply,
  {
    args = [],
    there = {},
  }: {
    readonly args?: readonly string[];
    readonly there?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  } = {},
): Promise<{ code: number; says: string; output: string; body: unknown }> {
  const environment = await anEmptyGroup(t);
  for (const [id, resource] of Object.entries(there)) environment.azure.hold(id, resource);
  const { folder, args: files } = await compiledTemplates(t);
  const output = join(folder, 'what-if');
  let body: unknown;
  environment.azure.answer('POST', /\/deployments\/[\w-]+\/whatIf$/, (call) => {
    body = call.body;
    if ((answer.status ?? 200) >= 400) return answer;
    return { status: 202, headers: { location: `${environment.azure.url}/what-ifs/1?api-version=1` } };
  });
  let looks = 0;
  environment.azure.answer('GET', /^\/what-ifs\/1$/, () => {
    looks += 1;
    return looks < 2
      ? { status: 202, headers: { location: `${environment.azure.url}/what-ifs/1?api-version=1` } }
      : answer;
  });
  const written: string[] = [];
  const code = await whatIfCommand(
    ['--group', groupName, ...files, '--output', output, ...args],
    { SSD_CONNECTION_STRING: 'Server=seeded' },
    (text) => written.push(text),
    environment.open,
  );
  return { code, says: written.join(''), output, body };
}

describe('what a what-if says to people who approve', () => {
  it('asks for the template with its parameters, and never with a secret', async (t) => {
    const { code, says, body } = await whatIf(t, report(nothing));
    assert.equal(code, 0, says);
    assert.match(JSON.stringify(body), /^\{"properties":\{"mode":"Incremental","template":/);
    assert.match(JSON.stringify(body), /"environmentName":\{"value":"test"\}/);
    assert.doesNotMatch(JSON.stringify(body), /seeded/);
  });

  it('has a place for a connection string that only the deployment is given', async (t) => {
    const { code, body } = await whatIf(t, report(nothing), { args: ['--connection-string-follows'] });
    assert.equal(code, 0);
    assert.match(JSON.stringify(body), /"ssdConnectionString":\{"value":"given when it is deployed"\}/);
    assert.doesNotMatch(JSON.stringify(body), /seeded/);
  });

  it('says the causes of a failure down to the resource', async (t) => {
    const { code, says } = await whatIf(t, {
      body: {
        status: 'Failed',
        error: {
          code: 'InvalidTemplateDeployment',
          message: 'The deployment failed with multiple errors.',
          details: [{ code: 'RequestDisallowedByPolicy', message: 'A policy denies st.' }],
        },
      },
    });
    assert.equal(code, 1);
    assert.match(says, /RequestDisallowedByPolicy: A policy denies st\./);
  });

  it('names what changes and which of its properties, without their values, and keeps both', async (t) => {
    const { code, says, output } = await whatIf(t, report(nothing, modified));
    assert.equal(code, 0);
    assert.match(says, /^Modify {6}Microsoft\.Web\/sites\/app\n {12}Modify properties\.siteConfig$/m);
    assert.match(says, /1 resources change, 1 do not/);
    assert.doesNotMatch(says, /seeded/);
    assert.equal(await readFile(join(output, 'what-if.txt'), 'utf8'), says);
    assert.match(await readFile(join(output, 'what-if.json'), 'utf8'), /seeded/);
  });

  it('refuses to delete what holds data', async (t) => {
    for (const type of [
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Storage/storageAccounts/x/blobServices/default/containers',
      'Microsoft.KeyVault/vaults',
      'microsoft.sql/servers/x/databases',
      'Microsoft.OperationalInsights/workspaces',
    ]) {
      const { code, says } = await whatIf(t, report(modified, deleted(type)));
      assert.equal(code, 1, type);
      assert.match(says, /^Delete {6}/, 'the deletion stands first');
      assert.match(says, /1 of them hold data and would be deleted/);
    }
  });

  it('allows the deletion when allowDeletion is set', async (t) => {
    assert.equal(
      (await whatIf(t, report(deleted('Microsoft.KeyVault/vaults')), { args: ['--allow-deletion'] })).code,
      0,
    );
  });

  it('allows the deletion of what holds no data', async (t) => {
    assert.equal((await whatIf(t, report(deleted('Microsoft.Insights/metricAlerts')))).code, 0);
  });

  it('refuses what Azure takes only when it makes a resource', async (t) => {
    const container = 'Microsoft.Storage/storageAccounts/blobServices/containers';
    const resourceId = `${groupPath}/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/csc-runs`;
    const wish = (enabled: boolean): object => ({
      changeType: 'Modify',
      resourceId,
      after: {
        id: resourceId,
        type: container,
        name: 'csc-runs',
        properties: { immutableStorageWithVersioning: { enabled } },
      },
    });
    const isThere = { [resourceId]: { properties: { immutableStorageWithVersioning: { enabled: false } } } };
    const refused = await whatIf(t, report(wish(true)), { there: isThere });
    assert.equal(refused.code, 1);
    assert.match(refused.says, /Put immutabilityDays back.*\nAzure would refuse this/);
    assert.equal((await whatIf(t, report(wish(false)), { there: isThere })).code, 0);
    assert.equal((await whatIf(t, report(wish(true)))).code, 0, 'the first deployment makes it');
  });

  it('says which resource group has to be made first', async (t) => {
    const missing = refusal(404, 'ResourceGroupNotFound', "Resource group 'rg-csc-test' could not be found.");
    const { code, says } = await whatIf(t, missing);
    assert.equal(code, 1);
    assert.match(says, /no resource group rg-csc-test in this subscription: make it first/);
  });

  it('fails on anything else than a what-if, so that an error is not taken for no change', async (t) => {
    for (const answer of [
      { body: {} },
      { body: { status: 'Succeeded', properties: { changes: [{ changeType: 'Delete' }] } } },
      { body: { status: 'Failed', error: { code: 'InvalidTemplate', message: 'It is wrong.' } } },
      refusal(403, 'AuthorizationFailed', 'No authorization.'),
    ]) {
      const { code, says, output } = await whatIf(t, answer);
      assert.equal(code, 1);
      assert.match(says, /We cannot tell what would change/);
      assert.ok(!existsSync(output), 'nothing is published as if it were one');
    }
  });

  it('names the file that is missing, and says how it is called', async (t) => {
    const { says } = await whatIf(t, report(), { args: ['--parameters', 'no-such.parameters.json'] });
    assert.match(says, /no-such\.parameters\.json is missing/);
    assert.match((await whatIf(t, report(), { args: ['--group', ''] })).says, /^Usage/);
  });
});
