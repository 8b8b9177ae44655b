import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SsdEntry } from '../../../infra/syntheticSsd/columns.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { readSsdFolder, SsdFolderError, writeSsdFolder } from '../../../infra/syntheticSsd/jsonLines.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssd-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(join(folder, file), content);
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SsdFolderError, 'an SsdFolderError was expected');
  return error.message;
}

async function failureOfPersons(content: string | Uint8Array): Promise<string> {
  await write('ssd_person.jsonl', content);
  return await failureOf(collect((await readSsdFolder(folder)).entries()));
}

const aPerson = '{"pers_person_id":"1","pers_forename":"Zoë"}';

describe('a folder of JSON lines', () => {
  it('gives back the SSD that was written, with its day', async () => {
    const ssd = generateSsd({ children: 50, seed: 'folder', today: '2026-08-11' });
    await writeSsdFolder(folder, ssd);
    const read = await readSsdFolder(folder);
    assert.equal(read.today, '2026-08-11');
    assert.equal(read.system, 'systemc');
    for (const table of ['ssd_person', 'ssd_cla_placement', 'ssd_immigration_status'] as const) {
      assert.deepEqual(await collect(read.rows(table)), [...ssd.rows(table)]);
    }
    const entries: SsdEntry[] = await collect(read.entries());
    assert.equal(entries.length, [...ssd.entries()].length);
  });

  it('may lack every table but ssd_person, and have other files', async () => {
    await write('ssd_person.jsonl', `${aPerson}\n`);
    await write('truth.jsonl', 'anything at all');
    const read = await readSsdFolder(folder);
    assert.equal(read.today, undefined);
    assert.deepEqual(await collect(read.rows('ssd_cin_plans')), []);
    assert.deepEqual(await collect(read.entries()), [
      { table: 'ssd_person', row: { pers_person_id: '1', pers_forename: 'Zoë' } },
    ]);
  });

  it('without ssd_person is an error, and so is a folder that is not there', async () => {
    await write('ssd_address.jsonl', '');
    assert.match(await failureOf(readSsdFolder(folder)), /there is no ssd_person\.jsonl/);
    assert.match(
      await failureOf(readSsdFolder(join(folder, 'nowhere'))),
      /nowhere: the folder cannot be read/,
    );
  });

  it('with a file of an unknown table is an error that names the file', async () => {
    await write('ssd_person.jsonl', aPerson);
    await write('ssd_persons.jsonl', aPerson);
    assert.match(
      await failureOf(readSsdFolder(folder)),
      /ssd_persons\.jsonl: there is no SSD table ssd_persons/,
    );
  });

  it('names file and line of a line that is not JSON, and none of its text', async () => {
    const message = await failureOfPersons(`${aPerson}\n${aPerson}\n{"pers_forename":"Secret\n`);
    assert.match(message, /ssd_person\.jsonl:3: not JSON$/);
    assert.doesNotMatch(message, /Secret/);
  });

  it('names file, line and column of an unknown column', async () => {
    assert.match(
      await failureOfPersons(`${aPerson}\n{"pers_first_name":"Secret"}`),
      /ssd_person\.jsonl:2: ssd_person has no column "pers_first_name" in systemc$/,
    );
  });

  it('names file and line of a line that is not a row, or not UTF-8', async () => {
    assert.match(await failureOfPersons('["a"]\n'), /ssd_person\.jsonl:1: not a row/);
    assert.match(await failureOfPersons('{"pers_dob":{"year":2020}}\n'), /ssd_person\.jsonl:1: not a row/);
    assert.match(
      await failureOfPersons(Buffer.from([0x22, 0xff, 0x22, 0x0a])),
      /ssd_person\.jsonl:1: not UTF-8/,
    );
  });

  it('may have Windows line ends, empty lines, no last line end, and U+2028 inside a text', async () => {
    await write('ssd_person.jsonl', `${aPerson}\r\n\n{"pers_person_id":"2","pers_forename":"a\u2028b"}`);
    const read = await readSsdFolder(folder);
    assert.deepEqual(await collect(read.rows('ssd_person')), [
      { pers_person_id: '1', pers_forename: 'Zoë' },
      { pers_person_id: '2', pers_forename: 'a\u2028b' },
    ]);
  });

  it('may have lines and files longer than one read', async () => {
    const long = 'ü'.repeat(200_000);
    const lines = [1, 2, 3].map((id) => JSON.stringify({ pers_person_id: String(id), pers_forename: long }));
    await write('ssd_person.jsonl', lines.join('\n'));
    const rows = await collect((await readSsdFolder(folder)).rows('ssd_person'));
    assert.deepEqual(
      rows.map((row) => row['pers_forename'] === long),
      [true, true, true],
    );
  });

  it('has the columns of the system that its manifest names', async () => {
    await write('manifest.json', '{"cms":"mosaic","today":"2026-01-01"}');
    await write('ssd_person.jsonl', aPerson);
    await write('ssd_cin_plans.jsonl', '{"cin_plan_id":"1"}\n{"cinp_cin_plan_id":"1"}\n');
    const read = await readSsdFolder(folder);
    assert.equal(read.system, 'mosaic');
    assert.match(
      await failureOf(collect(read.rows('ssd_cin_plans'))),
      /ssd_cin_plans\.jsonl:2: ssd_cin_plans has no column "cinp_cin_plan_id" in mosaic$/,
    );
  });

  it('with an unreadable manifest is an error that says what it should hold', async () => {
    await write('ssd_person.jsonl', aPerson);
    await write('manifest.json', '{"today":"11/08/2026"}');
    assert.match(await failureOf(readSsdFolder(folder)), /manifest\.json: "today" must be a date/);
  });

  it('is written with a file for every table and the row counts', async () => {
    await writeSsdFolder(folder, { entries: () => [{ table: 'ssd_person', row: { pers_person_id: '1' } }] });
    assert.equal(await readFile(join(folder, 'ssd_person.jsonl'), 'utf8'), '{"pers_person_id":"1"}\n');
    assert.equal(await readFile(join(folder, 'ssd_permanence.jsonl'), 'utf8'), '');
    assert.match(await readFile(join(folder, 'manifest.json'), 'utf8'), /"ssd_person": 1/);
  });
});
