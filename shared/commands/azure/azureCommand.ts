import { approve } from './approve.js';
import { api, preflight } from './api.js';
import { key, pause, restart, resume, start, stop } from './app.js';
import { database } from './database.js';
import { publish } from './publish.js';
import { recoverVault } from './recoverVault.js';
import { remember } from './remember.js';
import { roles } from './roles.js';
import { secrets } from './secrets.js';
import { signIn } from './signIn.js';
import { status } from './status.js';
import type { ExitCode, Surroundings, Verb } from './verb.js';
import { asksForHelp } from '../help.js';

/** What people do in Azure by hand, in the order in which a new environment needs it. */
const verbs: Readonly<Record<string, Verb>> = {
  status,
  roles,
  approve,
  secrets,
  database,
  publish,
  preflight,
  api,
  'sign-in': signIn,
  pause,
  resume,
  restart,
  stop,
  start,
  key,
  'recover-vault': recoverVault,
  remember,
};

/** What was asked for: which group, and what to do there. */
export interface AzureWish {
  readonly group: string;
  readonly subscription: string | undefined;
  readonly run: (surroundings: Surroundings) => Promise<ExitCode>;
}

/**
 * Reads `VERB [options] --group RG [--subscription ID]`.
 * @returns the usage, as text, when it cannot be read
 */
export function readAzureArguments(args: readonly string[]): AzureWish | string {
  const [name = '', ...rest] = args;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return usage;
  const { group, subscription, others } = placeIn(rest);
  const run = verb.read(others);
  return group === undefined || run === undefined ? usageOf(name, verb) : { group, subscription, run };
}

/** Every verb takes these two. */
function placeIn(args: readonly string[]): {
  group: string | undefined;
  subscription: string | undefined;
  others: string[];
} {
  const place: { group?: string; subscription?: string } = {};
  const others: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [, option, joined] = /^--(group|subscription)(?:=(.*))?$/s.exec(args[at] ?? '') ?? [];
    if (option !== 'group' && option !== 'subscription') {
      others.push(args[at] ?? '');
      continue;
    }
    if (joined === undefined) at += 1;
    place[option] = joined ?? args[at] ?? '';
  }
  return { group: place.group === '' ? undefined : place.group, subscription: place.subscription, others };
}

const place = '--group RESOURCE-GROUP [--subscription ID]';

const usage = `Usage: npm run azure -- VERB ${place}
Works as you are signed in (az login, or azd auth login), and asks Azure each time what is there; every command can be repeated.
The subscription, where none is given: AZURE_SUBSCRIPTION_ID, else that of az account set.

${Object.entries(verbs)
  .map(
    ([name, { says, help }]) =>
      `  ${name.padEnd(14)} ${says}\n${help.map((each) => `                 ${each}\n`).join('')}`,
  )
  .join('')}
Exit codes: 0 done, 1 it failed or something is left to do.
`;

function usageOf(name: string, { says, help }: Verb): string {
  return `Usage: npm run azure -- ${name} ${place}\n${says}\n${help.map((each) => `  ${each}\n`).join('')}`;
}

/**
 * `npm run azure`.
 * @param open makes what the verb works with; called only when the arguments are right
 * @param write takes the lines for the person at the console
 */
export async function azureCommand(
  args: readonly string[],
  open: (wish: AzureWish) => Promise<Surroundings>,
  write: (text: string) => void,
): Promise<ExitCode> {
  const wish = readAzureArguments(args);
  if (typeof wish === 'string') {
    write(wish);
    return asksForHelp(args) ? 0 : 1;
  }
  try {
    return await wish.run(await open(wish));
  } catch (error) {
    write(`${error instanceof Error ? error.message : 'It failed without a reason.'}\n`);
    return 1;
  }
}
