import { z } from 'zod';
import { textOutput } from '../deployment/resourceManager/deployments.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { readCompiled } from '../deployment/resourceManager/template.js';
import { deployToGroup } from '../deployment/resourceManager/templateDeployment.js';
import { oneLine, reasonOf } from './pipelineLog.js';
import { readCommand, startIfMain, text, type Environment, type Write } from './command.js';

const usage = `Usage: node dist/shared/commands/deployInfrastructure.js --group NAME --template FILE --parameters FILE --name NAME
Deploys main.bicep into a resource group and waits until that is done.
  --group       the resource group of the environment
  --template    main.bicep, compiled
  --parameters  the parameter file, compiled
  --name        the name of the deployment
Reads SSD_CONNECTION_STRING from the environment, only for a database without Entra ID. It is kept in memory only.
Needs a sign-in of the Azure CLI. Exit codes: 0 done, 1 it failed.
`;

const options = z.object({
  group: text,
  template: text,
  parameters: text,
  name: z.string().regex(/^[\w.-]{1,64}$/),
});

export async function deployInfrastructureCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  open: (environment: Environment) => Promise<SignedIn> = signedIn,
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const connectionString = environment['SSD_CONNECTION_STRING']?.trim() ?? '';
    if (/^\$\(.*\)$/.test(connectionString)) {
      throw new Error(
        `The pipeline has no variable ${connectionString}: make it a secret variable, or empty its name in council.yml.`,
      );
    }
    const secrets = connectionString === '' ? {} : { ssdConnectionString: connectionString };
    const compiled = await readCompiled(given.template, given.parameters, secrets);
    const { azure, subscriptionId } = await open(environment);
    const made = await deployToGroup(azure, { subscriptionId, name: given.group }, given.name, compiled);
    const egress = textOutput(made, 'egressAddress');
    write(`${given.name} has deployed the app ${oneLine(textOutput(made, 'functionAppName'))}.\n`);
    write(
      egress === ''
        ? 'The app has no public address of its own: DfE sees the address of your firewall.\n'
        : `DfE sees the address ${oneLine(egress)}: ask DfE whether they must allow it.\n`,
    );
    return 0;
  } catch (error) {
    write(
      `${reasonOf(error)}\nThe infrastructure is not deployed, or only partly. Correct the cause and run this stage again.\n`,
    );
    return 1;
  }
}

startIfMain(module, deployInfrastructureCommand);
