import { z } from 'zod';
import { fromHere } from '../deployment/network/networkFromHere.js';
import { readFacts, type Network } from '../deployment/whatIsLeft/readFacts.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { whatIsLeft, type ToDo } from '../deployment/whatIsLeft/whatIsLeft.js';
import { oneLine, reasonOf, succeededWithIssues, variable, warning } from './pipelineLog.js';
import { flag, readCommand, startIfMain, text, type Environment, type Write } from './command.js';

interface Surroundings {
  readonly now: () => Date;
  readonly open: (environment: Environment) => Promise<SignedIn>;
  readonly network: Network;
}

const usage = `Usage: node dist/shared/commands/whatIsLeft.js --group NAME [--prepares-database]
Lists what people have to do before database and code can be deployed, each with who and which command: approvals,
names, networks, roles, secrets. It changes nothing and reads no secret.
  --group              the resource group of the environment
  --prepares-database  this agent calls the database, too
In a pipeline it sets the output variable goesOn to true or false.
Needs a sign-in of the Azure CLI. Exit codes: 0 the list is complete, 1 it could not be made.
`;

const options = z.object({ group: text, 'prepares-database': flag });

export async function whatIsLeftCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { now, open, network }: Surroundings = { now: () => new Date(), open: signedIn, network: fromHere },
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const { azure, subscriptionId } = await open(environment);
    const facts = await readFacts(azure, { subscriptionId, name: given.group }, network, {
      preparesDatabase: given['prepares-database'],
      now: now(),
    });
    const list = whatIsLeft(facts);
    const goesOn = !list.some(({ stops }) => stops);
    write(textOf(list, given.group));
    write(variable('goesOn', String(goesOn), { isOutput: true }));
    if (goesOn) return 0;
    for (const { who, what } of list.filter(({ stops }) => stops)) write(warning(`${who}: ${what}`));
    write(
      'Database and code wait for this. When it is done, run the stage "What people have to do" again (Rerun stage), or the pipeline.\n',
    );
    write(succeededWithIssues);
    return 0;
  } catch (error) {
    write(`We cannot tell what is left to do: ${reasonOf(error)}\n`);
    return 1;
  }
}

function textOf(list: readonly ToDo[], group: string): string {
  const lines = (items: readonly ToDo[]): string =>
    items
      .map(({ who, what, command }, index) => {
        return `${index + 1}. ${who}: ${oneLine(what)}\n     ${oneLine(command)}\n`;
      })
      .join('');
  const first = list.filter(({ stops }) => stops);
  const rest = list.filter(({ stops }) => !stops);
  return [
    first.length === 0
      ? `Nothing is left to do before the stage Database and code of ${group}.\n`
      : `To do before the stage Database and code of ${group}:\n${lines(first)}`,
    rest.length === 0 ? '' : `To do as well; nothing waits for this:\n${lines(rest)}`,
  ].join('');
}

startIfMain(module, whatIsLeftCommand);
