import { z } from 'zod';
import { changesOfWhatIsFixed } from '../../shared/deployment/resourceManager/fixedAtCreation.js';
import { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { anyTarget, bicepCompiler, type BicepCompiler } from './bicepCompiler.js';
import { readCommand, startIfMain, text, type Write } from '../../shared/commands/command.js';
import { reasonOf } from '../../shared/commands/pipelineLog.js';
import { personsLogin, subscriptionOf } from '../../shared/deployment/login/signedIn.js';

const options = z.object({ group: text, parameters: text });

const usage = `Usage: npm run fixed-at-creation -- --group GROUP --parameters FILE
Compares a parameter file with what is deployed, and refuses changes that Azure accepts only when it makes a resource.
  --group GROUP      the resource group of the environment
  --parameters FILE  the .bicepparam file
The subscription is AZURE_SUBSCRIPTION_ID, else the one of the Azure CLI.
Exit codes: 0 it can be deployed, 1 it must not be deployed, or we cannot tell.
`;

const snapshotSchema = z.object({ predictedResources: z.array(z.unknown()) });

/** What the command needs of its surroundings. */
interface Surroundings {
  readonly azure: Pick<ResourceManager, 'get'>;
  /** @throws Error when there is none */
  readonly subscription: () => Promise<string>;
  readonly write: Write;
  /** @throws NoBicepCompiler */
  readonly compiler?: () => Promise<Pick<BicepCompiler, 'snapshot'>>;
}

export async function fixedAtCreationCommand(
  args: readonly string[],
  { azure, subscription, write, compiler: open = bicepCompiler }: Surroundings,
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const compiler = await open();
    const target = { ...anyTarget, subscriptionId: await subscription(), resourceGroup: given.group };
    const { isMade, findings, output } = await compiler.snapshot(given.parameters, target);
    if (!isMade) {
      write(`${[...findings, `${given.parameters} cannot be deployed as it is.`].join('\n')}\n`);
      return 1;
    }
    const { predictedResources } = snapshotSchema.parse(JSON.parse(output));
    const changes = await changesOfWhatIsFixed(azure, predictedResources);
    if (changes.length === 0) {
      write('The parameter file changes nothing that Azure accepts only when it makes a resource.\n');
      return 0;
    }
    write(`${changes.join('\n')}\nNothing is deployed.\n`);
    return 1;
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 1;
  }
}

startIfMain(module, (args, environment, write) =>
  fixedAtCreationCommand(args, {
    azure: new ResourceManager(personsLogin(environment['AZURE_SUBSCRIPTION_ID'])),
    subscription: () => subscriptionOf(environment),
    write,
  }),
);
