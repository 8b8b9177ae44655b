import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { deployInfrastructureCommand } from '../../shared/commands/deployInfrastructure.js';
import { anEmptyGroup, groupName, groupPath, outputsOf, usualOutputs } from '../deployment/anEnvironment.js';
import { refusal } from '../deployment/resourceManagerStandIn.js';
import { compiledTemplates } from './templates.js';

const deployment = `${groupPath}/providers/Microsoft.Resources/deployments/csc-api-sender-7`;

async function deploy(
  t: TestContext,
  {
    outputs = {},
    environment = {},
    args = [],
    prepare,
  }: {
    readonly outputs?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly prepare?: (group: Awaited<ReturnType<typeof anEmptyGroup>>) => void;
  } = {},
): Promise<{ code: number; says: string; sent: unknown }> {
  const group = await anEmptyGroup(t);
  const { args: files } = await compiledTemplates(t);
  group.azure.answer('GET', /\/deployments\/csc-api-sender-7$/, () => ({
    body: {
      id: deployment,
      name: 'csc-api-sender-7',
      properties: {
        provisioningState: 'Succeeded',
        outputs: outputsOf({ ...usualOutputs, ...outputs }),
      },
    },
  }));
  prepare?.(group);
  const written: string[] = [];
  const code = await deployInfrastructureCommand(
    ['--group', groupName, ...files, '--name', 'csc-api-sender-7', ...args],
    environment,
    (text) => written.push(text),
    group.open,
  );
  const says = written.join('');
  assert.doesNotMatch(says, /seeded/, 'no secret is printed');
  return { code, says, sent: group.azure.calls.find(({ method }) => method === 'PUT')?.body };
}

describe('the deployment of the infrastructure', () => {
  it('sends the template, waits, and says which address DfE sees', async (t) => {
    const { code, says, sent } = await deploy(t);
    assert.equal(code, 0, says);
    assert.match(says, /has deployed the app func-csc/);
    assert.match(says, /DfE sees the address 20\.0\.0\.1/);
    assert.match(JSON.stringify(sent), /"mode":"Incremental"/);
    assert.match(JSON.stringify(sent), /"environmentName":\{"value":"test"\}/);
    assert.doesNotMatch(JSON.stringify(sent), /ssdConnectionString/);
  });

  it('adds the secret connection string in memory', async (t) => {
    const { sent } = await deploy(t, { environment: { SSD_CONNECTION_STRING: 'Server=seeded' } });
    assert.match(JSON.stringify(sent), /"ssdConnectionString":\{"value":"Server=seeded"\}/);
  });

  it('changes nothing where the pipeline has no such secret variable', async (t) => {
    const { code, says, sent } = await deploy(t, {
      environment: { SSD_CONNECTION_STRING: '$(ssdConnection)' },
    });
    assert.equal(code, 1);
    assert.match(says, /no variable \$\(ssdConnection\)/);
    assert.equal(sent, undefined);
  });

  it('says so where the app has no address of its own', async (t) => {
    assert.match((await deploy(t, { outputs: { egressAddress: '' } })).says, /address of your firewall/);
  });

  it('says why it failed, down to the resource', async (t) => {
    const { code, says } = await deploy(t, {
      prepare: ({ azure }) => {
        azure.answer('GET', /^\/operations\//, () => ({
          body: {
            status: 'Failed',
            error: {
              code: 'DeploymentFailed',
              message: 'One resource failed.',
              details: [{ code: 'VaultAlreadyExists', message: 'The name is taken.' }],
            },
          },
        }));
      },
    });
    assert.equal(code, 1);
    assert.match(says, /VaultAlreadyExists: The name is taken\..*\n.*run this stage again/s);
  });

  it('says which group has to be made first, and what may not be done', async (t) => {
    const refusedBy = (status: number, code: string) =>
      deploy(t, {
        prepare: ({ azure }) => {
          azure.answer('PUT', /./, () => refusal(status, code, 'No.'));
        },
      });
    assert.match((await refusedBy(404, 'ResourceGroupNotFound')).says, /make it first/);
    const forbidden = await refusedBy(403, 'AuthorizationFailed');
    assert.equal(forbidden.code, 1);
    assert.match(forbidden.says, /AuthorizationFailed/);
  });

  it('says how it is called', async (t) => {
    assert.match((await deploy(t, { args: ['--name', 'a/b'] })).says, /^Usage/);
  });
});
