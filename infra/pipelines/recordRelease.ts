import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { attachmentType, checksumsIn, checksumText } from './checksums.ts';
import { start } from './start.ts';

/**
 * `node infra/pipelines/recordRelease.ts --release FOLDER --record FILE`: writes the checksums of a release to a file
 * outside it, and has the agent attach that file to the run. Azure DevOps keeps attachments apart from artifacts, and only
 * a job of the run can add one. The step runs last before the release is published.
 */
async function recordRelease(): Promise<void> {
  const { values } = parseArgs({ options: { release: { type: 'string' }, record: { type: 'string' } } });
  const { release, record } = values;
  if (release === undefined || record === undefined)
    throw new Error('Both --release and --record are needed.');
  const text = checksumText(await checksumsIn(release));
  await writeFile(record, text);
  process.stdout.write(`${text}##vso[task.addattachment type=${attachmentType};name=release;]${record}\n`);
}

start(recordRelease);
