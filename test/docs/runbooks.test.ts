import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { at, itCompiled, predicted, textAt } from '../infra/predicted.js';
import { projectRoot } from '../local/migrations.js';

const folder = join(projectRoot, 'docs', 'runbooks');
const pages = new Map(
  readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const),
);

async function alerts() {
  const rules = (await predicted('prod')).of('Microsoft.Insights/scheduledQueryRules');
  return rules.map((rule) => ({
    name: rule.name.replace(/^alert-csc-prod-/, ''),
    title: textAt(rule, 'properties.displayName') ?? '',
    severity: String(at(rule, 'properties.severity')),
  }));
}

describe('runbooks', () => {
  itCompiled(
    'are one page for each alert, with the same name, because the alert links the page by name',
    async () => {
      const expected = (await alerts()).map(({ name }) => `${name}.md`).sort();
      assert.deepEqual([...pages.keys()].sort(), expected);
    },
  );

  itCompiled(
    'carry the title, name and severity of their alert, so that anyone who was woken knows that it is the right page',
    async () => {
      for (const { name, title, severity } of await alerts()) {
        const page = pages.get(`${name}.md`) ?? '';
        assert.ok(page.startsWith(`# ${title}\n\n**Alert \`${name}\`, severity ${severity}.** `), name);
      }
    },
  );

  it('say what happened to the data, how urgent it is, where to look, what to do, who to call and how it ends', () => {
    const parts = [
      "**The children's data.** ",
      '**How urgent.** ',
      '## First look\n',
      '## What to do\n',
      '## Who to call\n',
      '**It resolves itself** ',
    ];
    for (const [file, page] of pages) {
      const places = parts.map((part) => page.indexOf(`\n${part}`));
      assert.ok(!places.includes(-1), file);
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
        file,
      );
    }
  });
});
