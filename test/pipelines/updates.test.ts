import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { mappingsIn, readPipelineFile, scriptOf } from '../infra/pipelineFile.js';
import { projectRoot } from '../local/migrations.js';

const rules = z
  .object({
    customManagers: z.array(
      z.object({ managerFilePatterns: z.array(z.string()), matchStrings: z.array(z.string()) }),
    ),
    'azure-pipelines': z.object({ managerFilePatterns: z.array(z.string()) }),
  })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'renovate.json'), 'utf8')));

const files = [
  'azure-pipelines.yml',
  ...readdirSync(join(projectRoot, 'infra', 'pipelines'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `infra/pipelines/${name.replaceAll('\\', '/')}`),
];
const textOf = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const compilerFile = 'infra/tools/bicepCompiler.ts';
/** Renovate writes a pattern between slashes. */
const filesOf = (patterns: readonly string[], among = files): string[] =>
  among.filter((path) => patterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)));

describe('updates of what the pipelines use', () => {
  it('find each version that is written into a file of the pipelines, and that of the compiler', () => {
    const found = rules.customManagers.flatMap(({ managerFilePatterns, matchStrings }) =>
      filesOf(managerFilePatterns, [...files, compilerFile]).flatMap((path) =>
        matchStrings.flatMap((each) =>
          [...textOf(path).matchAll(new RegExp(each, 'g'))].map((match) => match[0]),
        ),
      ),
    );
    const written = [...files, compilerFile].flatMap((path) => [
      ...textOf(path).matchAll(/(?:Version\s+type: string\s+default: |npx --yes \w+@|Version = ')v?\d/g),
    ]);
    assert.equal(found.length, written.length);
    assert.ok(found.length >= 4);
  });

  it('look at every pipeline whose tasks and images have versions', () => {
    // The one outside the folder is looked at by Renovate's own pattern.
    const missed = files.filter(
      (path) => !filesOf(rules['azure-pipelines'].managerFilePatterns).includes(path),
    );
    assert.deepEqual(missed, ['azure-pipelines.yml']);
  });
});

describe('the pipelines beside the one that deploys', () => {
  for (const name of ['updates.yml', 'code-scan.yml']) {
    it(`have no way into Azure: ${name}`, () => {
      const { root, text } = readPipelineFile(join('infra', 'pipelines', name));
      assert.doesNotMatch(text, /azureSubscription|ServiceConnection|environment:/);
      for (const step of mappingsIn(root)) assert.doesNotMatch(scriptOf(step), /[\n;|&]/);
      for (const { task } of mappingsIn(root)) {
        if (typeof task === 'string') assert.match(task, /@\d+$/);
      }
    });
  }

  it('run actions of GitHub by their hash, with the rights of one job', () => {
    const folder = join(projectRoot, '.github', 'workflows');
    for (const name of readdirSync(folder)) {
      const root: unknown = parse(readFileSync(join(folder, name), 'utf8'));
      assert.deepEqual(mappingsIn(root)[0]?.['permissions'], {}, name);
      const actions = mappingsIn(root).flatMap(({ uses }) => (typeof uses === 'string' ? [uses] : []));
      assert.ok(actions.length > 0);
      for (const action of actions) assert.match(action, /@[0-9a-f]{40}$/);
    }
  });
});
