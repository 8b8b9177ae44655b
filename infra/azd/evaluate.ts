import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AzureCliCredential, AzureDeveloperCliCredential, type TokenCredential } from '@azure/identity';
import { appVersion } from '../../shared/composition/appVersion.js';
import { startIfMain } from '../../shared/commands/command.js';
import { openDatabase } from '../../shared/database/open.js';
import { subscriptionOf } from '../../shared/deployment/login/signedIn.js';
import {
  ResourceManager,
  resourceManagerScope,
} from '../../shared/deployment/resourceManager/resourceManager.js';
import { makePackage } from '../packaging/makePackage.js';
import { projectRoot } from '../projectRoot.js';
import { sourcesHash } from './codeVersion.js';
import { compileEvaluation } from './compileEvaluation.js';
import { evaluateCommand, type CommandSurroundings } from './evaluateCommand.js';
import type { Code, TemplateValues } from './evaluationSteps.js';

/** `npm run evaluate`, and the hooks of azure.yaml: the steps of an evaluation with the real Azure. */

async function evaluate(args: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C waits for nothing.
      if (interruption.signal.aborted) process.exit(130);
      process.stdout.write('Interrupted: putting back what was opened …\n');
      interruption.abort(new Error('Interrupted.'));
    });
  }
  const { credential, name } = await loginOf(args);
  // The driver of the database chooses its sign-in by this: it must be the same person.
  process.env['AZURE_TOKEN_CREDENTIALS'] = name;
  return await evaluateCommand(args, process.env, surroundings(credential, interruption.signal));
}

interface Login {
  readonly credential: TokenCredential;
  readonly name: 'AzureCliCredential' | 'AzureDeveloperCliCredential';
}

/** Who is signed in with azd, in its hooks; else with the Azure CLI, else with azd. */
async function loginOf(args: readonly string[]): Promise<Login> {
  const byAzd: Login = {
    credential: new AzureDeveloperCliCredential(),
    name: 'AzureDeveloperCliCredential',
  };
  if (args.includes('--hook')) return byAzd;
  const byAz: Login = { credential: new AzureCliCredential(), name: 'AzureCliCredential' };
  try {
    await byAz.credential.getToken(resourceManagerScope);
    return byAz;
  } catch {
    return byAzd;
  }
}

function surroundings(credential: TokenCredential, interrupted: AbortSignal): CommandSurroundings {
  return {
    azure: new ResourceManager(credential),
    credential,
    clock: {
      now: Date.now,
      wait: (milliseconds) => delay(milliseconds, undefined, { signal: interrupted }),
      interrupted,
    },
    write: (line) => process.stdout.write(`${line}\n`),
    openDatabase: (connectionString) => openDatabase(connectionString, { signal: interrupted }),
    code,
    compile: (values) => compileEvaluation(projectRoot, { ...process.env, ...values }),
    children: 500,
    urlOf: (hostName) => `https://${hostName}`,
    subscriptionId: () => subscriptionOf(process.env),
    keepInAzd,
  };
}

async function code(): Promise<Code> {
  const commit = await sourcesHash(projectRoot);
  return {
    version: `${appVersion()}-g${commit.slice(0, 12)}`,
    zip: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'csc-evaluation-'));
      try {
        return await readFile((await makePackage(projectRoot, join(folder, 'csc.zip'), { commit })).file);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function keepInAzd(evaluationName: string, values: TemplateValues): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await promisify(execFile)('azd', ['env', 'set', name, value, '--environment', evaluationName], {
      cwd: projectRoot,
    });
  }
}

startIfMain(module, evaluate);
