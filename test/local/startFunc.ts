import { spawn } from 'node:child_process';
import { londonDate } from '../../shared/child/dates.js';
import { projectRoot } from './migrations.js';
import { Stack } from './stack.js';

const children = 500;

/**
 * The app in the real Functions host, when the Core Tools are installed, with the rest of the local stack around it.
 * The settings are in the environment, which wins over `local.settings.json`.
 */
async function main(): Promise<number> {
  const today = londonDate(new Date());
  const stack = await Stack.start({});
  try {
    const source = { kind: 'synthetic', children, seed: '1' } as const;
    await stack.fillSsd(source, today);
    console.log(
      'The simulated DfE, storage and a synthetic SSD are ready; starting func. Start a nightly run with:',
    );
    console.log(
      '  curl -X POST -H "Content-Type: application/json" -d "{}" http://localhost:7071/admin/functions/nightly',
    );
    return await func({ FUNCTIONS_WORKER_RUNTIME: 'node', ...stack.environment(today) });
  } finally {
    await stack.stop();
  }
}

/** Runs `func start` until it ends, as it does at Ctrl-C. */
function func(settings: Readonly<Record<string, string>>): Promise<number> {
  const host = spawn('func', ['start'], {
    cwd: projectRoot,
    env: { ...process.env, ...settings },
    stdio: 'inherit',
    // On Windows `func` is a script of a shell.
    shell: process.platform === 'win32',
  });
  return new Promise((resolve, reject) => {
    host.once('error', () => {
      reject(
        new Error(
          'func was not found. Install the Azure Functions Core Tools (https://learn.microsoft.com/azure/azure-functions/functions-run-local), or use npm start, which needs none.',
        ),
      );
    });
    host.once('exit', (code) => {
      resolve(code ?? 0);
    });
  });
}

// Ctrl-C reaches func as well; this process ends after it, to stop what it has started.
process.on('SIGINT', () => undefined);
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
