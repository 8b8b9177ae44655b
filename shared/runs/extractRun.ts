import { isDeepStrictEqual } from 'node:util';
import type { IdKey } from '../database/idForm.js';
import { buildChild } from '../child/build.js';
import type { BuildRules, CareWorkerGate, UnregisteredWorkers } from '../child/buildRules.js';
import type { CodeLists } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { FindingRule } from '../child/findingRules.js';
import type { Finding } from '../child/findings.js';
import { byTexts } from '../child/ordering.js';
import { childSchemaOf } from '../child/payload.js';
import { FillTally } from '../child/changes/fillRates.js';
import { isPlaceholder } from '../child/codes/localValues.js';
import { holdsLost } from '../child/changes/lostItems.js';
import { IdChurn, idChangeOf, idsHeld, type IdChanges } from '../child/changes/idChurn.js';
import { windowOf } from '../child/window.js';
import type { InclusionSet } from '../ssd/cohort.js';
import { CohortTally, type CohortReport } from '../ssd/cohortReport.js';
import { registrationColumn, type Profile } from '../ssd/profile.js';
import { IdSum } from '../ssd/idSum.js';
import type { RowCounts } from '../ssd/selects.js';
import type { SsdReader } from '../ssd/ssdReader.js';
import type { PersonRead } from '../ssd/rows.js';
import { reportedInvolvements } from '../ssd/involvementRoles.js';
import type { Survey } from '../ssd/survey.js';
import type { PersonRows } from '../child/sourceRows.js';
import { stagedChildOf, type StagedChild } from '../staging/stagedChild.js';
import type { StagingTable } from '../staging/stagingTable.js';
import { stageAbsence, stageChild, type Staged } from '../staging/transitions.js';
import type { Checkpoint } from '../records/checkpoint.js';
import { bodyOverhead, ChunkWriter, type ChunkLimits } from './chunkWriter.js';
import { finishRun, isOver } from './finishRun.js';
import type { Telemetry } from '../telemetry/events.js';
import { findingFigures, runBefore } from '../records/findingsOfRun.js';
import type { SubmissionMode } from '../child/submissionMode.js';
import type { GuardLimits } from '../guards/guard.js';
import { guardsAgainst } from '../guards/guards.js';
import { ofRequest } from '../telemetry/runEvents.js';
import { startSending, tableKey, type SendingDependencies } from './startSending.js';
import { numberOf } from './runNumber.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { Figures, FindingFigures } from '../records/figures.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import { toBeSent } from './selection.js';
import { resumedAttempt, type ResumedAttempt } from './resumedAttempt.js';
import { fingerprintOf, readSource, type SourceOfRun } from './sourceOfRun.js';
import { hasTurn, waitsForTurn } from './standing.js';
import type { IdRange } from '../database/idRange.js';
import { rowIdOf } from '../child/sourceRows.js';

export interface ExtractDependencies extends SendingDependencies {
  readonly telemetry: Telemetry;
  readonly ssd: SsdReader;
  readonly staging: StagingTable;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
  /** The code lists for a run of a date. */
  readonly codesOn: (today: PlainDate) => CodeLists;
  readonly profile: Profile;
  readonly inclusionSets: readonly InclusionSet[];
  readonly careWorkerGates: readonly CareWorkerGate[];
  readonly unregisteredWorkers: UnregisteredWorkers;
  /** How far the window goes back at least. */
  readonly windowMonths: number;
  readonly mode: SubmissionMode;
  readonly chunkLimits: ChunkLimits;
  /** How many chunks may be under way at a time. */
  readonly lanes: number;
  readonly guardLimits: GuardLimits;
  /** How many persons are read, built and staged at a time: what bounds the memory. */
  readonly rangeSize: number;
  /** Of the app. Only the version that began an extract continues it. */
  readonly version: string;
}

/**
 * The extract of a run: reads the SSD range by range, builds and stages each child, writes what DfE does not have yet
 * into chunk blobs, and records the plan.
 *
 * May be killed and repeated at any point: staging says the same thing twice, each attempt writes chunk blobs of its
 * own, and no message leaves before the plan is written, which only one attempt can do. A repetition continues at the last
 * checkpoint if it finds the same SSD, and otherwise starts again. Once there is a plan, it gives the
 * messages of the chunks that have no result yet.
 * @returns the messages that set the sending going; none when the run is held, or still waits for its turn
 */
export async function extractRun(runId: RunId, dependencies: ExtractDependencies): Promise<ChunkMessage[]> {
  const { runs } = dependencies;
  const request = await runs.request.read(runId);
  if (request === undefined)
    throw new Error(`Run ${runId} was never asked for: there is no request of that id.`);
  if ((await runs.summary.read(runId)) !== undefined) return [];
  // The app gives no such message: the run begins when its turn comes.
  if (await waitsForTurn(runId, runs)) return [];
  if ((await runs.plan.read(runId)) === undefined) await planWithSign(request, dependencies);
  // It may have lost it meanwhile.
  if (!(await hasTurn(runId, runs))) {
    const at = dependencies.now().toISOString();
    const reason = 'another run has the turn';
    await runs.cancellation.create(runId, { at, by: 'the app', reason, cause: 'decision' });
  }
  // Without a plan there was a cancellation.
  if ((await runs.plan.read(runId)) === undefined) await finishRun(runId, dependencies);
  return startSending(runId, dependencies);
}

/** Leaves a sign for as long as copies of children may be written: nobody may say meanwhile that there are none. */
async function planWithSign(request: RunRequest, dependencies: ExtractDependencies): Promise<void> {
  const { runs, randomHex } = dependencies;
  const { runId } = request;
  const sign = randomHex();
  await runs.extractSigns.begin(runId, sign);
  try {
    // Looked at after the sign: whoever looks for signs has seen before whether the run is over.
    if ((await hasTurn(runId, runs)) && !(await isOver(runId, runs))) await plan(request, dependencies);
  } finally {
    await runs.extractSigns.end(runId, sign);
  }
}

async function plan(request: RunRequest, dependencies: ExtractDependencies): Promise<void> {
  const { runs, ssd, staging, now, guardLimits, receiver, stagingTable } = dependencies;
  const { runId, dryRun = false, approve = false } = request;
  const mode = request.mode ?? dependencies.mode;
  dependencies.telemetry.record({
    name: 'RunStarted',
    dimensions: { ...ofRequest(request), mode },
    measurements: {},
  });
  // First, so that nothing is staged that could not be sent.
  const pseudonyms = (await dependencies.pseudonyms?.())?.id;
  const window = windowOf(request.today, dependencies.windowMonths);
  const source = await readSource(request, window, ssd);
  const { ssdRows } = source;
  const involvements = await involvementsIn(dependencies);
  const fingerprint = fingerprintOf([source.fingerprint, pseudonyms, rulesOf(request, dependencies)]);
  const resumed = await resumedAttempt(runId, fingerprint, ssdRows, dependencies);
  const attempt = resumed?.attempt ?? dependencies.randomHex();
  const made = { attempt, fingerprint, resumed, pseudonyms };
  const keyOf = await dependencies.ssd.idKey();
  const extracted = await new Extract(request, made, source, dependencies, keyOf).run();
  if (extracted === undefined) return;

  const earlier = await runBefore(runId, runs);
  const { chunkHashes, figures, cohortReport, vanished, rowsAtEnd, idsRead } = extracted;
  const objections = guardsAgainst(
    {
      cohort: figures.cohort,
      leavers: figures.leavers,
      acknowledged: await staging.countHeld(),
      rowsAtBegin: ssdRows,
      rowsAtEnd,
      idsAsAtBegin: idsRead === source.ids,
      rowsBefore: earlier?.plan.figures.ssdRows,
      idChurn: figures.idChurn,
      vanished,
      windowStart: window.start,
      windowStartBefore: earlier?.plan.windowStart,
      receiver: { ...receiver, pseudonymised: pseudonyms !== undefined },
      receiverBefore: await runs.receiver.read(tableKey(stagingTable)),
      stagingTable,
    },
    guardLimits,
  );
  const number = await numberOf(runId, dependencies);
  if (number === undefined) return;
  await runs.plan.create(runId, {
    plannedAt: now().toISOString(),
    attempt,
    number,
    chunks: chunkHashes.length,
    chunkHashes,
    lanes: dependencies.lanes,
    windowStart: window.start,
    receiver,
    stagingTable,
    ...(pseudonyms === undefined ? {} : { pseudonyms }),
    figures: {
      ...figures,
      ssdRows,
      ...(involvements === undefined ? {} : { involvements }),
      ...(await findingFigures(
        { runId, attempt },
        earlier && { runId: earlier.runId, attempt: earlier.plan.attempt },
        runs,
      )),
    },
    cohortReport,
    objections,
    held: objections.length > 0 && !approve && !dryRun,
    dryRun,
  });
}

/** How many involvements have a reported role; `undefined` where no role is asked for, or the SSD does not say. */
async function involvementsIn({
  ssd,
  profile,
  careWorkerGates,
}: ExtractDependencies): Promise<Figures['involvements']> {
  const roles = careWorkerGates.includes('role') ? await ssd.involvementRoles() : undefined;
  return roles === undefined ? undefined : reportedInvolvements(roles, profile.careWorkerRoles);
}

interface ExtractResult {
  readonly chunkHashes: string[];
  readonly figures: Omit<Figures, keyof FindingFigures | 'ssdRows' | 'involvements'> & {
    readonly idChurn: IdChanges;
  };
  readonly cohortReport: CohortReport;
  readonly vanished: Readonly<Record<string, number>>;
  readonly rowsAtEnd: RowCounts;
  /** The sum of the ids of all ranges. */
  readonly idsRead: string;
}

/**
 * A refresh of the SSD may begin and end while it is read, so its rows are counted in between as well: not more often in a
 * large SSD than in a small one, since counting goes through all of it. Only what was read before such a count is taken over
 * by another attempt, so one that is killed loses a twentieth of its work at the most.
 */
const countsOfRows = 20;

/** One attempt at an extract, and what it continues. */
interface Attempt {
  readonly attempt: string;
  readonly fingerprint: string;
  readonly resumed: ResumedAttempt | undefined;
  /** The id of those under which it is sent. */
  readonly pseudonyms: string | undefined;
}

/** What decides, besides the SSD, what an extract makes of it. */
function rulesOf(request: RunRequest, dependencies: ExtractDependencies): unknown {
  return [
    request,
    dependencies.version,
    dependencies.windowMonths,
    dependencies.codesOn(request.today),
    dependencies.profile,
    dependencies.inclusionSets,
    dependencies.careWorkerGates,
    dependencies.unregisteredWorkers,
    dependencies.mode,
    dependencies.chunkLimits,
    dependencies.stagingTable,
    dependencies.ssd.limits,
  ];
}

/** One pass over the SSD, with the figures it gathers. */
class Extract {
  readonly #request: RunRequest;
  readonly #dependencies: ExtractDependencies;
  readonly #attempt: string;
  readonly #fingerprint: string;
  readonly #pseudonyms: string | undefined;
  /** Where the attempt ended that this one continues. */
  readonly #before: Pick<Checkpoint, 'rangesDone' | 'upTo'> | undefined;
  readonly #rowsAtBegin: RowCounts;
  readonly #idsRead: IdSum;
  readonly #survey: Survey;
  readonly #ofNobody: readonly Finding[];
  readonly #rules: BuildRules;
  /** The last look at a payload before it is staged, by the published rules: what does not pass is held. */
  readonly #codes: CodeLists;
  readonly #schema: ReturnType<typeof childSchemaOf>;
  readonly #chunks: ChunkWriter;
  readonly #cohort: CohortTally;
  readonly #idChurn: IdChurn;
  readonly #fill: FillTally;
  readonly #figures: Checkpoint['figures'];
  /** What two ids have in common that stand for one child. */
  readonly #keyOf: IdKey;
  /** The keys of the children that were asked for by name, and of those of them that were met. */
  readonly #named: ReadonlySet<string>;
  readonly #namedMet: Set<string>;

  constructor(
    request: RunRequest,
    { attempt, fingerprint, resumed, pseudonyms }: Attempt,
    { window, ssdRows, survey, absentTables, ofNobody, lostItems }: SourceOfRun,
    dependencies: ExtractDependencies,
    keyOf: IdKey,
  ) {
    const before = resumed?.checkpoint;
    this.#keyOf = keyOf;
    this.#request = request;
    this.#dependencies = dependencies;
    this.#attempt = attempt;
    this.#fingerprint = fingerprint;
    this.#pseudonyms = pseudonyms;
    this.#before = before;
    this.#figures = { ...(before?.figures ?? noFigures) };
    this.#idChurn = new IdChurn(before?.idChurn);
    this.#fill = new FillTally(before?.fill);
    this.#rowsAtBegin = ssdRows;
    this.#idsRead = new IdSum(before?.idsRead);
    this.#survey = survey;
    this.#ofNobody = ofNobody;
    this.#codes = dependencies.codesOn(request.today);
    this.#schema = childSchemaOf(this.#codes);
    this.#rules = {
      window,
      codes: this.#codes,
      careWorkerGates: dependencies.careWorkerGates,
      unregisteredWorkers: dependencies.unregisteredWorkers,
      absentTables,
      factorsMayBeMissing: factorsMayBeMissing(survey),
      lostItems,
      ...dependencies.profile,
    };
    this.#cohort = new CohortTally(
      {
        window,
        on: dependencies.inclusionSets,
        ageLimit: dependencies.ssd.limits.ageLimit,
        absentTables,
      },
      before?.cohort,
    );
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

  /** @returns `undefined` when the run has ended or was cancelled meanwhile, or another attempt has planned it */
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
      const { personsRead, cohort, toSend } = this.#figures;
      await runs.progress.write(runId, { rangesDone, ranges, personsRead, cohort, toSend });
    }
    const { personsWithoutId } = this.#survey;
    const withoutPerson = [
      ...this.#ofNobody,
      ...withoutId(personsWithoutId),
      ...absences(this.#survey, this.#rules.absentTables.has('ssd_professionals')),
    ];
    if (withoutPerson.length > 0) {
      await runs.findings.write(runId, this.#attempt, ranges + 1, withoutPerson);
    }
    const cohortReport = this.#cohort.report(
      {
        withoutId: personsWithoutId,
        professionals: this.#rowsAtBegin.ssd_professionals ?? 0,
      },
      {
        hasCohortList: ssd.limits.cohortList !== undefined,
        hasAllowList: ssd.limits.allowList !== undefined,
      },
    );
    this.#figures.namedNotFound = this.#named.size - this.#namedMet.size;
    const figures = {
      ...this.#figures,
      idChurn: this.#idChurn.figures(),
      fill: this.#fill.rates(),
      relations: this.#survey.relations.map((relation) => ({ ...relation, columns: [...relation.columns] })),
    };
    return {
      chunkHashes: await this.#chunks.close(),
      figures,
      cohortReport,
      vanished: this.#fill.vanished(),
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
      figures: this.#figures,
      cohort: this.#cohort.counts(),
      fill: this.#fill.counts(),
      idChurn: this.#idChurn.figures(),
      namedMet: [...this.#named].flatMap((key, place) => (this.#namedMet.has(key) ? [place] : [])),
    };
  }

  /** The row counts as they are; once they have differed from those at the beginning, the ones that did. */
  async #rowsNow(seen: RowCounts): Promise<RowCounts> {
    return isDeepStrictEqual(seen, this.#rowsAtBegin) ? this.#dependencies.ssd.rowCounts() : seen;
  }

  /**
   * Reads, builds, stages and chunks the persons of one range. Nothing is staged and nothing is put into chunks once the run
   * is over.
   * @returns the findings about their rows; `undefined` when the run is over
   */
  async #range(range: IdRange): Promise<Finding[] | undefined> {
    const { ssd, staging } = this.#dependencies;
    const { persons, besides, cohortList, allowList, ids } = await ssd.read(
      range,
      await staging.selectOf(range, await ssd.idOrder()),
    );
    this.#idsRead.add(ids);
    const before = new Map(
      besides.map(stagedChildOf).map((staged) => [this.#keyOf(staged.personId), staged]),
    );
    const met = new Set<string>();
    const findings: Finding[] = [];
    const staged: StagedPerson[] = [];
    const listedNotMet = new Map(cohortList);

    for (const person of inOrderOfIds(persons)) {
      const id = person.rows.person.pers_person_id ?? '';
      const key = this.#keyOf(id);
      const known = before.get(key);
      const outcome = this.#person(person, {
        known,
        listed: cohortList?.has(key),
        allowed: allowList?.has(key),
        isTwice: met.has(key),
      });
      if (outcome.isListed) listedNotMet.delete(key);
      // Also a child that is held back is met here: it has not left.
      if (outcome.isHere) before.delete(key);
      if (outcome.isInCohort) {
        met.add(key);
        if (this.#named.has(key)) this.#namedMet.add(key);
      }
      for (const finding of outcome.findings) findings.push(finding);
      if (outcome.staged !== undefined) staged.push(outcome.staged);
    }
    this.#figures.personsRead = this.#cohort.passed;
    for (const id of listedNotMet.values()) findings.push(aboutChild('listed-not-in-cohort', id));
    this.#cohort.addListed(listedNotMet.size);
    // Whoever is staged in this range and was not met in the SSD has left the cohort. Before going live nobody is
    // touched who is not on the allow-list.
    for (const absent of before.values()) {
      if (allowList !== undefined && !allowList.has(this.#keyOf(absent.personId))) continue;
      const left = stageAbsence(absent, this.#pseudonyms);
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

  /** Whether anybody has ended or cancelled the run, or another attempt has planned it. */
  async #isOver(): Promise<boolean> {
    const { runs } = this.#dependencies;
    const { runId } = this.#request;
    return (await isOver(runId, runs)) || (await runs.plan.isThere(runId));
  }

  /**
   * Decides on, builds and stages one person. Whatever stands in the rows, it comes to an end: a child that cannot be
   * built is held, and no other child notices.
   */
  #person(person: PersonRead, about: AboutPerson): PersonOutcome {
    try {
      return this.#decide(person, about);
    } catch {
      // What went wrong may quote a value; that it did is all that is told.
      this.#figures.held += 1;
      const id = person.rows.person.pers_person_id ?? '';
      return { ...metHere, findings: [aboutChild('payload-unfit', id)] };
    }
  }

  #decide(
    { rows, personRows, duplicateColumns, isSpelledTwice }: PersonRead,
    about: AboutPerson,
  ): PersonOutcome {
    const { known, listed, allowed, isTwice } = about;
    const id = rows.person.pers_person_id ?? '';
    if (isPlaceholder(this.#rules.placeholders, id)) {
      // Whose rows meet under such an id is anybody's guess: no two of them belong to one child.
      this.#cohort.addPlaceholder();
      this.#cohort.addRowsOutside(rows, personRows, new Set([rows.person]));
      return { ...outside, isHere: true, findings: [aboutChild('child-id', id)] };
    }
    const membership = this.#cohort.add(rows, listed, allowed);
    switch (membership) {
      case 'not in the cohort':
        this.#cohort.addRowsOutside(rows, personRows);
        return { isListed: false, isHere: false, isInCohort: false, findings: [] };
      case 'in no set': {
        this.#cohort.addRowsOutside(rows, personRows);
        // A row that leads to nobody any more may be what let the child in.
        const isLost = holdsLost(heldTexts(known), this.#rules.lostItems);
        return isLost
          ? { ...outside, isHere: true, findings: [aboutChild('cohort-unclear', id)] }
          : { isListed: false, isHere: false, isInCohort: false, findings: [] };
      }
      case 'not listed':
        this.#cohort.addRowsOutside(rows, personRows);
        return { ...outside, isListed: true, findings: [aboutChild('in-cohort-not-listed', id)] };
      case 'not on the allow-list':
        this.#cohort.addRowsOutside(rows, personRows);
        return { ...outside, isListed: true };
      case 'unclear by absence':
        this.#cohort.addRowsOutside(rows, personRows);
        return known === undefined || !isAtDfe(known)
          ? outside
          : { ...outside, isHere: true, findings: [aboutChild('cohort-unclear', id)] };
      case 'unclear':
        return this.#unclear(rows, personRows, known);
      case 'in the cohort':
        break;
    }
    this.#figures.cohort += 1;
    if (isTwice || isSpelledTwice) {
      this.#figures.held += 1;
      this.#cohort.addRowsOutside(rows, personRows);
      return { ...metHere, findings: [aboutChild('child-id-twice', id)] };
    }
    const built = buildChild(rows, this.#rules, this.#schema, heldTexts(known));
    const { findings } = built;
    if (built.child === undefined) {
      this.#figures.held += 1;
      this.#cohort.addRowsOutside(rows, personRows, built.namedRows);
      return { ...metHere, findings };
    }
    const child = stageChild(built.child, known, this.#pseudonyms);
    if (child.size + bodyOverhead > this.#dependencies.chunkLimits.maxBytes) {
      this.#figures.held += 1;
      this.#cohort.addRowsOutside(rows, personRows, new Set([...built.namedRows, rows.person]));
      return { ...metHere, findings: [...findings, aboutChild('payload-too-large', id)] };
    }
    this.#cohort.addRowsOutOfScope(built.rowsOutOfScope);
    if (duplicateColumns.length === 0) this.#cohort.addSamePersons(personRows - 1);
    this.#fill.add(built.child, child.rowState === 'Unchanged' ? true : known?.acknowledged?.json);
    this.#idChurn.add(
      child.rowState === 'Unchanged'
        ? idsHeld(built.child)
        : idChangeOf(built.child, known?.acknowledged?.json),
    );
    return { ...metHere, findings, staged: { personId: id, ...child } };
  }

  /** Held back, with the findings that say which values decide; a child that DfE holds is neither sent nor removed. */
  #unclear(rows: PersonRows, personRows: number, known: StagedChild | undefined): PersonOutcome {
    const id = rows.person.pers_person_id ?? '';
    const { findings, namedRows } = buildChild(rows, this.#rules, this.#schema, heldTexts(known));
    // Sent without their date where something under them lies in the window; here the date decides.
    const undated = rows.ssd_cin_episodes.filter(
      (row) => row.cine_referral_date === null && !namedRows.has(row),
    );
    this.#cohort.addRowsOutside(rows, personRows, new Set([...namedRows, ...undated, rows.person]));
    this.#figures.held += 1;
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

  async #queue(staged: StagedPerson): Promise<void> {
    // A leaver whose purge DfE has refused has left on an earlier night.
    if (staged.refused) this.#figures.refusedBefore += 1;
    if (!staged.refused || staged.rowState !== 'Deleted') this.#figures[figureOf[staged.rowState]] += 1;
    const mode = this.#request.mode ?? this.#dependencies.mode;
    const key = this.#keyOf(staged.personId);
    const isNamed = this.#named.has(key);
    if (isNamed) this.#namedMet.add(key);
    const submission = toBeSent(staged, this.#request.scope, isNamed, mode);
    if (submission === undefined) return;
    this.#figures.toSend += 1;
    await this.#chunks.add(submission);
  }
}

const noFigures: Checkpoint['figures'] = {
  personsRead: 0,
  cohort: 0,
  held: 0,
  new: 0,
  updated: 0,
  unchanged: 0,
  leavers: 0,
  withdrawn: 0,
  refusedBefore: 0,
  toSend: 0,
  namedNotFound: 0,
};

type StagedPerson = Staged & { readonly personId: string };

/** What is known of a person besides its rows. */
interface AboutPerson {
  readonly known: StagedChild | undefined;
  readonly listed: boolean | undefined;
  readonly allowed: boolean | undefined;
  /** A person of the same id, as the database compares ids, is in the cohort already. */
  readonly isTwice: boolean;
}

/** What comes of one person. */
interface PersonOutcome {
  /** The authority's own list is right about the child. */
  readonly isListed: boolean;
  /** The child has not left the cohort, whether it is sent or held. */
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
function heldTexts(known: StagedChild | undefined): readonly string[] {
  if (known === undefined) return [];
  const acknowledged = known.acknowledged === undefined ? [] : [known.acknowledged.json];
  return [...acknowledged, ...known.mayHold];
}

/** So that chunks do not depend on the order of rows. */
function inOrderOfIds(persons: readonly PersonRead[]): PersonRead[] {
  return [...persons].sort(byTexts(({ rows }) => rows.person.pers_person_id));
}

/** One finding for each table or column that the SSD does not have and that something is sent from or decided by. */
function absences({ absentTables, absentColumns }: Survey, hasNoProfessionals: boolean): Finding[] {
  const columns = absentColumns.flatMap(({ table, column }) =>
    table === 'ssd_professionals' || saysWho.test(column) ? [] : [{ table, column, found: 'a column' }],
  );
  const tables = [...absentTables].map((table) => ({ table, column: rowIdOf(table), found: 'a table' }));
  const noRegistration = absentColumns.some(({ column }) => column === registrationColumn);
  const workers = noRegistration || hasNoProfessionals ? [ofWorkers] : [];
  return [...tables, ...columns, ...workers].map(({ table, column, found }) => ({
    rule: 'column-absent',
    table,
    rowId: null,
    column,
    found: `${found} that is not there`,
  }));
}

/** Some factors meet no assessment, or are nobody's: an assessment without factors may have had them. */
function factorsMayBeMissing({ factorsWithoutAssessment, belonging }: Survey): boolean {
  const { ofNobody = 0, ofTwo = 0 } = belonging.get('ssd_assessment_factors') ?? {};
  return factorsWithoutAssessment + ofNobody + ofTwo > 0;
}

/** No worker can be sent without the numbers of the professionals. */
const ofWorkers = {
  table: 'ssd_involvements',
  column: registrationColumn,
  found: 'a column of ssd_professionals',
} as const;

/** Columns that only help an analyst to find the record. */
const saysWho = /_(team|worker_id)$/;

/** One finding for all persons without an id: they cannot be told apart. */
function withoutId(persons: number): Finding[] {
  if (persons === 0) return [];
  const found = `${String(persons)} persons without an id`;
  return [{ rule: 'child-id', table: 'ssd_person', rowId: null, column: 'pers_person_id', found }];
}

function aboutChild(rule: FindingRule, rowId: string): Finding {
  return { rule, table: 'ssd_person', rowId, column: 'pers_person_id', found: 'a child', childId: rowId };
}

const figureOf = {
  New: 'new',
  Updated: 'updated',
  Unchanged: 'unchanged',
  Deleted: 'leavers',
  Withdrawn: 'withdrawn',
} as const;
