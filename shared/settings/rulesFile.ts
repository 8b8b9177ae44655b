import { normalize } from 'node:path';
import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { isFindingRule } from '../child/findingRules.js';
import { allRules, type RuleCode } from '../child/rules/catalogue.js';
import { ruleEffects, type ChangedRule } from '../child/rules/changedRules.js';
import { cohortRules } from '../child/rules/cohort.js';
import { nameOf } from '../child/rules/rule.js';
import { packageFolder, readJson, textIn, type ReadText } from '../host/packageFolder.js';
import { alike } from './alike.js';

/** The file of RULES_FILE is missing or wrong; the message names the file and each wrong place. */
export class RulesFileError extends Error {
  override readonly name = 'RulesFileError';
}

/**
 * The rules that the council has changed, by the file that RULES_FILE names; none without one. Its path starts at the folder of
 * the package.
 * @throws RulesFileError
 */
export function changedRulesOf(
  file: string | undefined,
  readText: ReadText = textIn(packageFolder),
): readonly ChangedRule[] {
  if (file === undefined) return [];
  const path = normalize(file);
  const content = readJson(path, readText, ({ is, why, cause }) =>
    is === 'unreadable'
      ? new RulesFileError(
          `The file ${path}, which RULES_FILE names, cannot be read${why}. ${nothingSent} Put it into the folder rules/ of the repository and deploy again, or correct the name (${help}).`,
          { cause },
        )
      : new RulesFileError(
          `The file ${path}, which RULES_FILE names, is not JSON${why}. ${nothingSent} Correct it and deploy again (${help}).`,
          { cause },
        ),
  );
  const read = fileSchema.safeParse(content);
  if (read.success) return read.data.rules;
  const names = namesIn(content);
  const problems = read.error.issues.map((issue) => `  ${placeOf(issue.path, names)}: ${issue.message}`);
  throw new RulesFileError(
    `The file ${path}, which RULES_FILE names, cannot be used. ${nothingSent}\n${problems.join('\n')}\nCorrect the file and deploy again (${help}).`,
  );
}

const help = 'docs/findings.md, "Change a rule"';
const nothingSent = 'Nothing was read and nothing was sent.';

const longestReason = 300;

/** Every name of a rule: its code, and its numbers in the returns. */
const rulesByName: ReadonlyMap<string, RuleCode> = new Map(
  allRules.flatMap(({ code, published }) =>
    [code, ...published.map(nameOf)].map((name): [string, RuleCode] => [keyOf(name), code]),
  ),
);
const allNames = allRules.flatMap(({ code, published }) => [code, ...published.map(nameOf)]);
const ofTheCohort: ReadonlySet<RuleCode> = new Set(cohortRules.map(({ code }) => code));

function keyOf(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

const ruleName = z.string('must be the code of a rule').transform((name, context) => {
  const rule = rulesByName.get(keyOf(name));
  if (rule !== undefined) return rule;
  context.addIssue({ code: 'custom', message: whyNot(name) });
  return z.NEVER;
});

function whyNot(name: string): string {
  if (isFindingRule(keyOf(name)))
    return 'cannot be changed. It says what is not sent, or something about the SSD, and not what DfE would ask. Only the rules under "What DfE would ask" in docs/findings.md can be changed';
  const nearest = alike(name, allNames);
  const hint = nearest.length === 0 ? '' : `. The nearest are: ${nearest.join(', ')}`;
  return `is not a rule${hint}. docs/findings.md lists the rules, under "What DfE would ask"`;
}

const date = z
  .string('must be a date yyyy-MM-dd')
  .refine(isPlainDate, 'must be a date of the calendar, yyyy-MM-dd');

const entrySchema = z
  .strictObject(
    {
      rule: ruleName,
      effect: z.enum(ruleEffects, 'must be hold or silence'),
      reason: z
        .string('must say in a text why the rule is changed')
        .trim()
        .min(1, 'must say why the rule is changed')
        .max(longestReason, `must be at most ${String(longestReason)} characters long`),
      since: date,
      until: date.optional(),
    },
    { error: (issue) => wrongObject(issue, 'rule, effect, reason, since and until') },
  )
  .refine(({ since, until }) => until === undefined || since <= until, {
    path: ['until'],
    message: 'must not be before since',
  })
  .refine(({ rule, effect }) => effect !== 'hold' || !ofTheCohort.has(rule), {
    path: ['effect'],
    message:
      'must be silence: the rule is about the cohort as a whole, so there is no child that it could hold',
  });

const fileSchema = z.strictObject(
  {
    rules: z.array(entrySchema, 'must be a list of rules').superRefine((entries, context) => {
      const firsts = new Map<RuleCode, number>();
      for (const [index, { rule }] of entries.entries()) {
        const first = firsts.get(rule);
        if (first === undefined) {
          firsts.set(rule, index);
          continue;
        }
        context.addIssue({
          code: 'custom',
          path: [index, 'rule'],
          message: `is the rule ${rule}, which entry ${String(first + 1)} changes already. Keep one of the two`,
        });
      }
    }),
  },
  { error: (issue) => wrongObject(issue, 'rules') },
);

/** @param known what an object may have */
function wrongObject(issue: { readonly code?: string | undefined; readonly keys?: unknown }, known: string) {
  if (issue.code !== 'unrecognized_keys' || !Array.isArray(issue.keys))
    return `must be an object with ${known}`;
  const unknown = issue.keys.map((key) => JSON.stringify(key)).join(', ');
  return `must not have ${unknown}. What it may have: ${known}`;
}

const namedSchema = z.object({ rules: z.array(z.object({ rule: z.string() }).catch({ rule: '' })) });

/** The rule of each entry as the file has it. */
function namesIn(content: unknown): readonly string[] {
  return namedSchema.safeParse(content).data?.rules.map(({ rule }) => rule) ?? [];
}

/** `entry 2 ("cin-8820"), since` */
function placeOf([list, index, key]: readonly PropertyKey[], names: readonly string[]): string {
  if (typeof index !== 'number') return list === undefined ? 'the file' : String(list);
  const name = names[index] ?? '';
  const named = name === '' ? '' : ` (${JSON.stringify(name)})`;
  return `entry ${String(index + 1)}${named}${key === undefined ? '' : `, ${String(key)}`}`;
}
