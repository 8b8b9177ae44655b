import { z } from 'zod';
import { fillWarnings, type Fill, type FillRates, type FillWarning } from '../child/changes/fillRates.js';
import { purposeOf } from '../ssd/columnPurposes.js';
import { defaultWays } from '../ssd/relations.js';
import type { RelationHealth } from '../ssd/survey.js';
import { isDetailTable } from '../ssd/tables.js';
import type { Figures } from './figures.js';

/**
 * What seems to be wrong with the SSD as a whole, the most serious kind first. Decided here only, for a run's status,
 * its page and the preflight.
 *
 * - `joinsNothing`: a table has rows, and none of them finds its parent.
 * - `noReportedRole`: no involvement has a role that the profile reports.
 * - `fellSharply`: an attribute is filled in less than half as many of a hundred records as in the run before.
 * - `joinsFew`: less than half of the rows that name a parent find it.
 * - `notFilled`: no record has an attribute.
 */
const sourceWarningKinds = [
  'joinsNothing',
  'noReportedRole',
  'fellSharply',
  'joinsFew',
  'notFilled',
] as const;

export const sourceWarningSchema = z.object({
  kind: z.enum(sourceWarningKinds),
  table: z.string(),
  column: z.string().describe('The column to look at, by its name in the SSD specification.'),
  found: z.string().describe('What was found and what it means, in numbers; nothing about a child.'),
  remedy: z.string().describe('What to do.'),
});
export type SourceWarning = Readonly<z.output<typeof sourceWarningSchema>>;

/** How the rows of a table meet those of another; tables and columns under the names of the SSD specification. */
type Relation = Readonly<
  Omit<RelationHealth, 'table' | 'parent' | 'columns'> & {
    table: string;
    parent: string;
    columns: readonly string[];
  }
>;

/** What is known of the SSD; what is absent is not judged. */
export interface SourceFacts {
  readonly relations?: readonly Relation[] | undefined;
  readonly involvements?: Figures['involvements'];
  readonly fill?: FillRates | undefined;
  /** Of the run before. */
  readonly fillBefore?: FillRates | undefined;
}

/** A table of fewer rows that name a parent may miss half of them by chance. */
const tooFewToJudge = 20;
const fewShare = 0.5;

export function sourceWarnings({
  relations = [],
  involvements,
  fill = {},
  fillBefore,
}: SourceFacts): SourceWarning[] {
  const warnings = [
    ...relations.flatMap(ofRelation),
    ...ofInvolvements(involvements),
    ...fillWarnings(fill, fillBefore).map(ofFill),
  ];
  return sourceWarningKinds.flatMap((kind) => warnings.filter((warning) => warning.kind === kind));
}

function ofRelation({ table, columns, parent, rows, withKey, found }: Relation): SourceWarning[] {
  const [column = ''] = columns;
  if (rows === 0) return [];
  const isFew = withKey >= tooFewToJudge && found < withKey * fewShare;
  if (found > 0 && !isFew) return [];
  const what =
    found > 0
      ? `Of ${String(withKey)} rows of ${table} with a value in ${column} only ${String(found)} find their row in ${parent}.`
      : withKey > 0
        ? `0 of ${String(rows)} rows of ${table} find their row in ${parent} (rows with a value in ${column}: ${String(withKey)}).`
        : `0 of ${String(rows)} rows of ${table} have a value in ${column}, so none finds its row in ${parent}.`;
  return [
    {
      kind: found > 0 ? 'joinsFew' : 'joinsNothing',
      table,
      column,
      found: `${what}${purposeText(table, column)}`,
      remedy: relationRemedy(table, column, parent, withKey > 0),
    },
  ];
}

function relationRemedy(table: string, column: string, parent: string, hasKeys: boolean): string {
  const where = 'docs/profiles.md, "How rows find each other"';
  if (parent === 'ssd_person') {
    if (!hasKeys) return `Ask who fills the SSD to fill ${table}.${column}.`;
    const otherId = hasOtherWay(table)
      ? ` If the column holds another id, such as the legacy id, take "person" out of the ways of ${table} in a profile of your own (${where}).`
      : '';
    return `Compare ${table}.${column} with ssd_person.pers_person_id. If people are missing in ssd_person, or the column holds another id, ask who fills the SSD.${otherId}`;
  }
  return hasKeys
    ? `Compare the values of ${table}.${column} with the ids in ${parent}. If they are the same ids in another form, say so under "relations" in a profile of your own (${where}). If rows are missing in ${parent}, ask who fills the SSD.`
    : `Ask who fills the SSD to fill ${table}.${column}. If other columns lead to ${parent}, name them under "relations" in a profile of your own (${where}).`;
}

/** Whether the rows of a table can be given to a child by other keys than the person's. */
function hasOtherWay(table: string): boolean {
  return isDetailTable(table) && defaultWays[table].length > 1;
}

function ofInvolvements(involvements: SourceFacts['involvements']): SourceWarning[] {
  if (involvements === undefined || involvements.rows === 0 || involvements.withReportedRole > 0) return [];
  return [
    {
      kind: 'noReportedRole',
      table: 'ssd_involvements',
      column: 'invo_professional_role_id',
      found: `0 of ${String(involvements.rows)} involvements have a role that the profile reports, so no care workers are sent.`,
      remedy:
        'Add the roles of your allocated workers to careWorkerRoles in a profile of your own (docs/profiles.md), or take role out of CARE_WORKER_GATES (docs/settings.md). The preflight (check ssdRelations) lists the roles that there are.',
    },
  ];
}

function ofFill({ path, table, column, now, before }: FillWarning): SourceWarning {
  const hasFallen = before !== undefined && before.filled > 0;
  const what =
    now.filled === 0 ? `0 of ${String(now.of)} records have ${path}` : `Only ${partText(now)} have ${path}`;
  return {
    kind: hasFallen ? 'fellSharply' : 'notFilled',
    table,
    column,
    found: `${what}${hasFallen ? `; in the run before it was ${partText(before)}` : ''}. ${table}.${column} fills it.`,
    remedy: hasFallen
      ? `Find out what has changed in ${table}.${column} since the run before: whether it is still filled, whether its values are still read (the findings about it), and whether its rows still find their child.`
      : `If your authority does not record it, do nothing. Otherwise see whether the SSD fills ${table}.${column}, whether its values are read (the findings about it; value maps in docs/profiles.md), and whether its rows find their child.`,
  };
}

function purposeText(table: string, column: string): string {
  const purpose = purposeOf(table, column);
  return purpose === undefined ? '' : ` What ${column} is for: ${purpose}.`;
}

/** `12 of 812 records (1.5 %)` */
function partText({ filled, of }: Fill): string {
  return `${String(filled)} of ${String(of)} records (${((100 * filled) / of).toFixed(1)} %)`;
}
