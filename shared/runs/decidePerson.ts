import { buildChild } from '../child/build.js';
import type { BuildRules, CareWorkerGate, UnregisteredWorkers } from '../child/buildRules.js';
import type { Finding } from '../child/findings.js';
import { idChangeOf, idsHeld, IdChurn } from '../child/changes/idChurn.js';
import { isPlaceholder } from '../child/codes/localValues.js';
import type { Category } from '../child/categories.js';
import { withoutBlocksToPurge } from '../child/changes/leftOut.js';
import { holdsLost } from '../child/changes/lostItems.js';
import { type OwnFigures, noFigures } from '../records/figures.js';
import type { PersonRead } from '../ssd/rows.js';
import type { PersonRows } from '../child/sourceRows.js';
import type { StagedChild } from '../staging/stagedChild.js';
import { stageChild, type Staged } from '../staging/transitions.js';
import { bodyOverhead, type ChunkLimits } from './chunkWriter.js';
import { addOlderReferrals } from './olderReferrals.js';
import { aboutChild, factorsMayBeMissing } from './sourceFindings.js';
import { FillTally } from '../child/changes/fillRates.js';
import { RehearsalTally } from '../child/rehearsal/tally.js';
import { CohortTally } from '../ssd/cohortReport.js';
import { childSchemaOf } from '../child/payload.js';
import { changedOn, RuleChanges, type ChangedRule } from '../child/rules/changedRules.js';
import { CohortCensus } from '../child/rules/cohort.js';
import type { CodeLists } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { Checkpoint } from '../records/checkpoint.js';
import type { RunRequest } from '../records/runRequest.js';
import type { InclusionSet } from '../ssd/cohort.js';
import type { Profile } from '../ssd/profile.js';
import type { SsdReader } from '../ssd/ssdReader.js';
import type { SourceOfRun } from './sourceOfRun.js';

/** What every decision about a person needs, and the tallies that it adds to. */
export interface Deciding {
  readonly rules: BuildRules;
  /** The last look at a payload before it is staged, by the published rules: what does not pass is held back. */
  readonly schema: ReturnType<typeof childSchemaOf>;
  /** The id of those under which it is sent. */
  readonly pseudonyms: string | undefined;
  /** Bytes of UTF-8 that one POST may carry. */
  readonly maxBytes: number;
  readonly cohort: CohortTally;
  readonly fill: FillTally;
  /** For the rules about the cohort as a whole. */
  readonly census: CohortCensus;
  /** The rules that the council has changed, as they are on the day of the run. */
  readonly ruleChanges: RuleChanges;
  readonly idChurn: IdChurn;
  readonly rehearsal: RehearsalTally;
  readonly figures: OwnFigures;
}

/** What decides about a person, apart from the SSD. */
export interface DecidingDependencies {
  readonly ssd: SsdReader;
  /** The code lists for a run of a date. */
  readonly codesOn: (today: PlainDate) => CodeLists;
  readonly profile: Profile;
  readonly inclusionSets: readonly InclusionSet[];
  /** The categories that are not shared. */
  readonly leftOut: readonly Category[];
  readonly careWorkerGates: readonly CareWorkerGate[];
  readonly unregisteredWorkers: UnregisteredWorkers;
  /** Those of any day. */
  readonly changedRules: readonly ChangedRule[];
  readonly chunkLimits: ChunkLimits;
}

/** @param before where the attempt ended that this one continues */
export function decidingBy(
  { today }: Pick<RunRequest, 'today'>,
  {
    window,
    survey,
    absentTables,
    lostItems,
  }: Pick<SourceOfRun, 'window' | 'survey' | 'absentTables' | 'lostItems'>,
  pseudonyms: string | undefined,
  before: Checkpoint | undefined,
  dependencies: DecidingDependencies,
): Deciding {
  const { ssd, inclusionSets, leftOut, careWorkerGates, unregisteredWorkers, profile, chunkLimits } =
    dependencies;
  const codes = dependencies.codesOn(today);
  return {
    rules: {
      window,
      codes,
      leftOut,
      careWorkerGates,
      unregisteredWorkers,
      absentTables,
      sharedUpns: survey.sharedUpns,
      factorsMayBeMissing: factorsMayBeMissing(survey),
      lostItems,
      ...profile,
    },
    schema: childSchemaOf(codes),
    pseudonyms,
    maxBytes: chunkLimits.maxBytes,
    cohort: new CohortTally(
      { window, on: inclusionSets, ageLimit: ssd.limits.ageLimit, absentTables },
      before?.cohort,
    ),
    fill: new FillTally(before?.fill),
    census: new CohortCensus(before?.census),
    ruleChanges: new RuleChanges(changedOn(today, dependencies.changedRules), before?.changedRules),
    idChurn: new IdChurn(before?.idChurn),
    rehearsal: new RehearsalTally({ window, leftOut, absentTables }, before?.rehearsal),
    figures: { ...(before?.figures ?? noFigures) },
  };
}

export type StagedPerson = Staged & { readonly personId: string };

/** What is known of a person, apart from its rows. */
interface AboutPerson {
  readonly known: StagedChild | undefined;
  readonly listed: boolean | undefined;
  readonly allowed: boolean | undefined;
  /** A person of the same id, as the database compares ids, is in the cohort already. */
  readonly isTwice: boolean;
}

/** The outcome for one person. */
interface PersonOutcome {
  /** The authority's own list is right about the child. */
  readonly isListed: boolean;
  /** The child has not left the cohort, whether it is sent or held back. */
  readonly isHere: boolean;
  readonly isInCohort: boolean;
  readonly findings: readonly Finding[];
  readonly staged?: StagedPerson;
}

const outside: PersonOutcome = { isListed: false, isHere: false, isInCohort: false, findings: [] };
const metHere: PersonOutcome = { isListed: true, isHere: true, isInCohort: true, findings: [] };

/** Whether DfE holds or may hold something about a child. */
function isAtDfe({ acknowledged, mayHold }: StagedChild): boolean {
  return acknowledged !== undefined || mayHold.length > 0;
}

/** What DfE holds or may hold about a child, what it acknowledged first. */
function textsAtDfe(known: StagedChild | undefined): readonly string[] {
  if (known === undefined) return [];
  const acknowledged = known.acknowledged === undefined ? [] : [known.acknowledged.json];
  return [...acknowledged, ...known.mayHold];
}

/**
 * Decides on, builds and stages one person. It never fails: a child that cannot be built is held back, and this
 * affects no other child.
 */
export function decidePerson(person: PersonRead, about: AboutPerson, by: Deciding): PersonOutcome {
  try {
    return decided(person, about, by);
  } catch {
    // The error may quote a value, so the finding does not quote the error.
    by.figures.held += 1;
    const id = person.rows.person.pers_person_id ?? '';
    return { ...metHere, findings: [aboutChild('payload-unfit', id)] };
  }
}

function decided(
  { rows, personRows, duplicateColumns, isSpelledTwice }: PersonRead,
  about: AboutPerson,
  by: Deciding,
): PersonOutcome {
  const { known, listed, allowed, isTwice } = about;
  const id = rows.person.pers_person_id ?? '';
  if (isPlaceholder(by.rules.placeholders, id)) {
    // We cannot tell whose rows have such an id: no two of them belong to one child.
    by.cohort.addPlaceholder();
    by.cohort.addRowsOutside(rows, personRows, new Set([rows.person]));
    return { ...outside, isHere: true, findings: [aboutChild('child-id', id)] };
  }
  const membership = by.cohort.add(rows, listed, allowed);
  switch (membership) {
    case 'not in the cohort':
      by.cohort.addRowsOutside(rows, personRows);
      return { isListed: false, isHere: false, isInCohort: false, findings: [] };
    case 'in no set': {
      by.cohort.addRowsOutside(rows, personRows);
      // The child may have been in the cohort by a row that no longer leads to a person.
      const isLost = holdsLost(textsAtDfe(known), by.rules.lostItems);
      return isLost
        ? { ...outside, isHere: true, findings: [aboutChild('cohort-unclear', id)] }
        : { isListed: false, isHere: false, isInCohort: false, findings: [] };
    }
    case 'not listed':
      by.cohort.addRowsOutside(rows, personRows);
      return { ...outside, isListed: true, findings: [aboutChild('in-cohort-not-listed', id)] };
    case 'not on the allow-list':
      by.cohort.addRowsOutside(rows, personRows);
      return { ...outside, isListed: true };
    case 'unclear by absence':
      by.cohort.addRowsOutside(rows, personRows);
      return known === undefined || !isAtDfe(known)
        ? outside
        : { ...outside, isHere: true, findings: [aboutChild('cohort-unclear', id)] };
    case 'unclear':
      return unclear(rows, personRows, known, by);
    case 'in the cohort':
      break;
  }
  by.figures.cohort += 1;
  if (isTwice || isSpelledTwice) {
    by.figures.held += 1;
    by.cohort.addRowsOutside(rows, personRows);
    return { ...metHere, findings: [aboutChild('child-id-twice', id)] };
  }
  const held = textsAtDfe(known);
  const built = buildChild(rows, by.rules, by.schema, held);
  const { findings, isHeld } = by.ruleChanges.judge(built.findings);
  if (built.child === undefined || isHeld) {
    if (isHeld) by.figures.heldByCouncil += 1;
    by.figures.held += 1;
    by.cohort.addRowsOutside(rows, personRows, built.namedRows);
    return { ...metHere, findings };
  }
  const next = withoutBlocksToPurge(built.child, held, by.rules.leftOut);
  if (next !== built.child) by.figures.sentInTwoSteps += 1;
  const child = stageChild(next, known, by.pseudonyms);
  if (child.size + bodyOverhead > by.maxBytes) {
    by.figures.held += 1;
    by.cohort.addRowsOutside(rows, personRows, new Set([...built.namedRows, rows.person]));
    return { ...metHere, findings: [...findings, aboutChild('payload-too-large', id)] };
  }
  addOlderReferrals(by.figures, built.child, by.rules.window);
  by.cohort.addRowsOutOfScope(built.rowsOutOfScope);
  if (duplicateColumns.length === 0) by.cohort.addSamePersons(personRows - 1);
  by.census.add(built.child);
  by.fill.add(built.child, child.rowState === 'Unchanged' ? true : known?.acknowledged?.json);
  by.rehearsal.add(built.child);
  by.idChurn.add(
    child.rowState === 'Unchanged'
      ? idsHeld(built.child)
      : idChangeOf(built.child, known?.acknowledged?.json),
  );
  return { ...metHere, findings, staged: { personId: id, ...child } };
}

/** Held back, with the findings that say which values decide; a child that DfE holds is neither sent nor removed. */
function unclear(
  rows: PersonRows,
  personRows: number,
  known: StagedChild | undefined,
  by: Deciding,
): PersonOutcome {
  const id = rows.person.pers_person_id ?? '';
  const built = buildChild(rows, by.rules, by.schema, textsAtDfe(known));
  const { namedRows } = built;
  const findings = by.ruleChanges.judgeHeldAnyway(built.findings);
  // Sent without their date where something under them lies in the window; here the date decides.
  const undated = rows.ssd_cin_episodes.filter(
    (row) => row.cine_referral_date === null && !namedRows.has(row),
  );
  by.cohort.addRowsOutside(rows, personRows, new Set([...namedRows, ...undated, rows.person]));
  by.figures.held += 1;
  const missing = undated.map(({ cine_referral_id: rowId }): Finding => ({
    rule: 'date-missing',
    table: 'ssd_cin_episodes',
    rowId,
    column: 'cine_referral_date',
    found: 'nothing',
    childId: id,
  }));
  return {
    ...metHere,
    isInCohort: false,
    findings: [...findings, ...missing, aboutChild('cohort-unclear', id)],
  };
}
