import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** The compiled template and parameter file of a release, in a folder for the length of the test. */
export async function compiledTemplates(
  t: TestContext,
): Promise<{ readonly folder: string; readonly args: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-templates-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const template = join(folder, 'main.json');
  const parameters = join(folder, 'test.parameters.json');
  await writeFile(
    template,
    JSON.stringify({
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: {},
    }),
  );
  await writeFile(
    parameters,
    JSON.stringify({ contentVersion: '1.0.0.0', parameters: { environmentName: { value: 'test' } } }),
  );
  return { folder, args: ['--template', template, '--parameters', parameters] };
}
