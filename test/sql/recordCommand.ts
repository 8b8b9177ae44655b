import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordAll } from './recording.js';

const usage = `Usage: npm run sql -- FOLDER
Writes every batch that the app sends to SQL Server into FOLDER: statements.jsonl, one JSON a line with its name, its sql
and the types of its parameters, and schema.sql, the tables. No server is needed: its driver is played.
`;

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) {
    process.stderr.write(usage);
    return 1;
  }
  const { batches, schema } = await recordAll();
  await mkdir(folder, { recursive: true });
  const lines = batches.map((batch) => `${JSON.stringify(batch)}\n`);
  await writeFile(join(folder, 'statements.jsonl'), lines.join(''));
  await writeFile(join(folder, 'schema.sql'), `${schema}\n`);
  process.stdout.write(`${String(batches.length)} batches in ${folder}\n`);
  return 0;
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
