import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateCommand } from '../../infra/azd/evaluateCommand.js';
import { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { prepare } from '../../infra/azd/evaluationSteps.js';
import {
  addressHere,
  anEvaluation,
  type AnEvaluation,
  evaluationName,
  holdEvaluation,
  serverPath,
  request,
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
    assert.match(written, /Dry run \S+ completed; nothing was sent\.\n +\d+ +people/);
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

  it('continues where it stopped, whichever line it was killed after', async (t) => {
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

  it('closes what a killed command has left open, and leaves the rules of others', async (t) => {
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
    assert.match(evaluation.written.at(-1) ?? '', /continues where it stopped/);
  });
});

describe('the hooks of azd up', () => {
  it('do the same in two halves, azd deploying between them', async (t) => {
    const evaluation = await anEvaluation(t);
    const { surroundings, kept, azure } = evaluation;
    const azd = {
      AZURE_ENV_NAME: evaluationName,
      AZURE_LOCATION: 'uksouth',
      AZURE_SUBSCRIPTION_ID: request.subscriptionId,
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

  it('say which values of azd are missing', async (t) => {
    const { surroundings, azure, written } = await anEvaluation(t);
    const azd = { AZURE_ENV_NAME: evaluationName, AZURE_SUBSCRIPTION_ID: request.subscriptionId };
    assert.equal(await evaluateCommand(['--hook', 'preprovision'], azd, surroundings), 1);
    assert.match(written.at(-1) ?? '', /AZURE_LOCATION is not set\. .*azd env set AZURE_LOCATION uksouth/);
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
    assert.equal((await prepare(request, surroundings)).CSC_EVALUATION_ID, '0123456789');
    const fresh = await prepare({ ...request, name: 'other' }, surroundings);
    assert.match(fresh.CSC_EVALUATION_ID, /^[0-9a-f]{10}$/);
    assert.notEqual(
      fresh.CSC_EVALUATION_ID,
      (await prepare({ ...request, name: 'other' }, surroundings)).CSC_EVALUATION_ID,
    );
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
