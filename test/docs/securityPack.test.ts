import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from '../local/migrations.js';

interface Link {
  readonly page: string;
  readonly target: string;
}

const pages = [
  'README.md',
  'SECURITY.md',
  ...readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

function textOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8');
}

/** Without blocks of code, in which brackets and signs mean something else. */
function proseOf(page: string): string {
  return textOf(page).replace(/^```.*?^```/gms, '');
}

/** What a page links in this project. */
function linksOf(page: string): Link[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target)).map((target) => ({ page, target }));
}

/** The anchors of a page's headings, as GitHub and Azure DevOps make them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let again = 1; anchors.has(unique); again += 1) unique = `${anchor}-${String(again)}`;
    anchors.add(unique);
  }
  return anchors;
}

function isBroken({ page, target }: Link): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (relative('.', file).startsWith('..') || !existsSync(join(projectRoot, file))) return true;
  return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor);
}

describe('the documentation', () => {
  test('links only what is there', () => {
    const links = pages.flatMap(linksOf);
    assert.ok(links.length > 100);
    const broken = links.filter(isBroken).map(({ page, target }) => `${page}: ${target}`);
    assert.deepEqual(broken, []);
  });
});

describe('the security pack', () => {
  test('names only periods that are parameters of the deployment', () => {
    const bicep = textOf(join('infra', 'main.bicep'));
    const named = pages
      .filter((page) => page.startsWith(join('docs', 'security')))
      .flatMap((page) => [...textOf(page).matchAll(/`(\w+Days)`/g)].map(([, name = '']) => name));
    const unknown = [...new Set(named)].filter((name) => !bicep.includes(`\nparam ${name} int`));
    assert.ok(named.length > 10);
    assert.deepEqual(unknown, []);
  });

  test('says of each right that can be stolen what holds it, or that no test does', () => {
    const page = textOf(join('docs', 'security', 'threat-model.md'));
    const [, part = ''] = /### What each stolen right can do\n([^]*?)\n### /.exec(page) ?? [];
    const rows = part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    assert.ok(rows.length >= 10);
    for (const row of rows) assert.match(row, /\.test\.ts\)|no test: \w/, row);
  });
});
