import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { preflightText } from '../../preflight/preflightText.js';
import { callApp, keyHeader, signInHeader } from '../../deployment/app/appCalls.js';
import type { DeployedApp } from '../../deployment/app/deployedApp.js';
import { preflightChecks } from '../../preflight/answer.js';
import { flag } from '../command.js';
import { theApp, verb, type ExitCode, type Surroundings } from './verb.js';

const fields = z
  .array(z.string().regex(/^[A-Za-z]+=/))
  .default([])
  .transform((given) =>
    given.map((text) => {
      const at = text.indexOf('=');
      return { name: text.slice(0, at), value: text.slice(at + 1) };
    }),
  );
type Fields = z.output<typeof fields>;

/** `api`: one call of the app's HTTP API, with its key, which is not shown. */
export const api = verb({
  says: 'calls the HTTP API of the app: api METHOD PATH, such as api GET runs',
  help: [
    '--field K=V   a parameter of a GET, else a field of the JSON body; several times',
    '--output FILE writes the answer there',
    '--sign-in     in your own name, for calls that need a role',
  ],
  options: z.object({
    field: fields,
    output: z.string().min(1).optional(),
    'sign-in': flag,
    // Without /api/ in front, which Git Bash on Windows would take for a folder.
    positionals: z.tuple([z.enum(['GET', 'POST', 'DELETE']), z.string().regex(/^[A-Za-z0-9./_-]+$/)]),
  }),
  run: async (surroundings, { positionals: [method, path], field, output, 'sign-in': isSignedIn }) => {
    const app = await theApp(surroundings);
    const answer = await answerOf(surroundings, app, { method, path, field, isSignedIn });
    return shown(surroundings, answer, output);
  },
});

/** `preflight`: the checks of the deployed app, as text. */
export const preflight = verb({
  says: 'asks the deployed app for a preflight and prints every check',
  help: ['--sign-in     in your own name, where HTTP_NEEDS_SIGN_IN is true'],
  options: z.object({ 'sign-in': flag }),
  run: async (surroundings, { 'sign-in': isSignedIn }) => {
    const app = await theApp(surroundings);
    const answer = await answerOf(surroundings, app, {
      method: 'POST',
      path: 'preflight',
      field: [],
      isSignedIn,
    });
    if (!answer.ok) return shown(surroundings, answer, undefined);
    const { outcome, version, checks } = preflightSchema.parse(await answer.json());
    surroundings.write(`${preflightText(checks)}\n\nversion ${version}, preflight: ${outcome}\n`);
    return outcome === 'fail' ? 1 : 0;
  },
});

const preflightSchema = z.object({
  outcome: z.enum(['pass', 'warn', 'fail']),
  version: z.string(),
  checks: z.array(
    z.object({
      check: z.enum(preflightChecks),
      outcome: z.enum(['pass', 'warn', 'fail', 'skipped']),
      found: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});

export async function answerOf(
  { azure, credential, call }: Surroundings,
  app: DeployedApp,
  given: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly path: string;
    readonly field: Fields;
    readonly isSignedIn: boolean;
  },
): Promise<Response> {
  const { method, path, field, isSignedIn } = given;
  const entry = { azure, credential };
  const headers = {
    ...(await keyHeader(entry, app)),
    ...(isSignedIn ? await signInHeader(entry, app, remedies) : {}),
  };
  const below = path.replace(/^\/?(api\/)?/, '');
  if (method === 'GET') {
    const query = new URLSearchParams(field.map(({ name, value }) => [name, value])).toString();
    return callApp(call, app, query === '' ? below : `${below}?${query}`, { method, headers });
  }
  return callApp(call, app, below, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(field.map(({ name, value }) => [name, typed(value)]))),
  });
}

const remedies = {
  noSignIn: 'The app has no sign-in: run `npm run azure -- sign-in`, deploy, and try again.',
  noToken:
    'Are you signed in (`az login`), and does the app registration accept the Azure CLI? `npm run azure -- sign-in` makes one that does.',
};

/** `true`, `false` and lists are JSON. Everything else is text, so that ids keep their leading zeros. */
function typed(value: string): unknown {
  if (!/^(true|false|\[.*\])$/s.test(value)) return value;
  const parsed: unknown = JSON.parse(value);
  return parsed;
}

export async function shown(
  { write }: Surroundings,
  answer: Response,
  output: string | undefined,
): Promise<ExitCode> {
  if (!answer.ok) {
    write(`The app answers ${answer.status}: ${await answer.text()}\n`);
    return 1;
  }
  if (output !== undefined) {
    await writeFile(output, Buffer.from(await answer.arrayBuffer()), { mode: 0o600 });
    write(`Written to ${output}.\n`);
    return 0;
  }
  const text = await answer.text();
  write(`${isJson(answer) ? JSON.stringify(JSON.parse(text), undefined, 2) : text}\n`);
  return 0;
}

function isJson(answer: Response): boolean {
  return answer.headers.get('content-type')?.includes('json') === true;
}
