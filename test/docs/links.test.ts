import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../local/migrations.js';

const pages = globSync(['*.md', '{docs,infra,profiles}/**/*.md'], { cwd: projectRoot });

/** Without blocks of code, in which brackets and signs mean something else. */
function proseOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8').replace(/^```.*?^```/gms, '');
}

/** What a page links in this project. */
function targetsOf(page: string): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors of a page's headings, as GitHub and Azure DevOps make them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let again = 1; anchors.has(unique); again += 1) unique = `${anchor}-${String(again)}`;
    anchors.add(unique);
  }
  return anchors;
}

function isBroken(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(projectRoot, file))) return true;
  return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor);
}

test('every link in the docs leads to a file, and to a heading, that exists', () => {
  const links = pages.flatMap((page) => targetsOf(page).map((target) => ({ page, target })));
  assert.ok(links.length > 100);
  const broken = links.filter(({ page, target }) => isBroken(page, target));
  assert.deepEqual(
    broken.map(({ page, target }) => `${page}: ${target}`),
    [],
  );
});
