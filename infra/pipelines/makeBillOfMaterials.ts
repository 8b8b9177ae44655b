import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { start } from './start.ts';

/**
 * `node infra/pipelines/makeBillOfMaterials.ts --app FOLDER --output FILE`: writes the bill of materials (CycloneDX) of an
 * unpacked zip. Of what is in the zip, since with an --omit npm leaves out packages that it does not leave out of the zip.
 */
async function makeBillOfMaterials(): Promise<void> {
  const { values } = parseArgs({ options: { app: { type: 'string' }, output: { type: 'string' } } });
  const { app, output } = values;
  if (app === undefined || output === undefined) throw new Error('Both --app and --output are needed.');
  const file = join(app, 'package.json');
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  // npm takes the packages that are left out for missing ones, and refuses.
  if (typeof content !== 'object' || content === null) throw new Error(`${file} is not a package.json.`);
  const rest = Object.entries(content).filter(
    ([key]) => key !== 'devDependencies' && key !== 'optionalDependencies',
  );
  await writeFile(file, JSON.stringify(Object.fromEntries(rest), undefined, 2));
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: app,
    maxBuffer: 100_000_000,
  });
  await writeFile(output, stdout);
}

start(makeBillOfMaterials);
