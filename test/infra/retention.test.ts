import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import { at, itCompiled, itemsAt, predicted } from './predicted.js';

/** Written over again and again, so it does not grow with the years and has no period. */
const kept = ['preflight.json', 'receivers/', 'turn.json'];

/** Numbers that show which parameter a period comes from. */
const periods = { runsRetentionDays: 101, ledgerRetentionDays: 202, versionRetentionDays: 303 };

/** The period of a rule, and the beginnings of the names it is for. */
async function rules(): Promise<{ period: unknown; prefixes: string[] }[]> {
  const [policy] = (await predicted('prod', periods)).of(
    'Microsoft.Storage/storageAccounts/managementPolicies',
  );
  return itemsAt(policy, 'properties.policy.rules').map((rule) => ({
    period:
      at(rule, 'definition.actions.baseBlob.delete.daysAfterModificationGreaterThan') ??
      at(rule, 'definition.actions.version.delete.daysAfterCreationGreaterThan'),
    prefixes: itemsAt(rule, 'definition.filters.prefixMatch').map(String),
  }));
}

/** The folder, or the whole name, at the beginning of a literal. Inside the folder of a run it is given to `nameIn`, or called `folder`. */
const nameOfBlob =
  /(?<!(?:nameIn|nameOf)\([\w.]+, |(?:ofRun|ofChunk)\(|const folder = )['"`]([a-z][a-z-]*(?:\.json(?=['"`])|\/(?=['"`]|\$\{|[^\s'"`]*\.json)))/g;

/** What writes a blob, or defines a record that is written. */
const writes = /\b(blobs|ledger)\.(create|write|replace)\(|[^.]\brecord\(/;

/** What names a blob in the folder of a run, or takes its name from elsewhere. */
const namesNone = /\b(nameIn|ofRun|ofChunk|nameOf|findingsFolder|chunkName)\(|\bname\b/;

/** How names begin in code that writes blobs, by its file. */
function namesWritten(): Map<string, { readonly names: readonly string[]; readonly isOfRun: boolean }> {
  const found = new Map<string, { readonly names: readonly string[]; readonly isOfRun: boolean }>();
  for (const folder of ['shared', 'functions']) {
    for (const file of readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file)) continue;
      const text = readFileSync(join(projectRoot, folder, file), 'utf8').replace(
        /\/\*[^]*?\*\/|^ *\/\/.*$/gm,
        '',
      );
      if (!writes.test(text)) continue;
      found.set(join(folder, file), {
        names: [...text.matchAll(nameOfBlob)].map(([, name = '']) => name),
        isOfRun: namesNone.test(text),
      });
    }
  }
  return found;
}

describe('what the app writes into the container of the runs', () => {
  itCompiled('goes after the periods that are parameters', async () => {
    assert.deepEqual(await rules(), [
      { period: periods.runsRetentionDays, prefixes: ['csc-runs/runs/'] },
      {
        period: periods.ledgerRetentionDays,
        prefixes: ['csc-ledger/', 'csc-runs/ledger/', 'csc-runs/preflights/', 'csc-runs/downloads/'],
      },
      { period: 800, prefixes: ['csc-runs/rehearsals/'] },
      { period: periods.versionRetentionDays, prefixes: ['csc-runs/', 'csc-ledger/'] },
    ]);
  });

  itCompiled('has a period, each folder of it, or is named as kept', async () => {
    const covered = (await rules())
      .filter(({ period }) => period !== periods.versionRetentionDays)
      .flatMap(({ prefixes }) => prefixes)
      .flatMap((prefix) => /^csc-runs\/(.+)$/.exec(prefix)?.[1] ?? []);
    const written = namesWritten();
    for (const [file, { names, isOfRun }] of written) assert.ok(names.length > 0 || isOfRun, file);
    assert.deepEqual(
      [...new Set([...written.values()].flatMap(({ names }) => names))].sort(),
      [...covered, ...kept].sort(),
    );
  });

  it('is said to be kept, where it is, next to the periods and in the security pack', () => {
    for (const page of ['infra/modules/results-storage.bicep', 'docs/security/retention-and-erasure.md']) {
      const text = readFileSync(join(projectRoot, page), 'utf8');
      for (const name of kept) assert.ok(text.includes(name), `${name} in ${page}`);
    }
  });
});
