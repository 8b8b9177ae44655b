import { parseArgs } from 'node:util';
import { variable } from '../../shared/commands/pipelineLog.ts';
import { ask, AzureDevOpsError, projectOf, type Project } from './azureDevOps.ts';
import { listAt, numberAt, valueAt } from './json.ts';
import { messageOf, start } from './start.ts';

const usage = `Usage: node infra/pipelines/findCommands.ts --pipeline ID [--run ID]
Finds the release whose commands guard and check a rollback: the newest run of the delivery pipeline on main that has
published one, however its deployment ended. Sets the variable commandsRun to the id of that run.
  --pipeline  the delivery pipeline (definitionId in its address)
  --run       this run, and no other; 0 for the newest
Reads SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECTID and SYSTEM_ACCESSTOKEN from the environment.
Exit codes: 0 found, 1 not.
`;

/** A release is proven after it was found: what is not proven is not used. */
const runsLookedAt = 50;

async function newestRelease(pipeline: number, project: Project): Promise<number> {
  const answer = await ask(
    project,
    `build/builds?definitions=${pipeline}&branchName=refs/heads/main&queryOrder=queueTimeDescending&$top=${runsLookedAt}&api-version=7.1`,
  );
  for (const run of listAt(answer, 'value')) {
    const id = numberAt(run, 'id');
    if (id !== undefined && (await hasRelease(id, project))) return id;
  }
  throw new AzureDevOpsError(
    `None of the last ${runsLookedAt} runs of pipeline ${pipeline} on main still has a release. Run the delivery pipeline first: its stage Build is enough.`,
  );
}

async function hasRelease(run: number, project: Project): Promise<boolean> {
  const answer = await ask(project, `build/builds/${run}/artifacts?api-version=7.1`);
  return listAt(answer, 'value').some((artifact) => valueAt(artifact, 'name') === 'release');
}

async function findCommands(): Promise<void> {
  const { values } = parseArgs({
    options: { pipeline: { type: 'string', default: '' }, run: { type: 'string', default: '0' } },
  });
  const project = projectOf(process.env);
  const isNumber = (text: string) => /^\d{1,10}$/.test(text);
  if (!isNumber(values.pipeline) || !isNumber(values.run) || project === undefined) {
    throw new AzureDevOpsError(usage);
  }
  const given = Number(values.run);
  const run = given === 0 ? await newestRelease(Number(values.pipeline), project) : given;
  process.stdout.write(`The commands are those of run ${run}.\n${variable('commandsRun', String(run))}`);
}

start(findCommands, (error) => `${messageOf(error)}\nNothing is deployed.`);
