import { inspect, parseArgs } from 'node:util';
import { z } from 'zod';
import { readSsdFolder } from '../../infra/syntheticSsd/jsonLines.js';
import { printed, type Audit } from './auditor.js';
import { AuditedRuns } from './auditedRun.js';
import { dirtySsd, secondNight } from './dirty/dirtySsd.js';
import { cmsNames, type Cms } from './input.js';
import { ssdOfFolder } from './loadAudited.js';

const usage = `npm run audit -- OPTIONS

  --ssd DIR          audit a run over the JSON-lines files of a folder (may be given several times)
  --cms NAME         the case management system: systemc, mosaic, eclipse (the folder's manifest.json)
  --today DATE       the date of the run, yyyy-MM-dd (the folder's manifest.json)
  --dirty N          audit runs over N generated dirty SSDs
  --seed S           the first of their seeds, a whole number (1)
  --nights N         1 or 2 runs over each dirty SSD; the second after values have become unreadable (1)
  --show N           how many entries of each list are printed (40)
  --totals           print the totals alone`;

const optionsSchema = z.object({
  ssd: z.array(z.string()).default([]),
  cms: z.enum(cmsNames).optional(),
  today: z.iso.date().optional(),
  dirty: z.coerce.number().int().min(0).default(0),
  seed: z.coerce.number().int().default(1),
  nights: z.coerce.number().int().min(1).max(2).default(1),
  show: z.coerce.number().int().min(0).default(40),
  totals: z.boolean().default(false),
  help: z.boolean().default(false),
});

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ssd: { type: 'string', multiple: true },
      cms: { type: 'string' },
      today: { type: 'string' },
      dirty: { type: 'string' },
      seed: { type: 'string' },
      nights: { type: 'string' },
      show: { type: 'string' },
      totals: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const options = optionsSchema.parse(values);
  if (options.help || (options.ssd.length === 0 && options.dirty === 0)) {
    print(usage);
    return options.help ? 0 : 2;
  }
  const total = new Totals();
  const runs = await AuditedRuns.start();
  const report = (name: string, result: Audit) => {
    total.add(name, result);
    print(`${name}\n${printed(result, options.totals ? 0 : options.show)}`);
  };
  try {
    for (const directory of options.ssd) {
      const folder = await readSsdFolder(directory);
      const cms: Cms = options.cms ?? folder.system;
      const today = options.today ?? folder.today;
      if (today === undefined) throw new Error(`${directory}: give --today, since manifest.json has no date`);
      const ssd = await ssdOfFolder(folder, cms);
      await attempt(directory, total, async () => {
        report(directory, (await runs.firstNight(ssd, today)).audit);
      });
    }
    for (let seed = options.seed; seed < options.seed + options.dirty; seed += 1) {
      const { ssd, today, faults } = dirtySsd(seed);
      const name = `dirty ${String(seed)} (${ssd.cms}: ${faults.join(', ')})`;
      await attempt(name, total, async () => {
        if (options.nights === 1) {
          report(name, (await runs.firstNight(ssd, today)).audit);
          return;
        }
        const { first, second } = await runs.twoNights(ssd, secondNight(ssd, seed), today);
        report(name, first);
        report(`${name}, second night`, second);
      });
    }
  } finally {
    await runs.stop();
  }
  print(total.text());
  return total.isClean ? 0 : 1;
}

/** A run that fails is a result too: one bad cell must not end a run. */
async function attempt(name: string, total: Totals, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    total.failed.push(name);
    print(
      `${name}\n  FAILED ${error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : String(error)}`,
    );
  }
}

class Totals {
  readonly failed: string[] = [];
  #audits = 0;
  #rows = 0;
  #sent = 0;
  #named = 0;
  #counted = 0;
  #silentRows = 0;
  #silentValues = 0;
  #falsities = 0;
  #counts = 0;
  readonly #kinds = new Map<string, number>();

  add(_name: string, result: Audit): void {
    this.#audits += 1;
    this.#rows += result.rows;
    this.#sent += result.sent;
    this.#named += result.named;
    this.#counted += result.counted;
    for (const { kind, table, column, why } of result.unexplained) {
      if (kind === 'row') this.#silentRows += 1;
      else this.#silentValues += 1;
      this.#kind(kind === 'row' ? `SILENT row ${table}: ${why}` : `SILENT value ${table}.${column ?? ''}`);
    }
    for (const { at, what } of result.falsities) {
      this.#falsities += 1;
      this.#kind(
        `FALSE ${at.replace(/\[[^\]]*\]+/g, '').replace(/^finding (\S+) (\S+) .*$/, 'finding $1 $2')}: ${what
          .replace(/ (?:"[^"]*"|[A-Z0-9]{1,5})(?= (?:is guessed|comes from nowhere))/, '')
          .replace(/["{(;].*$/, '')
          .replace(/(child|id) \S+/g, '$1')
          .slice(0, 70)}`,
      );
    }
    this.#counts += result.countDifferences.length;
    for (const { table, rule } of result.countDifferences) this.#kind(`COUNT ${table} ${rule}`);
  }

  get isClean(): boolean {
    return this.#silentRows + this.#silentValues + this.#falsities + this.#counts + this.failed.length === 0;
  }

  text(): string {
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b - a);
    return [
      '',
      'By kind:',
      ...kinds.map(([kind, count]) => `${String(count).padStart(6)}  ${kind}`),
      '',
      `${String(this.#audits)} runs audited, ${String(this.failed.length)} runs failed`,
      `${String(this.#rows)} rows: ${String(this.#sent)} sent, ${String(this.#named)} named by a finding, ${String(this.#counted)} counted out of scope, ${String(this.#silentRows)} unexplained`,
      `${String(this.#silentValues)} values of sent rows unexplained, ${String(this.#falsities)} falsities, ${String(this.#counts)} counts that differ`,
    ].join('\n');
  }

  #kind(kind: string): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : inspect(error)}\n`);
    process.exitCode = 2;
  },
);
