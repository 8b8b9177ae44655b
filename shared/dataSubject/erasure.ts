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

/** What an erasure removes, and what it keeps. */
export interface ErasurePlan extends Pick<Erasure, 'removed' | 'kept'> {
  /** `false` when there was not enough time to look at everything: the next call continues. */
  readonly complete: boolean;
}

/** An erasure that is done, or one that needs another call, which continues it. */
type Erased =
  | { readonly erased: true; readonly erasure: Erasure }
  | { readonly erased: false; readonly plan: ErasurePlan & { readonly complete: false } };

interface ErasureDependencies extends SearchDependencies {
  readonly runs: RunStore;
}

/** A run in progress may write or send the copies that are to be removed. */
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
 * What an erasure would do now; changes nothing. The request is recorded first. When there is not enough time, the
 * answer says so, with what was found so far; the next call continues.
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
 * Removes what is stored about a child and is not needed, and records what was removed and what was kept. The
 * beginning is recorded first, so that an erasure that is cut off leaves a trace; the next call continues it. Nothing
 * is removed before everything was looked at. When one call does not have enough time, its progress is recorded, and
 * only the call that finishes says that the child is erased. A call during which a run has begun does not say so
 * either: the run may have written new copies.
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
  // A run that begins now is looked at by the next call, when it has ended.
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
  // A run that has begun since may have written the row and chunks both before and after the row was removed.
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
 * @param before the state of the staging row before
 * @param row its state when it stays; `undefined` when it was removed
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
