import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isTableName, tableNames, type SsdEntry, type SsdRow, type TableName } from './columns.js';
import { systems, tableLayout, type System } from './layout.js';

/** A folder cannot be read as an SSD. The message names file and line, never a value. */
export class SsdFolderError extends Error {
  override readonly name = 'SsdFolderError';
}

/** An SSD in a folder; its files are opened when rows are asked for, and read line by line. */
export interface SsdFolder {
  /** The day of the SSD, when `manifest.json` says it. */
  readonly today: string | undefined;
  /** Whose columns the files have: `manifest.json` says it (`cms`), else SystemC's. */
  readonly system: System;
  /**
   * The rows of one table, none when the table has no file.
   * @throws SsdFolderError at the first line that is not one row of this table
   */
  rows(table: TableName): AsyncGenerator<SsdRow>;
  /** The rows of all tables, table after table. */
  entries(): AsyncGenerator<SsdEntry>;
}

const manifestSchema = z.object({ today: z.iso.date().optional(), cms: z.enum(systems).optional() });

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const tableFile = /^(ssd_.*)\.jsonl$/;

/**
 * Reads a folder that holds one `<table>.jsonl` for each table, a JSON object a line. Other files are left alone.
 * @throws SsdFolderError when there is no `ssd_person.jsonl`, when a file `ssd_*.jsonl` is not of an SSD table, or
 * when `manifest.json` is there and unreadable
 */
export async function readSsdFolder(directory: string): Promise<SsdFolder> {
  const files = await filesIn(directory);
  const tables = new Set<TableName>();
  for (const file of files) {
    const table = tableFile.exec(file)?.[1];
    if (table === undefined) continue;
    if (!isTableName(table))
      throw new SsdFolderError(`${join(directory, file)}: there is no SSD table ${table}`);
    tables.add(table);
  }
  if (!tables.has('ssd_person')) {
    throw new SsdFolderError(`${directory}: there is no ssd_person.jsonl, so this is not an SSD`);
  }
  const manifest = files.includes('manifest.json')
    ? await readManifest(join(directory, 'manifest.json'))
    : {};
  const system = manifest.cms ?? 'systemc';

  async function* rows(table: TableName): AsyncGenerator<SsdRow> {
    if (!tables.has(table)) return;
    yield* rowsOfFile(join(directory, `${table}.jsonl`), table, system);
  }

  return {
    today: manifest.today,
    system,
    rows,
    async *entries() {
      for (const table of tableNames) for await (const row of rows(table)) yield { table, row };
    },
  };
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw new SsdFolderError(`${directory}: the folder cannot be read`, { cause: error });
  }
}

async function readManifest(file: string): Promise<z.output<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new SsdFolderError(`${file}: "today" must be a date and "cms" one of ${systems.join(', ')}`, {
      cause: error,
    });
  }
}

async function* rowsOfFile(file: string, table: TableName, system: System): AsyncGenerator<SsdRow> {
  const columns = new Set(tableLayout(table, system).columns.map((column) => column.name));
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const at = `${file}:${number}`;
    const text = decoded(line, at);
    if (text.trim() === '') continue;
    const row = rowSchema.safeParse(parsed(text, at));
    if (!row.success) {
      throw new SsdFolderError(`${at}: not a row; it must be an object of texts, numbers and nulls`);
    }
    for (const column of Object.keys(row.data)) {
      if (!columns.has(column)) {
        throw new SsdFolderError(`${at}: ${table} has no column "${column}" in ${system}`);
      }
    }
    yield row.data;
  }
}

/**
 * The lines of a file as bytes. Only LF ends a line: Node's own line reader also stops at U+2028 and U+2029, which
 * be unescaped inside JSON text.
 */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = createReadStream(file);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) yield rest;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(line: Buffer, at: string): string {
  try {
    return utf8.decode(line);
  } catch {
    throw new SsdFolderError(`${at}: not UTF-8`);
  }
}

/** Leaves out what JSON.parse says, because it quotes the line. */
function parsed(text: string, at: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SsdFolderError(`${at}: not JSON`);
  }
}

/** What `writeSsdFolder` writes; a `SyntheticSsd` and an `SsdFolder` are both such a thing. */
interface SsdToWrite {
  readonly today?: string | undefined;
  readonly system?: System;
  entries(): AsyncIterable<SsdEntry> | Iterable<SsdEntry>;
}

const flushAt = 1 << 20;

/**
 * Writes an SSD as `readSsdFolder` reads it: a file for every table, also for an empty one, over what was there, and
 * `manifest.json` with `today`, `cms` and the row counts.
 */
export async function writeSsdFolder(directory: string, ssd: SsdToWrite): Promise<void> {
  await mkdir(directory, { recursive: true });
  const files = new Map<TableName, FileHandle>();
  try {
    for (const table of tableNames) files.set(table, await open(join(directory, `${table}.jsonl`), 'w'));
    const counts = await writeEntries(files, ssd);
    const manifest = { today: ssd.today, cms: ssd.system ?? 'systemc', counts: Object.fromEntries(counts) };
    await writeFile(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  } finally {
    for (const file of files.values()) await file.close();
  }
}

async function writeEntries(
  files: ReadonlyMap<TableName, FileHandle>,
  ssd: SsdToWrite,
): Promise<Map<TableName, number>> {
  const waiting = new Map<TableName, string>();
  const counts = new Map<TableName, number>(tableNames.map((table) => [table, 0]));
  for await (const { table, row } of ssd.entries()) {
    counts.set(table, (counts.get(table) ?? 0) + 1);
    const text = `${waiting.get(table) ?? ''}${JSON.stringify(row)}\n`;
    if (text.length < flushAt) {
      waiting.set(table, text);
    } else {
      await files.get(table)?.write(text);
      waiting.delete(table);
    }
  }
  for (const [table, text] of waiting) await files.get(table)?.write(text);
  return counts;
}
