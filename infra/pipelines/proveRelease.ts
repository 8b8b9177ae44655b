import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { warning } from '../../shared/commands/pipelineLog.ts';
import { ask, askText, AzureDevOpsError, projectOf, type Project } from './azureDevOps.ts';
import { attachmentType, checksumsIn, checksumText } from './checksums.ts';
import { numberAt, textAt, valueAt } from './json.ts';
import { messageOf, start } from './start.ts';

const usage = `Usage: node infra/pipelines/proveRelease.ts --release FOLDER --run ID --pipeline ID [--sha256 CHECKSUM]
Proves that a downloaded release is what a run of the delivery pipeline built from main. Azure DevOps is asked; what the
release says of itself is not looked at.
  --release   the folder into which the artifact was downloaded
  --run       the run that built it (buildId in its address)
  --pipeline  the delivery pipeline (definitionId in its address)
  --sha256    for a run of a version before 0.2, which recorded no checksums: that of app.zip, from the log of that run.
              Of a run that has recorded some, those count
Reads SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECTID and SYSTEM_ACCESSTOKEN from the environment.
Exit codes: 0 it is, 1 it is not, or Azure DevOps does not say.
`;

const main = 'refs/heads/main';

interface Given {
  readonly release: string;
  readonly run: number;
  readonly pipeline: number;
  readonly sha256: string | undefined;
}

class NotProven extends Error {}

async function proveRelease({ release, run, pipeline, sha256 }: Given, project: Project): Promise<void> {
  const build = await ask(project, `build/builds/${run}?api-version=7.1`);
  const commit = textAt(build, 'sourceVersion');
  if (numberAt(build, 'id') !== run)
    throw new NotProven(`Azure DevOps answers about another run than ${run}.`);
  if (numberAt(valueAt(build, 'definition'), 'id') !== pipeline) {
    throw new NotProven(
      `Run ${run} is not one of pipeline ${pipeline}, which builds releases (deliveryPipelineId in council.yml).`,
    );
  }
  const branch = textAt(build, 'sourceBranch');
  if (branch !== main) throw new NotProven(`Run ${run} was built from ${branch}, and not from ${main}.`);
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new NotProven(`Azure DevOps names no commit of run ${run}.`);
  await proveCommit(commit);

  const found = await checksumsIn(release);
  const zip = found.get('app.zip');
  if (zip === undefined) throw new NotProven('The release has no app.zip.');
  if (sha256 !== undefined && zip !== sha256)
    throw new NotProven(`app.zip has the SHA-256 ${zip}, not the one that you gave.`);
  const records = await recordsOf(run, project);
  // A checksum given by hand must not replace a record: anyone who can change an artifact could give its checksum.
  const isRecorded = records.length > 0 || sha256 === undefined;
  if (isRecorded) await proveRecorded(checksumText(found), records, run, project);
  process.stdout.write(
    `Run ${run} built this from commit ${commit} of ${main}.\n` +
      (isRecorded
        ? `All ${found.size} files are as the run recorded them.\n`
        : warning(
            'The run recorded no checksums: app.zip is as given by hand, the other files are not proven.',
          )) +
      `SHA-256 of app.zip: ${zip}\n`,
  );
}

/** The checkout is main as this run sees it: a commit outside its history has gone past the branch policy. */
async function proveCommit(commit: string): Promise<void> {
  try {
    await promisify(execFile)('git', ['merge-base', '--is-ancestor', commit, 'HEAD']);
  } catch {
    throw new NotProven(`Commit ${commit} is not in the history of main.`);
  }
}

/** Where the checksums are that the run has recorded: none for a version before 0.2. */
async function recordsOf(run: number, project: Project): Promise<readonly unknown[]> {
  const path = `build/builds/${run}/attachments/${attachmentType}?api-version=7.1-preview.2`;
  const list = valueAt(await ask(project, path), 'value');
  if (!Array.isArray(list)) throw new NotProven(`Azure DevOps does not say what run ${run} has recorded.`);
  return list.map((record: unknown) => record);
}

/** A job that was run again has recorded more than once: what was published is as one of its records. */
async function proveRecorded(
  found: string,
  records: readonly unknown[],
  run: number,
  project: Project,
): Promise<void> {
  if (records.length === 0) {
    throw new NotProven(
      `Run ${run} has recorded no checksums. If a version before 0.2 built it, give the SHA-256 of app.zip from its log (docs/pipeline.md).`,
    );
  }
  for (const attachment of records) {
    const recorded = await askText(project, attachmentPath(attachment, run));
    if (recorded === found) return;
  }
  throw new NotProven(
    `The release is not what run ${run} has recorded: a file is missing, was added or was changed.\nFound:\n${found}`,
  );
}

/** The answer holds a whole address; only its ids are taken, so that the token goes to no other host. */
function attachmentPath(attachment: unknown, run: number): string {
  const href = textAt(valueAt(valueAt(attachment, '_links'), 'self'), 'href');
  const [, timeline, record] =
    /\/builds\/\d+\/([0-9a-f-]{36})\/([0-9a-f-]{36})\/attachments\//i.exec(href) ?? [];
  if (timeline === undefined || record === undefined) {
    throw new NotProven('Azure DevOps does not say where the recorded checksums are.');
  }
  return `build/builds/${run}/${timeline}/${record}/attachments/${attachmentType}/release?api-version=7.1-preview.2`;
}

function readArguments(): Given | undefined {
  try {
    const { values } = parseArgs({
      options: {
        release: { type: 'string' },
        run: { type: 'string' },
        pipeline: { type: 'string' },
        sha256: { type: 'string', default: '' },
      },
    });
    const { release, run = '', pipeline = '' } = values;
    const sha256 = values.sha256.trim().toLowerCase();
    const isId = (text: string) => /^[1-9]\d{0,9}$/.test(text);
    if (release === undefined || !isId(run) || !isId(pipeline)) return undefined;
    if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
    return {
      release,
      run: Number(run),
      pipeline: Number(pipeline),
      sha256: sha256 === '' ? undefined : sha256,
    };
  } catch {
    return undefined;
  }
}

async function run(): Promise<void> {
  const given = readArguments();
  const project = projectOf(process.env);
  if (given === undefined || project === undefined) throw new NotProven(usage);
  await proveRelease(given, project);
}

start(run, (error) => {
  const isSaid = error instanceof NotProven || error instanceof AzureDevOpsError;
  const why = isSaid ? error.message : `Azure DevOps or the release cannot be read: ${messageOf(error)}.`;
  return `${why}\nNothing is deployed.`;
});
