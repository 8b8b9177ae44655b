import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { issue } from '../../shared/commands/pipelineLog.ts';
import { listAt, textAt, valueAt } from './json.ts';
import { start } from './start.ts';

const usage = `Usage: node infra/pipelines/auditPackages.ts [--exceptions FILE] [--today yyyy-MM-dd]
Asks the registry for known vulnerabilities (npm audit) of the packages that are deployed. One that is high or critical
stops the build, unless a person has recorded an exception that has not expired.
  --exceptions  the recorded exceptions (infra/pipelines/audit-exceptions.json)
  --today       the date of today, for tests
Exit codes: 0 nothing stops the build, 1 something does, or we cannot tell.
`;

/** Longer than any remedy should take; a person who needs more writes down a new reason. */
const mostDays = 90;
const grave: readonly string[] = ['high', 'critical'];
/** The exception for a registry of the council's own that answers no audits. */
const noAudit = 'registry-answers-no-audits';

interface Advisory {
  readonly id: string;
  readonly packageName: string;
  readonly severity: string;
  readonly title: string;
}

interface Exception {
  readonly advisory: string;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recorded: string;
  readonly until: string;
}

async function auditPackages(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      exceptions: { type: 'string', default: 'infra/pipelines/audit-exceptions.json' },
      today: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    },
  });
  if (!isDate(values.today)) {
    process.stderr.write(usage);
    return 1;
  }
  const exceptions = await readExceptions(values.exceptions);
  const problems = exceptions.flatMap((exception) => problemsOf(exception, values.today));
  const holding = exceptions.filter(({ until }) => until >= values.today);
  const audit = await askRegistry();
  const found: readonly Advisory[] =
    typeof audit === 'string'
      ? [{ id: noAudit, packageName: 'the registry', severity: 'high', title: audit }]
      : audit;
  for (const { id, packageName, severity, title } of found) {
    const text = `${packageName}: ${id} (${severity}) ${title}`;
    const exception = holding.find(({ advisory }) => advisory === id);
    if (!grave.includes(severity)) write(issue('warning', text));
    else if (exception === undefined)
      problems.push(
        `${text}. ${id === noAudit ? 'Let the build reach a registry that answers' : 'Take the release of the package that fixes it'}, or record an exception (docs/supply-chain.md).`,
      );
    else
      write(
        issue(
          'warning',
          `${text}: until ${exception.until} by ${exception.recordedBy}, because ${exception.reason}`,
        ),
      );
  }
  for (const { advisory } of holding.filter((each) => !found.some(({ id }) => id === each.advisory))) {
    write(issue('warning', `The exception for ${advisory} is no longer needed: remove it.`));
  }
  for (const problem of problems) write(issue('error', problem));
  write(`${found.length} advisories. ${problems.length} advisories or exceptions stop the build.\n`);
  return problems.length === 0 ? 0 : 1;
}

function problemsOf({ advisory, recorded, until }: Exception, today: string): string[] {
  const days = (Date.parse(until) - Date.parse(recorded)) / 86_400_000;
  if (until < today)
    return [
      `The exception for ${advisory} has expired on ${until}: look again, and remove it or record a new one.`,
    ];
  if (recorded > today)
    return [`The exception for ${advisory} is recorded for a day that is still to come (${recorded}).`];
  if (days > mostDays)
    return [`The exception for ${advisory} is for ${days} days; ${mostDays} are the most.`];
  return [];
}

async function readExceptions(file: string): Promise<Exception[]> {
  const list: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(list)) throw new Error(`${file} is not a list of exceptions.`);
  return list.map((item: unknown) => {
    const exception = {
      advisory: textAt(item, 'advisory'),
      reason: textAt(item, 'reason'),
      recordedBy: textAt(item, 'recordedBy'),
      recorded: textAt(item, 'recorded'),
      until: textAt(item, 'until'),
    };
    const isWhole = Object.values(exception).every((text) => text.trim() !== '');
    if (!isWhole || !isDate(exception.recorded) || !isDate(exception.until)) {
      throw new Error(
        `An exception in ${file} needs advisory, reason, recordedBy, recorded and until, the last two as yyyy-MM-dd: ${JSON.stringify(item)}`,
      );
    }
    return exception;
  });
}

/** @returns the advisories, or why there is no answer */
async function askRegistry(): Promise<readonly Advisory[] | string> {
  const words = ['audit', '--omit=dev', '--omit=optional', '--json'];
  const text = await new Promise<string>((resolve) => {
    // It ends with 1 where it finds something.
    execFile('npm', words, { maxBuffer: 100_000_000 }, (_error, stdout) => {
      resolve(stdout);
    });
  });
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return 'the answer of npm audit cannot be read';
  }
  const packages = valueAt(report, 'vulnerabilities');
  if (typeof packages !== 'object' || packages === null) {
    return `npm audit does not answer: ${textAt(report, 'message') || 'it gave no reason'}`;
  }
  const found = new Map<string, Advisory>();
  for (const each of Object.values(packages)) {
    // A text is the name of the package that it comes by, which is listed itself.
    for (const advisory of listAt(each, 'via')) {
      const url = textAt(advisory, 'url');
      if (url === '') continue;
      const id = url.split('/').at(-1) ?? url;
      const packageName = textAt(advisory, 'name');
      found.set(`${id} ${packageName}`, {
        id,
        packageName,
        severity: textAt(advisory, 'severity'),
        title: textAt(advisory, 'title'),
      });
    }
  }
  return [...found.values()];
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function write(text: string): void {
  process.stdout.write(text);
}

start(auditPackages);
