import type { Preflight, PreflightCheck, PreflightCheckName } from './answer.js';
import { longMs, type Check, type CheckAnswer, type Opened } from './check.js';
import { checks } from './checks.js';
import { settings } from './checks/settings.js';
import type { PreflightDatabase, PreflightDfe, PreflightParts, Ssd } from './parts.js';
import { reasonOf } from './reasonOf.js';

/** What a preflight may do, and what its answer may say. */
interface Terms {
  /** A limit for each check, where its own is longer. */
  readonly longestMs?: number;
  /** Skips the checks that leave something behind. */
  readonly leavesNoTraces?: boolean;
  /** Leaves out values of rows: the answer goes to people outside the council. */
  readonly withoutValues?: boolean;
  /** What to check, with what each check needs; everything when absent. */
  readonly wanted?: readonly NamedCheck[];
}

/**
 * Checks everything that a run needs, without reading or sending a child. It never throws, and each check has a time
 * limit. A query that still runs when all checks have ended is cancelled.
 * @param partsOf throws SettingsError, ProfileError or RulesFileError when the settings are wrong
 */
export async function preflight(partsOf: () => PreflightParts, terms: Terms = {}): Promise<Preflight> {
  const answers = await answersOf(partsOf, terms);
  const outcomes = new Set(answers.map(({ outcome }) => outcome));
  return {
    outcome: outcomes.has('fail') ? 'fail' : outcomes.has('warn') ? 'warn' : 'pass',
    checks: answers,
  };
}

async function answersOf(partsOf: () => PreflightParts, terms: Terms): Promise<PreflightCheck[]> {
  const wanted: readonly NamedCheck[] = terms.wanted ?? checks;
  let parts: PreflightParts;
  try {
    parts = partsOf();
  } catch (error) {
    return wanted.map((check) =>
      check === settings
        ? { check: check.name, ...failed(check, error) }
        : skipped(check.name, settings.name),
    );
  }
  const { opened, close } = opening(parts);
  const begun = new Map<Check, Promise<PreflightCheck>>();
  const begin = (check: NamedCheck): Promise<PreflightCheck> => {
    const answer = answerOf(check, check.needs && begun.get(check.needs), opened, terms);
    begun.set(check, answer);
    return answer;
  };
  const answers = await Promise.all(wanted.map(begin));
  close();
  return answers;
}

type NamedCheck = Check & { readonly name: PreflightCheckName };

async function answerOf(
  check: NamedCheck,
  needed: Promise<PreflightCheck> | undefined,
  opened: Opened,
  { longestMs = longMs, leavesNoTraces = false, withoutValues = false }: Terms,
): Promise<PreflightCheck> {
  if (leavesNoTraces && check.leavesTraces === true) return notTried(check.name);
  const before = await needed;
  if (before?.outcome === 'fail' || before?.outcome === 'skipped') return skipped(check.name, before.check);
  const { values, ...answer } = await withinLimit(check, opened, Math.min(check.limitMs, longestMs));
  const found = values === undefined || withoutValues ? answer.found : `${answer.found}\n${values}`;
  return { check: check.name, ...answer, found };
}

function opening(parts: PreflightParts): { opened: Opened; close: () => void } {
  let dfe: PreflightDfe | undefined;
  let database: PreflightDatabase | undefined;
  let ssd: Ssd | undefined;
  const theDatabase = () => (database ??= parts.openDatabase()).get();
  return {
    opened: {
      ...parts,
      dfe: () => (dfe ??= parts.openDfe()),
      database: theDatabase,
      stagingDatabase: parts.stagingApart ?? theDatabase,
      ssd: async () => (ssd ??= parts.ssdOf(await theDatabase())),
    },
    close: () => {
      // An undici dispatcher closes when its last request has ended, which the answer need not wait for.
      for (const each of [dfe, database]) void each?.close().catch(() => undefined);
    },
  };
}

async function withinLimit(check: Check, opened: Opened, limitMs: number): Promise<CheckAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckAnswer>((resolve) => {
    timer = setTimeout(() => {
      const found = `No answer within ${String(limitMs / 1000)} seconds.`;
      resolve({ outcome: 'fail', found, remedy: check.remedy });
    }, limitMs);
  });
  // Begun in a promise, so that what throws at once is caught as well.
  const looked = Promise.resolve(opened)
    .then(check.look)
    .catch((error: unknown) => failed(check, error));
  try {
    return await Promise.race([looked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failed({ remedy }: Check, error: unknown): CheckAnswer {
  return { outcome: 'fail', found: reasonOf(error), remedy };
}

function skipped(check: PreflightCheckName, because: PreflightCheckName): PreflightCheck {
  return { check, outcome: 'skipped', found: `Not checked, because the check ${because} did not pass.` };
}

function notTried(check: PreflightCheckName): PreflightCheck {
  const found = 'Not checked, because it would leave something behind. A whole preflight checks it.';
  return { check, outcome: 'skipped', found };
}
