import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateCommand } from '../../infra/azd/evaluateCommand.js';
import { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { deployResources, finish, prepare } from '../../infra/azd/evaluationSteps.js';
import {
  groupPath,
  addressHere,
  anEvaluation,
  type AnEvaluation,
  evaluationName,
  holdEvaluation,
  serverPath,
  wish,
} from './anEvaluation.js';

const all = ['--name', evaluationName];
const environment = { AZURE_LOCATION: 'uksouth' };

describe('npm run evaluate', () => {
  it('leads from an empty subscription to the first dry run, and sends nothing', async (t) => {
    const evaluation = await anEvaluation(t);
    const code = await evaluateCommand(all, environment, evaluation.surroundings);
    const written = evaluation.written.join('\n');
    assert.equal(code, 0, written);
    assert.match(written, /SSD of 15 invented children/);
    assert.match(written, /pass +storage/);
    assert.match(written, /Dry run \S+ completed; nothing was sent\.\n +\d+ +persons/);
    assert.match(written, /Web pages: http\S+\/api\/dashboard/);
    assert.equal(evaluation.published.length, 1);
    assert.equal(await evaluation.runs(), 1);
    assert.deepEqual(await evaluation.openRules(), []);
  });

  it('changes nothing when it is run again, but looks', async (t) => {
    const evaluation = await anEvaluation(t);
    const { surroundings, azure } = evaluation;
    assert.equal(await evaluateCommand(all, environment, surroundings), 0, evaluation.written.join('\n'));
    const before = { statements: evaluation.statements.length, calls: azure.calls.length };
    assert.equal(await evaluateCommand(all, environment, surroundings), 0, evaluation.written.join('\n'));
    assert.equal(evaluation.published.length, 1);
    assert.equal(await evaluation.runs(), 1);
    const writes = evaluation.statements
      .slice(before.statements)
      .filter((sql) => /^\s*(INSERT|DELETE|DROP|CREATE TABLE)/i.test(sql));
    assert.deepEqual(writes, []);
    const changed = azure.calls
      .slice(before.calls)
      .filter(({ method, path }) => method !== 'GET' && !isRead(path));
    // The template once more, which changes only what differs, and the way through the firewall.
    assert.deepEqual(
      changed.map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`),
      ['PUT csc-evaluation-jo', `PUT csc-evaluation-${addressHere}`, `DELETE csc-evaluation-${addressHere}`],
    );
  });

  it('goes on from where it was, after whichever line it was killed', async (t) => {
    const evaluation = await anEvaluation(t);
    const { surroundings } = evaluation;
    let lines = 0;
    for (let killedAfter = 1; ; killedAfter += 1) {
      lines = 0;
      evaluation.breakOff = (point) => {
        if (point.startsWith('statement')) return;
        lines += 1;
        if (lines === killedAfter) throw new Error('killed');
      };
      const code = await evaluateCommand(all, environment, surroundings).catch(() => 1);
      assert.deepEqual(await evaluation.openRules(), [], `after line ${killedAfter}`);
      if (code === 0) break;
      assert.ok(killedAfter < 40);
    }
    assert.ok(lines > 10);
    assert.equal(evaluation.published.length, 1);
    assert.equal(await evaluation.runs(), 1);
  });

  it('makes the SSD anew when it was killed while making it, and closes the firewall', async (t) => {
    const evaluation = await anEvaluation(t);
    for (const killedAt of [3, 40, 70]) {
      const from = evaluation.statements.length;
      evaluation.breakOff = (point) => {
        if (point === `statement ${from + killedAt}`) throw new Error('The connection broke.');
      };
      assert.equal(await evaluateCommand(all, environment, evaluation.surroundings), 1);
      assert.deepEqual(await evaluation.openRules(), []);
    }
    evaluation.breakOff = undefined;
    const { surroundings } = evaluation;
    assert.equal(await evaluateCommand(all, environment, surroundings), 0, evaluation.written.join('\n'));
    const undisturbed = await anEvaluation(t);
    assert.equal(await evaluateCommand(all, environment, undisturbed.surroundings), 0);
    assert.deepEqual(figuresIn(evaluation), figuresIn(undisturbed));
  });

  it('waits for roles that do not hold yet when it uploads the code', async (t) => {
    const evaluation = await anEvaluation(t);
    evaluation.refusals.push(
      { status: 403, body: 'This request is not authorized to perform this operation.' },
      { status: 503, body: 'Starting.' },
    );
    evaluation.failures.push({ status: 3, status_text: 'BlobUploadFailedException: 403 (Forbidden)' });
    assert.equal(
      await evaluateCommand(all, environment, evaluation.surroundings),
      0,
      evaluation.written.join('\n'),
    );
    assert.equal(evaluation.published.length, 2);
  });

  it('says why code cannot be deployed, and does not try for ever', async (t) => {
    const evaluation = await anEvaluation(t);
    evaluation.failures.push({ status: 3, status_text: 'The package is not a zip.' });
    assert.equal(await evaluateCommand(all, environment, evaluation.surroundings), 1);
    assert.match(evaluation.written.join('\n'), /could not deploy the package: The package is not a zip/);
    evaluation.refusals.push(...Array.from({ length: 40 }, () => ({ status: 403, body: 'Forbidden.' })));
    assert.equal(await evaluateCommand(all, environment, evaluation.surroundings), 1);
    assert.match(evaluation.written.join('\n'), /for ten minutes: 403 .*Forbidden.*Website Contributor/);
  });

  it('takes away what a killed command has left open, and nobody else’s rules', async (t) => {
    const evaluation = await anEvaluation(t);
    const { azure, surroundings } = evaluation;
    holdEvaluation(azure, '0123456789');
    azure.hold(`${serverPath}/firewallRules/csc-evaluation-198.51.100.4`, {});
    azure.hold(`${serverPath}/firewallRules/AllowAllWindowsAzureIps`, {});
    assert.equal(await evaluateCommand([...all, '--close'], environment, surroundings), 0);
    assert.deepEqual(await evaluation.openRules(), ['AllowAllWindowsAzureIps']);
  });

  it('says how to close the firewall when that failed, and what else went wrong', async (t) => {
    const evaluation = await anEvaluation(t);
    const { azure, surroundings } = evaluation;
    azure.answer('DELETE', /firewallRules/, () => ({
      status: 409,
      body: { error: { code: 'Locked', message: 'The scope is locked.' } },
    }));
    evaluation.breakOff = (point) => {
      if (point === 'statement 20') throw new Error('The connection broke.');
    };
    assert.equal(await evaluateCommand(all, environment, surroundings), 1);
    assert.match(
      evaluation.written.at(-1) ?? '',
      /The connection broke\.[^]*could not be closed[^]*npm run evaluate -- --close/,
    );
  });

  it('closes the firewall when it is interrupted', async (t) => {
    const evaluation = await anEvaluation(t);
    const interruption = new AbortController();
    evaluation.breakOff = (point) => {
      if (point === 'statement 20') interruption.abort(new Error('Interrupted.'));
    };
    const clock = { ...evaluation.surroundings.clock, interrupted: interruption.signal };
    const code = await evaluateCommand(all, environment, { ...evaluation.surroundings, clock });
    assert.equal(code, 130);
    assert.deepEqual(await evaluation.openRules(), []);
    assert.match(evaluation.written.at(-1) ?? '', /goes on from where it was/);
  });
});

describe('the hooks of azd up', () => {
  it('do the same in two halves, azd deploying between them', async (t) => {
    const evaluation = await anEvaluation(t);
    const { surroundings, kept, azure } = evaluation;
    const azd = {
      AZURE_ENV_NAME: evaluationName,
      AZURE_LOCATION: 'uksouth',
      AZURE_SUBSCRIPTION_ID: wish.subscriptionId,
    };
    assert.equal(
      await evaluateCommand(['--hook', 'preprovision'], azd, surroundings),
      0,
      evaluation.written.join('\n'),
    );
    assert.equal(kept.get('CSC_ADMINISTRATOR_NAME'), 'jo@council.example');
    holdEvaluation(azure, kept.get('CSC_EVALUATION_ID') ?? '');
    assert.equal(
      await evaluateCommand(['--hook', 'postprovision'], azd, surroundings),
      0,
      evaluation.written.join('\n'),
    );
    assert.equal(await evaluation.runs(), 1);
  });

  it('say what azd must be told where it has not asked yet', async (t) => {
    const { surroundings, azure, written } = await anEvaluation(t);
    const azd = { AZURE_ENV_NAME: evaluationName, AZURE_SUBSCRIPTION_ID: wish.subscriptionId };
    assert.equal(await evaluateCommand(['--hook', 'preprovision'], azd, surroundings), 1);
    assert.match(
      written.at(-1) ?? '',
      /not asked for AZURE_LOCATION yet.*azd env set AZURE_LOCATION uksouth/,
    );
    assert.deepEqual(azure.calls, []);
  });

  it('say that Azure cannot be reached', async (t) => {
    const { surroundings, written } = await anEvaluation(t);
    const azure = new ResourceManager(surroundings.credential, {
      url: 'https://127.0.0.1:1',
      retryOptions: { maxRetries: 0 },
    });
    assert.equal(await evaluateCommand(all, environment, { ...surroundings, azure }), 1);
    assert.match(written.at(-1) ?? '', /Azure cannot be reached: .*HTTPS_PROXY/);
  });

  it('keep the id of an evaluation that is there, and draw another one after azd down', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    holdEvaluation(azure, '0123456789');
    assert.equal((await prepare(wish, surroundings)).CSC_EVALUATION_ID, '0123456789');
    const fresh = await prepare({ ...wish, name: 'other' }, surroundings);
    assert.match(fresh.CSC_EVALUATION_ID, /^[0-9a-f]{10}$/);
    assert.notEqual(
      fresh.CSC_EVALUATION_ID,
      (await prepare({ ...wish, name: 'other' }, surroundings)).CSC_EVALUATION_ID,
    );
  });
});

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
      await assert.rejects(finish(wish, evaluation.surroundings), why);
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
    await assert.rejects(finish(wish, evaluation.surroundings), /was not made by this evaluation/);
    assert.deepEqual(evaluation.statements, []);
  });

  it('the evaluation of somebody else, who chose the same name', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    azure.hold(groupPath, { tags: { 'csc-evaluation': '0123456789', 'csc-administrator': 'somebody-else' } });
    await assert.rejects(prepare(wish, surroundings), /evaluation of somebody else.*another name/);
  });

  it('a group that something else made', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    holdEvaluation(azure, 'not-ours');
    await assert.rejects(prepare(wish, surroundings), /was not made by an evaluation/);
    await assert.rejects(finish(wish, surroundings), /was not made by an evaluation/);
  });

  it('a region outside the United Kingdom', async (t) => {
    const { surroundings } = await anEvaluation(t);
    await assert.rejects(
      prepare({ ...wish, location: 'westeurope' }, surroundings),
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
    const values = await prepare(wish, surroundings);
    await deployResources(wish, values, surroundings);
    const calls = azure.calls
      .filter(({ path }) => path.endsWith('csc-evaluation-jo'))
      .map(({ method }) => method);
    assert.deepEqual(calls.slice(0, 4), ['GET', 'GET', 'GET', 'PUT']);
  });

  it('keeps the id of the group that the deployment it waited for has made', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    const values = await prepare(wish, surroundings);
    azure.answer('GET', /deployments\/csc-evaluation-jo$/, () => {
      holdEvaluation(azure, '0123456789');
      return undefined;
    });
    const compiled: unknown[] = [];
    await deployResources(wish, values, {
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
    const values = await prepare(wish, surroundings);
    const name = 'n'.repeat(64);
    for (const location of ['uksouth', 'ukwest']) {
      await deployResources({ ...wish, name, location }, values, surroundings);
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
    await prepare(wish, surroundings);
    assert.deepEqual(states, []);
  });

  it('says who can register providers where the person may not', async (t) => {
    const { surroundings, azure } = await anEvaluation(t);
    azure.answer('POST', /\/register$/, () => ({
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    }));
    await assert.rejects(prepare(wish, surroundings), /platform team, to register Microsoft\.App/);
  });
});

/** The figures of the dry run, as they were written. */
function figuresIn({ written }: AnEvaluation): string[] {
  const figures = written.join('\n').match(/^ +\d+ {2}\S.*$/gm) ?? [];
  assert.equal(figures.length, 5);
  return figures;
}

function isRead(path: string): boolean {
  return path.endsWith('/list') || path.endsWith('/listKeys');
}
