import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { departuresOf } from '../../infra/tools/docs/reference/attributePage.js';
import { payloadFields } from '../../infra/tools/docs/reference/payloadFields.js';
import { referencePages } from '../../infra/tools/docs/reference/referencePages.js';
import { settingsOf } from '../../infra/tools/docs/reference/ssdSection.js';
import { attributes } from '../../shared/child/attributes/attributes.js';
import { codeListsByYear } from '../../shared/child/codes/codeLists.js';
import { allRules } from '../../shared/child/rules/catalogue.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { columnsOf, knownTables } from '../../shared/ssd/tables.js';
import { projectRoot } from '../local/migrations.js';

const docs = join(projectRoot, 'docs');
const fields = payloadFields();
const pages = referencePages();

function pageOf(path: string): string {
  return pages.get(`${path}.md`) ?? '';
}

describe('docs/reference/', () => {
  test('has the pages that are made from the code, and no others (npm run docs writes them)', () => {
    const folder = join(docs, 'reference');
    assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort());
    for (const [name, page] of pages) assert.equal(readFileSync(join(folder, name), 'utf8'), page, name);
  });

  test('has one page for each attribute of the payload, and the index leads to it', () => {
    assert.deepEqual(
      fields.map(({ path }) => path),
      Object.keys(attributes),
    );
    for (const { path } of fields) assert.ok(pages.get('README.md')?.includes(`](${path}.md) |`), path);
  });

  test('has each number of the list of DfE once, except that of the council', () => {
    const numbers = Object.values(attributes).flatMap(({ number }) => number ?? []);
    assert.deepEqual(
      numbers.sort((one, other) => one - other),
      Array.from({ length: 54 }, (_, index) => index + 2),
    );
  });

  test('says what is sent of every column that is read, except a team and a worker that findings name', () => {
    const columns = knownTables.flatMap((table) => columnsOf(table).map((column) => `${table}.${column}`));
    const missing = columns.filter((column) => !pages.get('README.md')?.includes(`\`${column}\``));
    assert.deepEqual(
      missing.filter((column) => !/_(team|worker_id)$/.test(column)),
      [],
    );
  });

  test('names only settings and departures that are there', () => {
    const departures = readFileSync(join(docs, 'departures-from-d2i.md'), 'utf8');
    for (const field of fields) {
      for (const name of settingsOf(field)) assert.ok(name in settingsSchema.shape, `${field.path}: ${name}`);
      for (const matter of departuresOf(field)) {
        assert.ok(departures.includes(`\n| ${matter} |`), `${field.path}: ${matter}`);
      }
    }
  });

  test('has every code of every year, with its last day', () => {
    for (const { path, codeList } of fields) {
      if (codeList === undefined) continue;
      for (const lists of codeListsByYear) {
        for (const code of lists[codeList]) assert.ok(pageOf(path).includes(`\n| \`${code}\` |`), code);
        for (const [code, { lastDay }] of lists.retired[codeList] ?? []) {
          assert.match(pageOf(path), new RegExp(`\n\\| \`${code}\` \\|.* ${lastDay} `));
        }
      }
    }
  });

  test('names the rule of a return on the page of each attribute that it may ask about', () => {
    for (const { code, columns, published } of allRules) {
      for (const [path, attribute] of Object.entries(attributes)) {
        if (!attribute.columns.some((column: string) => columns.some((one) => one === column))) continue;
        for (const { number } of published)
          assert.ok(pageOf(path).includes(` ${number}`), `${code} on ${path}`);
      }
    }
  });

  test('says what differs between case management systems', () => {
    assert.match(
      pageOf('social_care_episodes.child_in_need_plans'),
      /\| Mosaic \| `ssd_cin_plans\.cin_plan_id` \|/,
    );
    assert.match(
      pageOf('social_care_episodes.referral_source'),
      /\| SystemC \| only `ssd_cin_episodes\.cine_referral_source_desc` \|/,
    );
  });
});
