import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { readAzureArguments } from '../../shared/commands/azure/azure.js';
import { grantCommand } from '../../shared/commands/grant.js';
import { migrateCommand } from '../../shared/commands/migrate.js';
import { profileCommand } from '../../shared/commands/profile.js';
import { projectRoot } from '../local/migrations.js';

const pages = new Map(
  globSync(['*.md', '{docs,infra,profiles}/**/*.md'], { cwd: projectRoot }).map((page) => [
    page,
    readFileSync(join(projectRoot, page), 'utf8'),
  ]),
);
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));

interface Typed {
  readonly page: string;
  readonly line: string;
  readonly script: string;
  /** As a shell gives them; what the reader has to fill in is `x`. */
  readonly args: string[];
}

/** Every `npm run` that a reader may paste, from blocks of commands and from the middle of a sentence. */
const typed: Typed[] = [...pages].flatMap(([page, text]) =>
  [...text.matchAll(/(?:^\s*|`)(npm run ([a-z][a-z:-]*)(?: ([^`\n]*))?)/gm)].map(
    ([, line = '', script = '', rest = '']) => {
      const words = rest.replace(/"\$\([^)]*\)"|<[^>]+>/g, 'x').split('#')[0] ?? '';
      const [separator, ...args] = [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
        ([, double, single, plain]) => double ?? single ?? plain ?? '',
      );
      return { page, line, script, args: separator === '--' ? args : [] };
    },
  ),
);

function of(script: string): Typed[] {
  const found = typed.filter((each) => each.script === script && each.args.length > 0);
  assert.ok(found.length > 0, script);
  return found;
}

describe('the commands in the docs', () => {
  it('are scripts of the project', () => {
    assert.ok(typed.length > 50);
    for (const { page, line, script } of typed) assert.ok(script in scripts, `${page}: ${line}`);
  });

  it('for Azure have a verb and options that it takes', () => {
    for (const { page, line, args } of of('azure')) {
      // A verb that is only named, in a sentence.
      const given = args.length === 1 ? [...args, '--help-is-not-asked'] : args;
      const read = readAzureArguments(given);
      if (args.length === 1)
        assert.ok(
          typeof read === 'string' && read.startsWith(`Usage: npm run azure -- ${args[0] ?? ''}`),
          `${page}: ${line}`,
        );
      else assert.notEqual(typeof read, 'string', `${page}: ${line}`);
    }
  });

  it('for the database have options that they take', async () => {
    const refuses = async (run: (write: (text: string) => void) => Promise<unknown>) => {
      let text = '';
      await run((more) => {
        text += more;
      });
      return text.startsWith('Usage');
    };
    for (const { page, line, args } of of('migrate')) {
      assert.equal(await refuses((write) => migrateCommand(args, {}, write)), false, `${page}: ${line}`);
    }
    for (const { page, line, args } of of('profile')) {
      assert.equal(await refuses((write) => profileCommand(args, {}, write)), false, `${page}: ${line}`);
    }
    for (const { page, line, args } of typed.filter(({ script }) => script === 'grant')) {
      if (args.length === 0) continue;
      assert.equal(await refuses((write) => grantCommand(args, {}, write)), false, `${page}: ${line}`);
    }
  });
});
