import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { summarySchema } from '../../shared/records/summary.js';
import { projectRoot } from '../local/migrations.js';

const page = readFileSync(join(projectRoot, 'docs', 'errors.md'), 'utf8');

function sources(folder: string): string[] {
  return (
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      // The app never deploys: what fails there is read by the person at the console.
      .filter((entry) => !relative(projectRoot, entry.parentPath).startsWith(join('shared', 'deployment')))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  );
}

test('docs/errors.md explains every error that leaves the code, and every end of a run but the good one', () => {
  const classes = sources(join(projectRoot, 'shared')).flatMap((source) =>
    [...source.matchAll(/export class (\w+Error) extends Error/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(classes.length > 5);
  const ends = summarySchema.shape.status.options.filter((status) => status !== 'completed');
  for (const name of [...classes, ...ends]) {
    // `NotSentError` is caught where it is thrown.
    if (name !== 'NotSentError') assert.ok(page.includes(`\`${name}\``), name);
  }
});
