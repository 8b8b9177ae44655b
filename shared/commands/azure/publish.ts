import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { functionsOf, type DeployedApp } from '../../deployment/app/deployedApp.js';
import { ResourceManagerError } from '../../deployment/resourceManager/resourceManager.js';
import { askWithin } from '../../deployment/patience.js';
import { commandLine, theApp, verb, type ExitCode, type Surroundings } from './verb.js';

/** `publish`: the code, as `npm run package` has made it. It ends also where the host does not start. */
export const publish = verb({
  says: 'deploys the zip that npm run package has made: publish FILE; the app restarts',
  options: z.object({ positionals: z.tuple([z.string().min(1)]) }),
  run: async (surroundings, { positionals: [file] }) => {
    const { write } = surroundings;
    const zip = await read(file);
    const app = await theApp(surroundings);
    write(`Deploying ${file} to ${app.name}, SHA-256 ${createHash('sha256').update(zip).digest('hex')} …\n`);
    await surroundings.publish(app, zip);
    return functionsAppear(surroundings, app);
  },
});

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${file} cannot be read. npm run package -- ${file} makes it.`, { cause: error });
  }
}

/** Azure may report a deployment as done although the host does not start. */
async function functionsAppear(surroundings: Surroundings, app: DeployedApp): Promise<ExitCode> {
  const { azure, write, clock } = surroundings;
  const names = await askWithin(
    async () => {
      const found = await namesOf(azure, app);
      return found.length > 0 ? found : undefined;
    },
    { clock, seconds: 300, everySeconds: 30 },
  );
  if (names !== undefined) {
    write(`${names.length} functions are there: ${names.join(', ')}.\n`);
    return 0;
  }
  write(
    `The code is deployed, but the app shows no function: its host does not start. Look at the roles first: ${commandLine(surroundings, 'roles')}\n`,
  );
  return 1;
}

async function namesOf(azure: Surroundings['azure'], app: DeployedApp): Promise<string[]> {
  try {
    return (await functionsOf(azure, app)).map((name) => name.split('/').at(-1) ?? name);
  } catch (error) {
    if (error instanceof ResourceManagerError) return [];
    throw error;
  }
}
