import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const usage = `Usage: node dist/shared/commands/whatIf.js FILE [--allow-deletion]
Tells what a deployment would change, from the JSON of "az deployment group what-if --no-pretty-print".
Names of resources and properties only: the values stay in the file.
  --allow-deletion  what holds data may be deleted, too
Exit codes: 0 nothing speaks against it, 1 it would delete what holds data, or the file cannot be read.
`;

const reportSchema = z.object({
  changes: z.array(
    z.object({
      changeType: z.string(),
      resourceId: z.string(),
      delta: z.array(z.object({ path: z.string(), propertyChangeType: z.string() })).nullish(),
    }),
  ),
});
type Change = z.output<typeof reportSchema>['changes'][number];

/** Whose deletion takes records, secrets or the history of runs with it. */
const holdsData =
  /\/providers\/Microsoft\.(Storage\/storageAccounts|KeyVault\/vaults|Sql\/servers|DBforPostgreSQL\/flexibleServers|OperationalInsights\/workspaces|Insights\/components)\//i;

/** In the order in which they matter. `Ignore` is what stands in the resource group and not in the Bicep. */
const order = ['Delete', 'Create', 'Modify', 'Deploy', 'Unsupported', 'Ignore', 'NoChange'];
const uneventful = ['Ignore', 'NoChange'];

/** @param write takes the lines for whoever reads the pipeline's log */
export async function whatIfCommand(args: readonly string[], write: (text: string) => void): Promise<0 | 1> {
  const wish = readArguments(args);
  if (wish === undefined) {
    write(usage);
    return 1;
  }
  const changes = await readChanges(wish.file);
  if (changes === undefined) {
    write(`${wish.file} is not the JSON of a what-if.\n`);
    return 1;
  }
  const rank = ({ changeType }: Change): number => order.indexOf(changeType);
  for (const change of [...changes].sort((a, b) => rank(a) - rank(b))) {
    if (!uneventful.includes(change.changeType)) write(linesOf(change));
  }
  const same = changes.filter(({ changeType }) => uneventful.includes(changeType)).length;
  write(`${changes.length - same} resources change, ${same} stay as they are.\n`);
  const lost = changes.filter(
    ({ changeType, resourceId }) => changeType === 'Delete' && holdsData.test(`${resourceId}/`),
  );
  if (lost.length === 0 || wish.allowsDeletion) return 0;
  write(
    `${lost.length} of them hold data and would be deleted. Nothing is deployed. If that is meant, run the pipeline with allowDeletion.\n`,
  );
  return 1;
}

function readArguments(args: readonly string[]): { file: string; allowsDeletion: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'allow-deletion': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [file] = positionals;
    return file === undefined ? undefined : { file, allowsDeletion: values['allow-deletion'] };
  } catch {
    return undefined;
  }
}

async function readChanges(file: string): Promise<readonly Change[] | undefined> {
  try {
    return reportSchema.parse(JSON.parse(await readFile(file, 'utf8'))).changes;
  } catch {
    return undefined;
  }
}

function linesOf({ changeType, resourceId, delta }: Change): string {
  const name = resourceId.replace(/^.*?\/providers\//i, '');
  const properties = (delta ?? []).map(({ path, propertyChangeType }) => {
    return `            ${propertyChangeType} ${path}\n`;
  });
  return `${changeType.padEnd(12)}${name}\n${properties.join('')}`;
}
