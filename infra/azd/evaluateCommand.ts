import { z, ZodError } from 'zod';
import {
  closeDoor,
  deployResources,
  EvaluationRequestError,
  finish,
  prepare,
  type EvaluationRequest,
  type Surroundings,
  type TemplateValues,
} from './evaluationSteps.js';
import { flag, readCommand, type Environment } from '../../shared/commands/command.js';

/** What the command needs of its machine in addition to its steps. */
export interface CommandSurroundings extends Surroundings {
  /** @throws Error when none is known */
  readonly subscriptionId: () => Promise<string>;
  /** Keeps values in azd's environment, from which the template reads them. */
  readonly keepInAzd: (evaluationName: string, values: TemplateValues) => Promise<void>;
}

const usage = `Usage: npm run evaluate [-- OPTIONS]
Makes an evaluation in a resource group of its own, from an empty subscription to the first dry run with 500 invented
children. You can stop it and run it again at any time. docs/deploy.md, part A.
  --name NAME        the evaluation, and its resource group rg-csc-NAME (eval)
  --location REGION  uksouth or ukwest (uksouth)
  --close            only closes the firewall of the SQL server, where a command that was killed has left it open
  --hook STEP        preprovision or postprovision: one half of it, as azd calls it
Reads AZURE_SUBSCRIPTION_ID, and what infra/azd/main.parameters.json lists. Needs a sign-in: azd auth login, or az login.
Exit codes: 0 done, 1 it failed, 130 interrupted.
`;

const options = z.object({
  name: z.string().optional(),
  location: z.string().optional(),
  close: flag,
  hook: z.enum(['preprovision', 'postprovision']).optional(),
});

interface Asked {
  readonly name: string;
  readonly location: string;
  readonly step: 'all' | 'close' | 'preprovision' | 'postprovision';
}

/** `npm run evaluate`, and the hooks of `azd up`. */
export async function evaluateCommand(
  args: readonly string[],
  environment: Environment,
  surroundings: CommandSurroundings,
): Promise<0 | 1 | 130> {
  const { write, clock } = surroundings;
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  const asked: Asked = {
    name: given.name ?? environment['AZURE_ENV_NAME'] ?? 'eval',
    location: given.location ?? environment['AZURE_LOCATION'] ?? 'uksouth',
    step: given.close ? 'close' : (given.hook ?? 'all'),
  };
  try {
    if (asked.step === 'preprovision') checkWhatAzdAsks(environment);
    await take(asked, surroundings);
    return 0;
  } catch (error) {
    if (clock.interrupted?.aborted === true) {
      // The person must still learn what could not be put back.
      if (error !== clock.interrupted.reason) write(messageOf(error));
      write('Interrupted. Run the command again: it continues where it stopped.');
      return 130;
    }
    write(messageOf(error));
    return 1;
  }
}

async function take({ step, name, location }: Asked, surroundings: CommandSurroundings): Promise<void> {
  const isHook = step === 'preprovision' || step === 'postprovision';
  const request: EvaluationRequest = {
    subscriptionId: await surroundings.subscriptionId(),
    name,
    location,
    howToSignIn: isHook ? 'azd auth login' : 'azd auth login, or az login',
  };
  switch (step) {
    case 'close':
      await closeDoor(request, surroundings);
      break;
    case 'preprovision':
      await surroundings.keepInAzd(name, await prepare(request, surroundings));
      break;
    case 'postprovision':
      await finish(request, surroundings);
      break;
    case 'all':
      await deployResources(request, await prepare(request, surroundings), surroundings);
      await finish(request, surroundings);
  }
}

/** azd asks for both before the hook as far as we know, and else would only after it. */
function checkWhatAzdAsks(environment: Environment): void {
  const missing = ['AZURE_SUBSCRIPTION_ID', 'AZURE_LOCATION'].filter(
    (name) => (environment[name] ?? '') === '',
  );
  if (missing.length === 0) return;
  throw new EvaluationRequestError(
    `${missing.join(' and ')} is not set. Nothing was changed. Set it (azd env set AZURE_SUBSCRIPTION_ID <id>, azd env set AZURE_LOCATION uksouth) and run azd up again.`,
  );
}

/** Codes of Node.js and of Azure's SDK. */
const unreachable =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|REQUEST_SEND_ERROR)$/;

function messageOf(error: unknown): string {
  if (error instanceof ZodError) {
    return `This version does not understand an answer from Azure or the app: ${error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}. Run the command again. If it happens again, report it.`;
  }
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof Error && typeof code === 'string' && unreachable.test(code)) {
    return `Azure cannot be reached: ${error.message}. Check the network of this machine, and its proxy (HTTPS_PROXY), and run the command again.`;
  }
  return error instanceof Error ? error.message : 'It failed without a reason. Run the command again.';
}
