import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { groupId, type ResourceGroup } from '../deployment/app/deployedApp.js';
import { deploymentsApi, deploymentsAt } from '../deployment/resourceManager/deployments.js';
import { changesOfWhatIsFixed } from '../deployment/resourceManager/fixedAtCreation.js';
import { causesOf, shortId, type ResourceManager } from '../deployment/resourceManager/resourceManager.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { readCompiled } from '../deployment/resourceManager/template.js';
import { asked, inGroup } from '../deployment/resourceManager/templateDeployment.js';
import { reasonOf, said } from './pipelineLog.js';
import { flag, readCommand, startIfMain, text, type Environment, type Write } from './command.js';

const usage = `Usage: node dist/shared/commands/whatIf.js --group NAME --template FILE --parameters FILE --output FOLDER [--allow-deletion]
Asks Azure what a deployment would change. Writes what-if.json with all values and what-if.txt with the names of
resources and properties only, and prints the latter.
  --group           the resource group of the environment
  --template        main.bicep, compiled
  --parameters      the parameter file, compiled
  --output          where both files go
  --allow-deletion  resources that hold data may be deleted, too
  --connection-string-follows  the deployment will be given a connection string that is not among the parameters
Needs a sign-in of the Azure CLI. Exit codes: 0 it can be deployed, 1 it would delete resources that hold data, or change what Azure accepts only when
it makes a resource, or Azure does not answer.
`;

const changeSchema = z.object({
  changeType: z.string(),
  resourceId: z.string(),
  delta: z.array(z.object({ path: z.string(), propertyChangeType: z.string() })).nullish(),
  /** The resource as it would be. */
  after: z.unknown().optional(),
});
type Change = z.output<typeof changeSchema>;
const reportSchema = z.object({
  status: z.literal('Succeeded'),
  properties: z.object({ changes: z.array(changeSchema) }),
});
const failureSchema = z.object({ error: z.looseObject({ code: z.string() }) });

/** Types of resources that hold records, secrets or the history of runs. */
const holdsData =
  /\/providers\/Microsoft\.(Storage\/storageAccounts|KeyVault\/vaults|Sql\/servers|DBforPostgreSQL\/flexibleServers|OperationalInsights\/workspaces|Insights\/components)\//i;

/** In the order in which they matter. `Ignore` is what is in the resource group and not in the Bicep. */
const order = ['Delete', 'Create', 'Modify', 'Deploy', 'Unsupported', 'Ignore', 'NoChange'];
const uneventful = ['Ignore', 'NoChange'];

const options = z.object({
  group: text,
  template: text,
  parameters: text,
  output: text,
  'allow-deletion': flag,
  'connection-string-follows': flag,
});

export async function whatIfCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  open: (environment: Environment) => Promise<SignedIn> = signedIn,
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const { azure, subscriptionId } = await open(environment);
    const report = await askWhatIf(azure, { subscriptionId, name: given.group }, given);
    const { changes } = reportSchema.parse(report).properties;
    const { says, lost } = describe(changes);
    await mkdir(given.output, { recursive: true });
    await writeFile(join(given.output, 'what-if.json'), JSON.stringify(report, undefined, 2));
    await writeFile(join(given.output, 'what-if.txt'), says);
    write(says);
    const refused = await changesOfWhatIsFixed(azure, resourcesAfter(changes));
    for (const sentence of refused) write(`${said(sentence)}\n`);
    if (refused.length > 0) {
      write('Azure would refuse this. Nothing is deployed.\n');
      return 1;
    }
    if (lost === 0 || given['allow-deletion']) return 0;
    write(
      `${lost} of them hold data and would be deleted. Nothing is deployed. If you want this, run the pipeline with allowDeletion.\n`,
    );
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'the answer of Azure is not a what-if.' : reasonOf(error);
    write(`We cannot tell what would change: ${reason}\nNothing is deployed.\n`);
  }
  return 1;
}

/** A stand-in for the connection string: without one the template refuses to deploy. */
const followsLater = 'given when it is deployed';

/** Without the secret parameter, so that the file that is published cannot hold it. */
async function askWhatIf(
  azure: ResourceManager,
  group: ResourceGroup,
  given: z.output<typeof options>,
): Promise<unknown> {
  const secrets = given['connection-string-follows'] ? { ssdConnectionString: followsLater } : {};
  const body = asked(await readCompiled(given.template, given.parameters, secrets));
  const id = `${deploymentsAt(groupId(group), 'csc-api-sender-what-if')}/whatIf`;
  const report = await inGroup(group, azure.post(id, deploymentsApi, body));
  const failure = failureSchema.safeParse(report);
  if (failure.success) throw new Error(causesOf(failure.data).says);
  return report;
}

/** For a resource that is deleted, or that Azure cannot look into, a what-if has no resource. */
function resourcesAfter(changes: readonly Change[]): unknown[] {
  const resource = z.looseObject({ id: z.string(), type: z.string(), name: z.string() });
  return changes.map(({ after }) => after).filter((after) => resource.safeParse(after).success);
}

function describe(changes: readonly Change[]): { readonly says: string; readonly lost: number } {
  const rank = ({ changeType }: Change): number => order.indexOf(changeType);
  const eventful = [...changes]
    .sort((a, b) => rank(a) - rank(b))
    .filter(({ changeType }) => !uneventful.includes(changeType));
  const sum = `${eventful.length} resources change, ${changes.length - eventful.length} do not.\n`;
  const lost = eventful.filter(
    ({ changeType, resourceId }) => changeType === 'Delete' && holdsData.test(`${resourceId}/`),
  );
  return { says: said(`${eventful.map(linesOf).join('')}${sum}`), lost: lost.length };
}

function linesOf({ changeType, resourceId, delta }: Change): string {
  const name = shortId(resourceId);
  const properties = (delta ?? []).map(({ path, propertyChangeType }) => {
    return `            ${propertyChangeType} ${path}\n`;
  });
  return `${changeType.padEnd(12)}${name}\n${properties.join('')}`;
}

startIfMain(module, whatIfCommand);
