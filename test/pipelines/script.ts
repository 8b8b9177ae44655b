import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../local/migrations.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the pipelines as an agent does: Node.js reads the TypeScript, and no package is installed. */
export function runScript(
  name: string,
  args: readonly string[],
  {
    env = {},
    cwd = projectRoot,
  }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Outcome> {
  const script = join(projectRoot, 'infra', 'pipelines', `${name}.ts`);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, ...args],
      { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Asked {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A service on this machine until the end of the test. */
export async function aService(
  t: TestContext,
  answer: (asked: Asked) => Answer,
): Promise<{ readonly address: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { method: request.method, url: request.url ?? '', headers: request.headers, body };
      asked.push(one);
      const { status = 200, headers = {}, body: content } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
    });
  });
  const port = await listenUntilTheEnd(t, server);
  return { address: `http://127.0.0.1:${port}`, asked };
}
