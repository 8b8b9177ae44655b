import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { start } from './start.ts';

/**
 * `node infra/pipelines/checkAzureCli.ts --version VERSION`: stops a deployment on an agent whose Azure CLI is another one
 * than council.yml names, before it has changed anything. Without a name any from 2.60 on will do: an earlier one cannot
 * deploy to Flex Consumption.
 */
const leastMinor = 60;

async function checkAzureCli(): Promise<string | undefined> {
  const { values } = parseArgs({ options: { version: { type: 'string', default: '' } } });
  const wanted = values.version.trim();
  const { stdout } = await promisify(execFile)('az', ['version', '--output', 'json']);
  const [, found = '', minor = ''] = /"azure-cli": *"(2\.(\d+)\.\d+)"/.exec(stdout) ?? [];
  process.stdout.write(`Azure CLI ${found}\n`);
  if (wanted === '' ? Number(minor) >= leastMinor : found === wanted) return undefined;
  return `This agent has the Azure CLI ${found === '' ? 'in no version that is known' : found}, and ${wanted === '' ? `2.${leastMinor} or later` : `${wanted} (azureCliVersion in council.yml)`} is needed.`;
}

start(async () => {
  const objection = await checkAzureCli().catch(() => 'This agent has no Azure CLI.');
  if (objection !== undefined) throw new Error(`${objection} Nothing is deployed.`);
});
