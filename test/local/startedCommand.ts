import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { runStatusSchema } from '../../shared/records/runStatus.js';

const command = join(__dirname, 'start.js');
export const synthetic = join(__dirname, 'syntheticSsd.js');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly output: () => string;
}

export function start(...args: string[]): Started {
  return startWith({}, ...args);
}

export function startWith(settings: Readonly<Record<string, string>>, ...args: string[]): Started {
  return run(command, settings, args);
}

export function run(
  script: string,
  settings: Readonly<Record<string, string>>,
  args: readonly string[],
): Started {
  const started = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...settings },
  });
  let output = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<Ended>((resolve) => {
    started.once('close', (code) => {
      resolve({ code, output });
    });
  });
  return { process: started, ended, output: () => output };
}

export async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-start-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const outcomeSchema = z.object({
  completed: z.boolean(),
  nights: z.array(runStatusSchema),
  dfe: z.object({ children: z.number() }),
});

export async function outcomeIn(folder: string) {
  const lines = async (file: string) => (await readFile(join(folder, file), 'utf8')).split('\n').length - 1;
  return {
    run: outcomeSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))),
    payloads: await lines('payloads.jsonl'),
    staging: await lines('staging.jsonl'),
  };
}
