import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe } from 'node:test';
import { bicepCompiler, type BicepCompiler, type Compilation } from '../../infra/tools/bicepCompiler.js';
import { fixedAtCreationCommand } from '../../infra/tools/fixedAtCreation.js';
import {
  aResourceManager,
  refusal,
  subscriptionId,
  type ResourceManagerStandIn,
} from '../deployment/resourceManagerStandIn.js';
import { projectRoot } from '../local/migrations.js';
import { itCompiled } from './predicted.js';

const parameters = join(projectRoot, 'infra', 'parameters', 'prod.bicepparam');

interface Account {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The real compiler, which predicts each file once. */
const made = new Map<string, Promise<Compilation>>();
async function compiler(): Promise<Pick<BicepCompiler, 'snapshot'>> {
  const real = await bicepCompiler();
  return {
    snapshot: (file, target) => {
      const known = made.get(file) ?? real.snapshot(file, target);
      made.set(file, known);
      return known;
    },
  };
}

async function compare(
  azure: ResourceManagerStandIn,
  file = parameters,
): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await fixedAtCreationCommand(['--group', 'rg-csc-prod', '--parameters', file], {
    azure: azure.client,
    subscription: () => Promise.resolve(subscriptionId),
    write: (text) => (said += text),
    compiler,
  });
  return { code, said };
}

/** Azure with everything that the command asks about, in the forms of its REST reference. */
function holdStorage(
  azure: ResourceManagerStandIn,
  account: Account['properties'],
  isVersioned: boolean,
): void {
  azure.answer('GET', /\/storageAccounts\/[a-z0-9]+$/, ({ path }) => ({
    body: { id: path, properties: account },
  }));
  azure.answer('GET', /\/containers\/csc-runs$/, ({ path }) => ({
    body: {
      id: path,
      properties: isVersioned ? { immutableStorageWithVersioning: { enabled: true } } : {},
    },
  }));
}

const asNew = {
  encryption: {
    requireInfrastructureEncryption: true,
    services: { queue: { keyType: 'Account' }, table: { keyType: 'Account' } },
  },
};
/** Azure leaves out what was never asked for. */
const asVersion01 = { encryption: { services: { blob: { keyType: 'Account' } } } };

describe('what Azure takes only when it makes a resource', () => {
  itCompiled('does not stop a first deployment', async (t) => {
    const azure = await aResourceManager(t);
    const { code, said } = await compare(azure);
    assert.equal(code, 0, said);
    assert.ok(azure.calls.length > 2);
  });

  itCompiled('does not stop a second one of the same', async (t) => {
    const azure = await aResourceManager(t);
    holdStorage(azure, asNew, true);
    const { code, said } = await compare(azure);
    assert.equal(code, 0, said);
  });

  itCompiled('stops immutability for runs that were made without', async (t) => {
    const azure = await aResourceManager(t);
    holdStorage(azure, asNew, false);
    const { code, said } = await compare(azure);
    assert.equal(code, 1);
    assert.match(said, /csc-runs: immutableStorageWithVersioning\.enabled is false, and true is asked for/);
    assert.match(said, /Put immutabilityDays back[^]*Nothing is deployed\.\n$/);
  });

  itCompiled(
    'stops double encryption for what version 0.1 made, and says which parameter to give',
    async (t) => {
      const azure = await aResourceManager(t);
      holdStorage(azure, asVersion01, true);
      const { code, said } = await compare(azure);
      assert.equal(code, 1);
      assert.match(said, /requireInfrastructureEncryption is false[^\n]*deployedByVersion01 = true/);
      assert.match(said, /services\.queue\.keyType is "Service"/);
    },
  );

  itCompiled('is not guessed where Azure refuses to answer', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('GET', /storageAccounts/, () => refusal(403, 'AuthorizationFailed', 'No right to read.'));
    const { code, said } = await compare(azure);
    assert.equal(code, 1);
    assert.match(said, /AuthorizationFailed/);
  });

  itCompiled('is not compared with a file that cannot be deployed', async (t) => {
    const azure = await aResourceManager(t);
    const { code, said } = await compare(azure, join(projectRoot, 'infra', 'main.bicep'));
    assert.equal(code, 1);
    assert.match(said, /cannot be deployed as it is/);
    assert.equal(azure.calls.length, 0);
  });
});
