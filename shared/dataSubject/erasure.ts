import type { Deadline } from '../records/inTime.js';
import type { Asker, Erasure } from '../records/ledgerEntries.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { emptiedKinds, isChild, keptKinds, whyKept, type CopyKind, type StoredCopy } from './copies.js';
import { emptyCopies } from './emptyCopies.js';
import { runsNow, type RunsNow } from './runsNow.js';
import { begin, lookOn, recordStep, type Search, type SearchDependencies } from './search.js';
import type { StagedRows } from './stagedRows.js';
import type { HeldAtDfe } from '../staging/stagedChild.js';

const stagingTable = 'staging table';

const whyRowStays = {
  'DfE holds the child':
    'DfE holds this child, and without the row it could never be removed there. Once the child has left the cohort and a run has removed it at DfE, the row can go: ask again then.',
  'DfE may hold the child':
    'Something was sent about this child and never answered, so DfE may hold it, and without the row it could never be removed there. Once a later run has had an answer, and has removed the child at DfE if it was there, the row can go: ask again then.',
  'a POST may still arrive':
    'Something was sent about this child that had no answer, or was sent twice, and DfE may still take it. Without the row we could not notice it. Ask again in three hours.',
  'DfE holds nothing': 'It was written again while it was being removed. Ask again.',
} as const;

/** What an erasure takes away, and what it leaves. */
export interface ErasurePlan extends Pick<Erasure, 'removed' | 'kept'> {
  /** `false` when there was not enough time to look at everything: asked again, it goes on. */
  readonly complete: boolean;
}

/** An erasure that is done, or one that has to be asked for again: then it goes on where it stood. */
type Erased =
  | { readonly erased: true; readonly erasure: Erasure }
  | { readonly erased: false; readonly plan: ErasurePlan & { readonly complete: false } };

interface ErasureDependencies extends SearchDependencies {
  readonly runs: RunStore;
}

/** While a run is going on it may write or send the very copies that are to go. */
export class RunGoingOnError extends Error {
  readonly runId: RunId;

  constructor(runId: RunId) {
    super(
      `Run ${runId} is going on, waits for its turn or for approval, or was cancelled while its extract is still at work. This call erased nothing; ask again when the run has ended. An extract that was cut off counts as at work for a little over two hours.`,
    );
    this.name = 'RunGoingOnError';
    this.runId = runId;
  }
}

/**
 * What an erasure would do now; changes nothing. The look itself is recorded first. When there is not enough time, the
 * answer says so and what was found so far; asked again, it goes on.
 */
export async function planErasure(
  personId: string,
  asker: Asker,
  dependencies: ErasureDependencies,
  deadline: Deadline,
): Promise<ErasurePlan> {
  const { ledger, staging } = dependencies;
  const { asked, search: earlier } = await begin(personId, asker, 'stored copies', dependencies);
  const { search, stretch } = await lookOn(personId, earlier, dependencies, deadline);
  const complete = search.next === undefined;
  if (!complete || earlier.steps > 0) await recordStep(search, stretch, [], asked, ledger);
  return { complete, ...(await planNow(personId, search, staging)) };
}

async function planNow(
  personId: string,
  { copies }: Search,
  staging: StagedRows,
): Promise<Pick<Erasure, 'removed' | 'kept'>> {
  const held = await staging.heldAtDfe(personId);
  return planOf(copies, held, held === 'DfE holds nothing' ? undefined : held);
}

/**
 * Removes what is stored about a child and need not stay, and records what was removed and what was kept. That it was
 * begun is recorded first, so that an erasure that is cut off leaves a trace as well; asked again, it does the rest.
 * Nothing is removed before everything was looked at. When the time of one call is not enough, how far it came is
 * recorded, and only the call that does the rest says that the child is erased. A call beside which a run has begun does
 * not say so either: the run may have written new copies.
 * @throws RunGoingOnError
 */
export async function eraseChild(
  personId: string,
  asker: Asker,
  dependencies: ErasureDependencies,
  deadline: Deadline,
): Promise<Erased> {
  const atBegin = await runsNow(dependencies);
  if (atBegin.active !== undefined) throw new RunGoingOnError(atBegin.active);
  const { blobs, ledger, staging, randomHex } = dependencies;
  const { asked, search: earlier } = await begin(personId, asker, 'erasure', dependencies);
  const { at } = asked;
  // A run that begins meanwhile is for the next call to look at, when it has ended.
  const { search, stretch } = await lookOn(personId, earlier, dependencies, deadline, atBegin.runIds);
  const emptying =
    search.next === undefined
      ? await emptyCopies(search, isChild(personId, await staging.idKey()), at, blobs, deadline)
      : { all: false, emptied: [] };
  const unfinishedAnswer = async (): Promise<Erased> => {
    await recordStep(search, stretch, emptying.emptied, asked, ledger);
    return { erased: false, plan: { complete: false, ...(await planNow(personId, search, staging)) } };
  };
  if (!emptying.all || hasRunBegun(atBegin, await runsNow(dependencies))) return unfinishedAnswer();
  const before = await staging.heldAtDfe(personId);
  const rowIsGone = await staging.removeIfNotHeld(personId);
  // One that has begun since may have written the row and its chunks before the row went, and after.
  if (hasRunBegun(atBegin, await runsNow(dependencies))) return unfinishedAnswer();
  const plan = planOf(search.copies, before, rowIsGone ? undefined : await staging.heldAtDfe(personId));
  const erasure: Erasure = { at, ...asker, personId, ...plan };
  if (earlier.steps === 0) await ledger.recordErasure(erasure, randomHex());
  else await ledger.recordErasureOf(search.id, erasure);
  return { erased: true, erasure };
}

function hasRunBegun(before: RunsNow, now: RunsNow): boolean {
  return now.active !== undefined || now.last !== before.last;
}

/**
 * @param before how the staging row stood
 * @param row how it stands when it stays; `undefined` when it goes
 */
function planOf(
  copies: readonly StoredCopy[],
  before: HeldAtDfe,
  row: HeldAtDfe | undefined,
): Pick<Erasure, 'removed' | 'kept'> {
  const listed = (kind: CopyKind) => ({
    kind,
    where: copies.filter((copy) => copy.kind === kind).map(({ where }) => where),
  });
  const any = ({ where }: { readonly where: readonly string[] }) => where.length > 0;
  const rows = { kind: 'staging row', where: before === 'no row' ? [] : [stagingTable] };
  const rowStays = row !== undefined && row !== 'no row';
  return {
    removed: [...emptiedKinds.map(listed), ...(rowStays ? [] : [rows])].filter(any),
    kept: [
      ...(rowStays ? [{ ...rows, why: whyRowStays[row] }] : []),
      ...keptKinds.map((kind) => ({ ...listed(kind), why: whyKept[kind] })),
    ].filter(any),
  };
}
