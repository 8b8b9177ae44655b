import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deployResources, finish, prepare } from '../../infra/azd/evaluationSteps.js';
import { groupPath, anEvaluation, holdEvaluation, serverPath, request } from './anEvaluation.js';

describe('an evaluation is never pointed at', () => {
  const wrong: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['an SSD of real children', { SSD_SYNTHETIC: 'false' }, /SSD_SYNTHETIC/],
    ['the live receiver', { DFE_RECEIVER: 'live' }, /test receiver/],
    [
      'the address of the live receiver',
      { DFE_API_BASE_URL: 'https://api.education.gov.uk/children-in-social-care-data-receiver/1' },
      /test receiver/,
    ],
    [
      'another database',
      { SSD_CONNECTION_STRING: 'Server=tcp:council.database.windows.net,1433;Database=ssd' },
      /another database/,
    ],
    [
      'a database in the data centre',
      { SSD_CONNECTION_STRING: 'postgres://user@server/ssd' },
      /another database/,
    ],
  ];
  for (const [what, settings, why] of wrong) {
    it(what, async (t) => {
      const evaluation = await anEvaluation(t);
      holdEvaluation(evaluation.azure, '0123456789', settings);
      await assert.rejects(finish(request, evaluation.surroundings), why);
      assert.deepEqual(evaluation.statements, []);
      assert.deepEqual(await evaluation.openRules(), []);
    });
  }

  it('a server that something else made', async (t) => {
    const evaluation = await anEvaluation(t);
    holdEvaluation(evaluation.azure, '0123456789');
    evaluation.azure.hold(serverPath, {
      tags: {},
      properties: { fullyQualifiedDomainName: 'sql-eval.database.windows.net' },
    });
    await assert.rejects(finish(request, evaluation.surroundings), /was not made by this evaluation/);
    assert.deepEqual(evaluation.statements, []);
  });

  it('the evaluation of another person, who chose the same name', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    azure.hold(groupPath, { tags: { 'csc-evaluation': '0123456789', 'csc-administrator': 'somebody-else' } });
    await assert.rejects(prepare(request, surroundings), /another person's evaluation.*another name/);
  });

  it('a group that something else made', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    holdEvaluation(azure, 'not-ours');
    await assert.rejects(prepare(request, surroundings), /was not made by an evaluation/);
    await assert.rejects(finish(request, surroundings), /was not made by an evaluation/);
  });

  it('a region outside the United Kingdom', async (t) => {
    const { surroundings } = await anEvaluation(t);
    await assert.rejects(
      prepare({ ...request, location: 'westeurope' }, surroundings),
      /AZURE_LOCATION uksouth/,
    );
  });
});

describe('the deployment of an evaluation', () => {
  it('waits for one that an interrupted command has begun', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    const states = ['Running', 'Running', 'Succeeded'];
    azure.answer('GET', /deployments\/csc-evaluation-jo$/, () => ({
      body: {
        name: 'csc-evaluation-jo',
        properties: { provisioningState: states.length > 1 ? states.shift() : states[0] },
      },
    }));
    const values = await prepare(request, surroundings);
    await deployResources(request, values, surroundings);
    const calls = azure.calls
      .filter(({ path }) => path.endsWith('csc-evaluation-jo'))
      .map(({ method }) => method);
    assert.deepEqual(calls.slice(0, 4), ['GET', 'GET', 'GET', 'PUT']);
  });

  it('keeps the id of the group that the deployment it waited for has made', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    const values = await prepare(request, surroundings);
    azure.answer('GET', /deployments\/csc-evaluation-jo$/, () => {
      holdEvaluation(azure, '0123456789');
      return undefined;
    });
    const compiled: unknown[] = [];
    await deployResources(request, values, {
      ...surroundings,
      compile: (given) => {
        compiled.push(given['CSC_EVALUATION_ID']);
        return surroundings.compile(given);
      },
    });
    assert.deepEqual(compiled, ['0123456789']);
  });

  it('has a name that Azure takes, another one in each region', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    const values = await prepare(request, surroundings);
    const name = 'n'.repeat(64);
    for (const location of ['uksouth', 'ukwest']) {
      await deployResources({ ...request, name, location }, values, surroundings);
    }
    const names = azure.calls
      .filter(({ method, path }) => method === 'PUT' && path.includes('/deployments/'))
      .map(({ path }) => path.split('/').at(-1) ?? '');
    assert.deepEqual(
      names.map(({ length }) => length),
      [64, 64],
    );
    assert.equal(new Set(names).size, 2);
  });

  it('waits for what azd has begun in the group before it was killed', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    holdEvaluation(azure, '0123456789');
    const states = ['Running', 'Running', 'Failed'];
    azure.answer('GET', /rg-csc-jo\/providers\/Microsoft\.Resources\/deployments$/, () => ({
      body: { value: [{ name: 'sql', properties: { provisioningState: states.shift() ?? 'Failed' } }] },
    }));
    await prepare(request, surroundings);
    assert.deepEqual(states, []);
  });

  it('says who can register providers where the person may not', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    azure.answer('POST', /\/register$/, () => ({
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    }));
    await assert.rejects(prepare(request, surroundings), /platform team\) to register Microsoft\.App/);
  });
});
