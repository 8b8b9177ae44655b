import { isDeepStrictEqual } from 'node:util';
import { pathsOf } from '../child/categories.js';
import { cohortFindings } from '../child/rules/cohort.js';
import type { Finding } from '../child/findings.js';
import type { IdChanges } from '../child/changes/idChurn.js';
import { byTexts } from '../child/ordering.js';
import type { Rehearsal } from '../child/rehearsal/rehearsal.js';
import type { IdKey } from '../database/idForm.js';
import type { IdRange } from '../database/idRange.js';
import { changedRulesIn, type ChangedRuleRecord } from '../records/changedRules.js';
import type { Checkpoint } from '../records/checkpoint.js';
import type { Figures, FindingFigures } from '../records/figures.js';
import type { RunRequest } from '../records/runRequest.js';
import type { SubmissionMode } from '../child/submissionMode.js';
import { isOver } from '../records/runState.js';
import type { RunStore } from '../records/runStore.js';
import type { Terms } from '../settings/terms.js';
import type { CohortReport } from '../ssd/cohortReport.js';
import { IdSum } from '../ssd/idSum.js';
import type { InventedPeople } from '../ssd/inventedPeople.js';
import type { PersonRead } from '../ssd/rows.js';
import type { RowCounts } from '../ssd/selects.js';
import type { Survey } from '../ssd/survey.js';
import { type StagingTable } from '../staging/stagingTable.js';
import { NotMet } from '../staging/notMet.js';
import { stageAbsence } from '../staging/transitions.js';
import { ChunkWriter } from './chunkWriter.js';
import {
  decidePerson,
  type Deciding,
  type StagedPerson,
  decidingBy,
  type DecidingDependencies,
} from './decidePerson.js';
import { assertInvented } from './inventedOnly.js';
import type { Attempt } from './resumedAttempt.js';
import { toBeSent } from './selection.js';
import { absences, aboutChild, withoutId } from './sourceFindings.js';
import type { SourceOfRun } from './sourceOfRun.js';

/** What the extract works with. */
export interface PassDependencies extends Omit<DecidingDependencies, 'leftOut'> {
  readonly terms: Terms;
  readonly runs: RunStore;
  readonly staging: StagingTable;
  readonly mode: SubmissionMode;
  /** How many persons are read, built and staged at a time: this limits the memory. */
  readonly rangeSize: number;
}

interface ExtractResult {
  readonly chunkHashes: string[];
  readonly figures: Omit<Figures, keyof FindingFigures | 'ssdRows' | 'involvements'> & {
    readonly idChurn: IdChanges;
  };
  readonly cohortReport: CohortReport;
  readonly changedRules: ChangedRuleRecord[];
  readonly rehearsal: Rehearsal;
  readonly vanished: Readonly<Record<string, number>>;
  readonly rowsAtEnd: RowCounts;
  /** The sum of the ids of all ranges. */
  readonly idsRead: string;
}

/**
 * A refresh of the SSD may begin and end while it is read, so its rows are also counted in between. They are counted
 * equally often in a large SSD and in a small one, because a count reads every table. Another attempt uses only what
 * was read before such a count, so an attempt that is killed loses a twentieth of its work at most.
 */
const countsOfRows = 20;

/** One pass over the SSD, with the figures it gathers. */
export class Extract {
  readonly #request: RunRequest;
  readonly #dependencies: PassDependencies;
  readonly #attempt: string;
  readonly #fingerprint: string;
  readonly #invented: InventedPeople | undefined;
  /** Where the attempt ended that this one continues. */
  readonly #before: Pick<Checkpoint, 'rangesDone' | 'upTo'> | undefined;
  readonly #rowsAtBegin: RowCounts;
  readonly #idsRead: IdSum;
  readonly #survey: Survey;
  readonly #unassignedRows: readonly Finding[];
  readonly #by: Deciding;
  readonly #chunks: ChunkWriter;
  /** The same key for all ids that the database takes for one child. */
  readonly #keyOf: IdKey;
  /** For scope `children`: the keys of the named children, and of those that were found. */
  readonly #named: ReadonlySet<string>;
  readonly #namedMet: Set<string>;

  constructor(
    request: RunRequest,
    { attempt, fingerprint, resumed, invented, pseudonyms }: Attempt,
    source: SourceOfRun,
    dependencies: PassDependencies,
    keyOf: IdKey,
  ) {
    const before = resumed?.checkpoint;
    this.#keyOf = keyOf;
    this.#request = request;
    this.#dependencies = dependencies;
    this.#attempt = attempt;
    this.#fingerprint = fingerprint;
    this.#invented = invented;
    this.#before = before;
    this.#rowsAtBegin = source.ssdRows;
    this.#idsRead = new IdSum(before?.idsRead);
    this.#survey = source.survey;
    this.#unassignedRows = source.unassignedRows;
    this.#by = decidingBy(request, source, pseudonyms, before, {
      ...dependencies,
      leftOut: dependencies.terms.leftOut,
    });
    this.#named = new Set(request.children?.map(keyOf));
    this.#namedMet = new Set([...this.#named].filter((_, place) => before?.namedMet.includes(place)));
    this.#chunks = new ChunkWriter(
      request.runId,
      attempt,
      dependencies.runs,
      dependencies.chunkLimits,
      resumed?.chunks,
    );
  }

  /** @returns `undefined` when the run has ended, was cancelled, or was planned by another attempt */
  async run(): Promise<ExtractResult | undefined> {
    const { ssd, runs, rangeSize } = this.#dependencies;
    const { runId } = this.#request;
    const { rangesDone: doneBefore, upTo: after } = this.#before ?? { rangesDone: 0, upTo: null };
    const isRead = doneBefore > 0 && after === null;
    const left = isRead ? [] : await ssd.ranges(rangeSize, after);
    const ranges = doneBefore + left.length;
    const perCount = Math.ceil(ranges / countsOfRows);
    let rowsSeen = this.#rowsAtBegin;
    for (const [index, range] of left.entries()) {
      const rangesDone = doneBefore + index + 1;
      const findings = await this.#range(range);
      if (findings === undefined) return undefined;
      if (findings.length > 0) await runs.findings.write(runId, this.#attempt, rangesDone, findings);
      if (rangesDone % perCount === 0 || rangesDone === ranges) {
        rowsSeen = await this.#rowsNow(rowsSeen);
        await runs.checkpoint.write(runId, await this.#checkpoint(rangesDone, range, rowsSeen));
      }
      const { personsRead, cohort, toSend } = this.#by.figures;
      await runs.progress.write(runId, { rangesDone, ranges, personsRead, cohort, toSend });
    }
    const { personsWithoutId } = this.#survey;
    const withoutPerson = [
      ...this.#unassignedRows,
      ...withoutId(personsWithoutId),
      ...absences(this.#survey, this.#by.rules.absentTables.has('ssd_professionals')),
      ...this.#by.ruleChanges.judge(cohortFindings(this.#by.census.counts(), this.#by.rules)).findings,
    ];
    if (withoutPerson.length > 0) {
      await runs.findings.write(runId, this.#attempt, ranges + 1, withoutPerson);
    }
    const cohortReport = this.#by.cohort.report(
      {
        withoutId: personsWithoutId,
        professionals: this.#rowsAtBegin.ssd_professionals ?? 0,
      },
      {
        hasCohortList: ssd.limits.cohortList !== undefined,
        hasAllowList: ssd.limits.allowList !== undefined,
      },
    );
    this.#by.figures.namedNotFound = this.#named.size - this.#namedMet.size;
    const figures = {
      ...this.#by.figures,
      idChurn: this.#by.idChurn.figures(),
      fill: this.#by.fill.rates(pathsOf(this.#by.rules.leftOut)),
      relations: this.#survey.relations.map((relation) => ({ ...relation, columns: [...relation.columns] })),
    };
    return {
      chunkHashes: await this.#chunks.close(),
      figures,
      cohortReport,
      changedRules: changedRulesIn(this.#by.ruleChanges),
      rehearsal: this.#by.rehearsal.rehearsal(),
      vanished: this.#by.fill.vanished(),
      rowsAtEnd: rowsSeen,
      idsRead: this.#idsRead.text(),
    };
  }

  async #checkpoint(rangesDone: number, { upTo }: IdRange, rowsSeen: RowCounts): Promise<Checkpoint> {
    return {
      fingerprint: this.#fingerprint,
      attempt: this.#attempt,
      rangesDone,
      upTo,
      rowsSeen,
      idsRead: this.#idsRead.text(),
      chunks: await this.#chunks.save(),
      figures: this.#by.figures,
      cohort: this.#by.cohort.counts(),
      fill: this.#by.fill.counts(),
      census: this.#by.census.counts(),
      changedRules: this.#by.ruleChanges.counts(),
      idChurn: this.#by.idChurn.figures(),
      rehearsal: this.#by.rehearsal.counts(),
      namedMet: [...this.#named].flatMap((key, place) => (this.#namedMet.has(key) ? [place] : [])),
    };
  }

  /** The row counts now. Once they have differed from those at the beginning, the ones that differed. */
  async #rowsNow(seen: RowCounts): Promise<RowCounts> {
    return isDeepStrictEqual(seen, this.#rowsAtBegin) ? this.#dependencies.ssd.rowCounts() : seen;
  }

  /**
   * Reads, builds, stages and chunks the persons of one range. Once the run is over, nothing more is staged or put
   * into chunks.
   * @throws NotInventedError before anything of the range is staged
   * @returns the findings about their rows; `undefined` when the run is over
   */
  async #range(range: IdRange): Promise<Finding[] | undefined> {
    const { ssd, staging } = this.#dependencies;
    const { select, parameters, children } = await staging.inRange(range, await ssd.idOrder());
    const { persons, besides, cohortList, allowList, ids } = await ssd.read(range, select, parameters);
    this.#idsRead.add(ids);
    const stagedBefore = await children(besides);
    if (this.#invented !== undefined) assertInvented(this.#invented, persons, stagedBefore);
    const notMet = new NotMet(stagedBefore, this.#keyOf);
    const met = new Set<string>();
    const findings: Finding[] = [];
    const staged: StagedPerson[] = [];
    const listedNotMet = new Map(cohortList);

    for (const person of inOrderOfIds(persons)) {
      const id = person.rows.person.pers_person_id ?? '';
      const key = this.#keyOf(id);
      const known = notMet.known(id);
      const about = {
        known,
        listed: cohortList?.has(key),
        allowed: allowList?.has(key),
        isTwice: met.has(key),
      };
      const outcome = decidePerson(person, about, this.#by);
      if (outcome.isListed) listedNotMet.delete(key);
      // This includes children that are held back: they have not left.
      if (outcome.isHere) notMet.met(id);
      if (outcome.isInCohort) {
        met.add(key);
        if (this.#named.has(key)) this.#namedMet.add(key);
      }
      for (const finding of outcome.findings) findings.push(finding);
      if (outcome.staged !== undefined) staged.push(outcome.staged);
    }
    this.#by.figures.personsRead = this.#by.cohort.passed;
    for (const id of listedNotMet.values()) findings.push(aboutChild('listed-not-in-cohort', id));
    this.#by.cohort.addListed(listedNotMet.size);
    // A staged child of this range that was not found in the SSD has left the cohort. With an allow-list, before
    // going live, children who are not on it are left alone.
    for (const absent of notMet.all()) {
      if (allowList !== undefined && !allowList.has(this.#keyOf(absent.personId))) continue;
      const left = stageAbsence(absent, this.#by.pseudonyms);
      if (left !== undefined) staged.push({ personId: absent.personId, ...left });
    }

    if (await this.#isOver()) return undefined;
    if (this.#request.dryRun !== true) {
      await staging.stage(staged.map(({ write }) => write).filter((write) => write !== undefined));
    }
    // Staging may have waited for locks.
    if (await this.#isOver()) return undefined;
    for (const child of staged) await this.#queue(child);
    return findings;
  }

  /** Whether the run has ended, was cancelled, or was planned by another attempt. */
  async #isOver(): Promise<boolean> {
    const { runs } = this.#dependencies;
    const { runId } = this.#request;
    return (await isOver(runId, runs)) || (await runs.plan.isThere(runId));
  }

  async #queue(staged: StagedPerson): Promise<void> {
    // A leaver whose purge DfE has refused has left before.
    if (staged.refused) this.#by.figures.refusedBefore += 1;
    if (!staged.refused || staged.rowState !== 'Deleted') this.#by.figures[figureOf[staged.rowState]] += 1;
    const mode = this.#request.mode ?? this.#dependencies.mode;
    const key = this.#keyOf(staged.personId);
    const isNamed = this.#named.has(key);
    if (isNamed) this.#namedMet.add(key);
    const submission = toBeSent(staged, this.#request.scope, isNamed, mode);
    if (submission === undefined) return;
    this.#by.figures.toSend += 1;
    await this.#chunks.add(submission);
  }
}

/** The chunks must not depend on the order of rows. */
function inOrderOfIds(persons: readonly PersonRead[]): PersonRead[] {
  return [...persons].sort(byTexts(({ rows }) => rows.person.pers_person_id));
}

const figureOf = {
  New: 'new',
  Updated: 'updated',
  Unchanged: 'unchanged',
  Deleted: 'leavers',
  Withdrawn: 'withdrawn',
} as const;
