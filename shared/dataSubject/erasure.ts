import { z } from 'zod';
import type { IdKey } from '../database/idForm.js';
import type { BlobStore } from '../records/blobStore.js';
import { contentHashOf } from '../records/chunkHash.js';
import { readInTime, Rest, type Deadline } from '../records/inTime.js';
import type { Ledger } from '../records/ledger.js';
import type { Access, Asker, Erasure, SearchStep } from '../records/ledgerEntries.js';
import type { RunId } from '../records/runId.js';
import type { HeldAtDfe } from '../staging/stagedChild.js';
import { runsNow, type RunsNow } from './runsNow.js';
import type { RunStore } from '../records/runStore.js';

/** The rows of the staging table, as an erasure sees them. */
export interface StagedRows {
  /** What two ids have in common that the table takes for one. */
  idKey(): Promise<IdKey>;
  heldAtDfe(personId: string): Promise<HeldAtDfe>;
  /** Removes the row if at that moment DfE holds nothing of the child, in one statement. @returns whether it did */
  removeIfNotHeld(personId: string): Promise<boolean>;
}

/** Where something about a child is stored. */
export interface StoredCopy {
  readonly kind: CopyKind;
  /** The name of a blob, or `staging table`. */
  readonly where: string;
}

const runsFolder = 'runs/';
const ledgerFolder = 'ledger/';
/** Holds the request of the run that is going on and of the one that waits. */
const turn = 'turn.json';
const stagingTable = 'staging table';

/** Why a copy stays. None of these says more of a child than its id, its hash and what became of it. */
const whyKept = {
  'emptied payload':
    'The payload was erased before; what is left is the id of the child, the hash of what was sent and the time of the erasure.',
  'emptied answer':
    'What DfE said in full was erased before; what is left is its status, the ids of the children that it was about and the time of the erasure.',
  result:
    "Records that the child was sent, its hash, and DfE's receipt, or the status, the fields and the words of a fixed list out of its refusal. It goes with its run.",
  finding:
    'Names the child by its ids, a row about it, its parent record, a team and a worker, a rule and a column, and holds none of the values. It goes with its run.',
  request: 'Records that a run was asked for that named the child by its id. It goes with its run.',
  checkpoint:
    'Records how far the extract of a run has come: the child was the last one of a range, and is named by its id. It goes with its run.',
  'ledger entry':
    'The record of what was disclosed, or of a request like this one: the council has to be able to show it (UK GDPR, Article 5(2) and 17(3)(b)). It names the child by its id and holds no content.',
  'other record':
    'Names the child by its id, and this version does not know what it is for. Look at the blob, and remove it by hand if it need not stay.',
} as const;
const keptKinds = [
  'emptied payload',
  'emptied answer',
  'result',
  'finding',
  'request',
  'checkpoint',
  'other record',
  'ledger entry',
] as const satisfies readonly (keyof typeof whyKept)[];

const whyRowStays = {
  'DfE holds the child':
    'DfE holds this child, and without the row it could never be removed there. Once the child has left the cohort and a run has removed it at DfE, the row can go: ask again then.',
  'DfE may hold the child':
    'Something was sent about this child and never answered, so DfE may hold it, and without the row it could never be removed there. Once a later run has had an answer, and has removed the child at DfE if it was there, the row can go: ask again then.',
  'a POST may still arrive':
    'Something was sent about this child that had no answer, or was sent twice, and DfE may still take it. Without the row nobody would notice. Ask again in three hours.',
  'DfE holds nothing': 'It was written again while it was being removed. Ask again.',
} as const;

/** What is emptied: the payload of a child, and what DfE said in full about a POST that held it, which may quote it. */
const emptiedKinds = ['payload', 'full answer'] as const;

const copyKindSchema = z.enum([...emptiedKinds, 'staging row', ...keptKinds]);
export type CopyKind = z.output<typeof copyKindSchema>;

/** What an erasure takes away, and what it leaves. */
export interface ErasurePlan extends Pick<Erasure, 'removed' | 'kept'> {
  /** `false` when there was not enough time to look at everything: asked again, it goes on. */
  readonly complete: boolean;
}

/** An erasure that is done, or one that has to be asked for again: then it goes on where it stood. */
export type Erased =
  | { readonly erased: true; readonly erasure: Erasure }
  | { readonly erased: false; readonly plan: ErasurePlan & { readonly complete: false } };

export interface CopiesDependencies {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly staging: StagedRows;
}

export interface ErasureDependencies extends CopiesDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
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

/** The copies that were found so far, and what the next call has to know to go on. */
interface Search {
  readonly id: string;
  readonly steps: number;
  readonly copies: readonly StoredCopy[];
  readonly done: readonly string[];
  readonly next: string | undefined;
  readonly emptied: readonly string[];
}

/** What one call has come to. */
type Stretch = Pick<SearchStep, 'done' | 'next'> & { readonly found: readonly StoredCopy[] };

/**
 * Looks for everything that is stored about a child, also what was written and never sent: in every stored run and the
 * whole ledger, as far as there is time. What came meanwhile is looked at as well, since the folders that were read are
 * known by their names: a run that goes on between two calls has a folder of its own.
 * @param runIds the runs to look at, in place of all there are
 * @returns the whole of the search, and the step to record when another call has to go on
 */
async function lookOn(
  personId: string,
  earlier: Search,
  { blobs, ledger, staging }: CopiesDependencies,
  deadline: Deadline,
  runIds?: readonly RunId[],
): Promise<{ readonly search: Search; readonly stretch: Stretch }> {
  const keyOf = await staging.idKey();
  const isIt = isChild(personId, keyOf);
  const read = async ({ folder, name }: Place) => {
    if (folder.startsWith(ledgerFolder)) {
      const names = (await ledger.childIdsIn(name)).some(isIt);
      return { folder, name, kind: names ? ('ledger entry' as const) : undefined };
    }
    const content = await blobs.read(name);
    // Gone since it was listed: retention took it.
    return {
      folder,
      name,
      kind: content === undefined ? undefined : kindOf(name, content, personId, keyOf),
    };
  };
  const found: StoredCopy[] = [];
  const begun = new Set<string>();
  let rest: Place | undefined;
  for await (const place of readInTime(placesLeft(earlier, blobs, ledger, runIds), read, deadline)) {
    if (place instanceof Rest) {
      rest = place.from;
      break;
    }
    begun.add(place.folder);
    if (place.kind !== undefined) found.push({ kind: place.kind, where: place.name });
  }
  const done = [...begun].filter((folder) => folder !== rest?.folder);
  const stretch = { done, found, ...(rest === undefined ? {} : { next: rest.name }) };
  return { search: withStretch(earlier, stretch, []), stretch };
}

interface Place {
  readonly folder: string;
  readonly name: string;
}

/** Every blob that the earlier calls have not read, one folder after the other. The turn is read each time. */
async function* placesLeft(
  { done, next }: Search,
  blobs: BlobStore,
  ledger: Ledger,
  runIds: readonly RunId[] | undefined,
): AsyncGenerator<Place, void, undefined> {
  const read = new Set(done);
  const ofRuns = [...(runIds ?? (await blobs.folders(runsFolder)))]
    .sort()
    .map((runId) => `${runsFolder}${runId}/`);
  for (const folder of [...ofRuns, turn, ...(await ledger.folders())]) {
    if (read.has(folder) && folder !== turn) continue;
    const from = next?.startsWith(folder) === true ? next : '';
    const names = folder.startsWith(ledgerFolder)
      ? await ledger.namesIn(folder)
      : (await blobs.list(folder)).map(({ name }) => name);
    for (const name of names) if (name >= from) yield { folder, name };
  }
}

function withStretch(search: Search, { done, next, found }: Stretch, emptied: readonly string[]): Search {
  const copies = new Map([...search.copies, ...found].map((copy) => [copy.where, copy]));
  return {
    id: search.id,
    steps: search.steps + 1,
    copies: [...copies.values()],
    done: [...search.done, ...done],
    next,
    emptied: [...search.emptied, ...emptied],
  };
}

/** The search about this child that has not come to its end, from what its calls have recorded. */
async function unfinished(
  personId: string,
  what: SearchStep['what'],
  { ledger, staging }: CopiesDependencies,
): Promise<Search | undefined> {
  const isIt = isChild(personId, await staging.idKey());
  const searches = new Map<string, Search>();
  for await (const step of ledger.searchSteps()) {
    if (step.what !== what || !isIt(step.personId)) continue;
    const search = searches.get(step.search) ?? anew(step.search);
    searches.set(step.search, withStretch(search, { ...step, found: copiesIn(step) }, step.emptied));
  }
  for (const search of [...searches.values()].reverse()) {
    const isOver = what === 'erasure' ? await ledger.hasErasureOf(search.id) : search.next === undefined;
    if (!isOver) return search;
  }
  return undefined;
}

function copiesIn({ found }: SearchStep): StoredCopy[] {
  return found.map(({ kind, where }) => ({ kind: copyKindSchema.parse(kind), where }));
}

function anew(id: string): Search {
  return { id, steps: 0, copies: [], done: [], next: undefined, emptied: [] };
}

type Asked = Access & Pick<SearchStep, 'what'>;

/** Records that somebody asks, and takes up the search that an earlier call has begun. */
async function begin(
  personId: string,
  asker: Asker,
  what: SearchStep['what'],
  dependencies: ErasureDependencies,
): Promise<{ readonly asked: Asked; readonly search: Search }> {
  const { ledger, now, randomHex } = dependencies;
  const at = now().toISOString();
  const random = randomHex();
  const asked = { at, ...asker, personId, what };
  await ledger.recordAccess(asked, random);
  const earlier = await unfinished(personId, what, dependencies);
  return { asked, search: earlier ?? anew(`${at.replace(/[-:.]/g, '')}-${random}`) };
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
  const standing = await staging.heldAtDfe(personId);
  return planOf(copies, standing, standing === 'DfE holds nothing' ? undefined : standing);
}

/** Where two calls go on at the same time, the step of the first one counts; the other has found the same. */
async function recordStep(
  { id, steps }: Search,
  { done, next, found }: Stretch,
  emptied: readonly string[],
  asked: Asked,
  ledger: Ledger,
): Promise<void> {
  await ledger.recordSearchStep({
    ...asked,
    search: id,
    step: steps,
    done: [...done],
    ...(next === undefined ? {} : { next }),
    found: [...found],
    emptied: [...emptied],
  });
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

/** Empties what earlier calls have not emptied, as far as there is time. */
async function emptyCopies(
  search: Search,
  isIt: (personId: string) => boolean,
  at: string,
  blobs: BlobStore,
  deadline: Deadline,
): Promise<{ readonly all: boolean; readonly emptied: readonly string[] }> {
  const before = new Set(search.emptied);
  const left = emptiedKinds.flatMap((kind) =>
    search.copies
      .filter((copy) => copy.kind === kind && !before.has(copy.where))
      .map(({ where }) => ({ kind, where })),
  );
  const empty = async ({ kind, where }: (typeof left)[number]) => {
    await emptyBlob(where, emptiedBy[kind](isIt, at), blobs);
    return where;
  };
  const emptied: string[] = [];
  // One after the other: where one fails, nothing goes on behind its back.
  for await (const where of readInTime(left, empty, deadline, 1)) {
    if (where instanceof Rest) return { all: false, emptied };
    emptied.push(where);
  }
  return { all: true, emptied };
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

/** As much of a chunk as an erasure reads; what else stands in it stays as it is, whatever version has written it. */
const chunkSchema = z.looseObject({
  children: z.array(
    z.looseObject({
      personId: z.string(),
      erasedAt: z.string().optional(),
      payload: z.unknown().optional(),
      holds: z.unknown().optional(),
    }),
  ),
});
const fullAnswersSchema = z.looseObject({
  answers: z.array(z.looseObject({ children: z.array(z.string()), erasedAt: z.string().optional() })),
});
const outcomes = z.array(z.object({ personId: z.string() }));
const resultSchema = z.union([
  z.object({ children: outcomes }).transform(({ children }) => children),
  outcomes,
]);
/** `childId` is absent in findings of earlier versions, which name a child by its row in ssd_person only. */
const findingSchema = z.object({
  table: z.string(),
  rowId: z.string().nullable(),
  childId: z.string().nullish(),
});

/** What a blob of a run holds of the child, `undefined` when it does not name it. */
function kindOf(name: string, content: string, personId: string, keyOf: IdKey): CopyKind | undefined {
  const isIt = isChild(personId, keyOf);
  const [, , folder] = name.split('/');
  switch (folder) {
    case 'chunks': {
      const found = parsed(name, content, chunkSchema).children.filter((child) => isIt(child.personId));
      if (found.length === 0) return undefined;
      return found.some(({ erasedAt }) => erasedAt === undefined) ? 'payload' : 'emptied payload';
    }
    case 'full-answers': {
      const { answers } = parsed(name, content, fullAnswersSchema);
      const found = answers.filter(({ children }) => children.some(isIt));
      if (found.length === 0) return undefined;
      return found.some(({ erasedAt }) => erasedAt === undefined) ? 'full answer' : 'emptied answer';
    }
    case 'answers':
    case 'results':
      return parsed(name, content, resultSchema).some((child) => isIt(child.personId)) ? 'result' : undefined;
    case 'findings':
      return content
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parsed(name, line, findingSchema))
        .flatMap(({ table, rowId, childId }) => [childId, table === 'ssd_person' ? rowId : null])
        .some((id) => typeof id === 'string' && isIt(id))
        ? 'finding'
        : undefined;
    default: {
      const named = keyOf(content).includes(keyOf(JSON.stringify(personId)));
      if (!named) return undefined;
      if (folder === 'checkpoint.json') return 'checkpoint';
      return folder === 'request.json' || name === turn ? 'request' : 'other record';
    }
  }
}

/** Others may write the blob at the same time, though nothing should. */
const tries = 5;

/** What is left of a blob when a child is taken out of it; `undefined` when it is out already. */
type Emptied = (name: string, content: string) => object | undefined;

const emptiedBy = {
  payload: (isIt, erasedAt) => (name, content) => {
    const chunk = parsed(name, content, chunkSchema);
    const isLeft = (child: (typeof chunk.children)[number]) =>
      isIt(child.personId) && child.erasedAt === undefined;
    if (!chunk.children.some(isLeft)) return undefined;
    const children = chunk.children.map((child) =>
      isLeft(child)
        ? { ...child, payload: {}, holds: 'nothing', erasedAt, contentHash: contentHashOf(child) }
        : child,
    );
    return { ...chunk, children };
  },
  // Who of the children an answer speaks of, and in what form, cannot be told: all of it goes.
  'full answer': (isIt, erasedAt) => (name, content) => {
    const record = parsed(name, content, fullAnswersSchema);
    const isLeft = (answer: (typeof record.answers)[number]) =>
      answer.children.some(isIt) && answer.erasedAt === undefined;
    if (!record.answers.some(isLeft)) return undefined;
    const answers = record.answers.map((answer) =>
      isLeft(answer) ? { ...answer, text: '', erasedAt } : answer,
    );
    return { ...record, answers };
  },
} as const satisfies Record<
  (typeof emptiedKinds)[number],
  (isIt: (personId: string) => boolean, erasedAt: string) => Emptied
>;

async function emptyBlob(name: string, emptied: Emptied, blobs: BlobStore): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const stored = await blobs.readTagged(name);
    if (stored === undefined) return;
    const left = emptied(name, stored.content);
    if (left === undefined) return;
    if (await blobs.replace(name, JSON.stringify(left), stored.tag)) return;
  }
  throw new Error(
    `The blob ${name} could not be written over: something else writes it, or an immutability policy of the storage account protects it. The erasure is not complete; correct this and ask again.`,
  );
}

function isChild(personId: string, keyOf: IdKey): (id: string) => boolean {
  const key = keyOf(personId);
  return (id) => keyOf(id) === key;
}

/** @throws Error that names the blob and quotes nothing of it */
function parsed<Schema extends z.ZodType>(name: string, content: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw new Error(
      `The blob ${name} does not hold what this version writes there, so it cannot be said whether it holds the child. The erasure is not complete.`,
    );
  }
}
