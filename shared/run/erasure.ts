import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { readAhead, type Asker, type Erasure, type Ledger } from './ledger.js';
import type { RunId } from './runRecords.js';

/**
 * What the staging table knows of a child. `DfE holds nothing`: nothing is acknowledged and nothing that was sent is
 * unanswered.
 */
export type RowStanding = 'no row' | 'DfE holds nothing' | 'DfE holds the child' | 'DfE may hold the child';

/** The rows of the staging table, as an erasure sees them. */
export interface StagedRows {
  /** What two ids have in common that the table takes for one. */
  keyOf(personId: string): string;
  standingOf(personId: string): Promise<RowStanding>;
  /** Removes the row if at that moment DfE holds nothing of the child, in one statement. @returns whether it did */
  removeIfNotHeld(personId: string): Promise<boolean>;
}

/** Where something about a child is stored. */
export interface StoredCopy {
  readonly kind: CopyKind;
  /** The name of a blob, or `staging table`. */
  readonly where: string;
}

const runs = 'runs/';
/** Holds the request of the run that is going on and of the one that waits. */
const turn = 'turn.json';
const stagingTable = 'staging table';

/** Why a copy stays. None of these says more of a child than its id, its hash and what became of it. */
const whyKept = {
  'emptied payload':
    'The payload was erased before; what is left is the id of the child, the hash of what was sent and the time of the erasure.',
  result:
    "Records that the child was sent, its hash, and DfE's receipt or its words with all values removed. It goes with its run.",
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
  'DfE holds nothing': 'It was written again while it was being removed. Ask again.',
} as const;

export type CopyKind = 'payload' | 'staging row' | keyof typeof whyKept;

/** What an erasure takes away, and what it leaves. */
export type ErasurePlan = Pick<Erasure, 'removed' | 'kept'>;

export interface CopiesDependencies {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly staging: StagedRows;
}

export interface ErasureDependencies extends CopiesDependencies {
  readonly now: () => Date;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** While a run is going on it may write or send the very copies that are to go. */
export class RunGoingOnError extends Error {
  readonly runId: RunId;

  constructor(runId: RunId) {
    super(
      `Run ${runId} is going on, or waits for approval. Nothing was erased; ask again when it has ended.`,
    );
    this.name = 'RunGoingOnError';
    this.runId = runId;
  }
}

/**
 * Everything that is stored about a child, also what was written and never sent. Reads every stored run and the whole
 * ledger.
 */
export async function copiesOf(
  personId: string,
  { blobs, ledger, staging }: CopiesDependencies,
): Promise<StoredCopy[]> {
  const standing = await staging.standingOf(personId);
  const copies: StoredCopy[] = standing === 'no row' ? [] : [{ kind: 'staging row', where: stagingTable }];
  const folders = (await blobs.folders(runs)).map((runId) => `${runs}${runId}/`);
  for (const prefix of [...folders, turn]) {
    const names = (await blobs.list(prefix)).map(({ name }) => name);
    const read = readAhead(names, async (name) => {
      const content = await blobs.read(name);
      // Gone since it was listed: retention took it.
      const kind = content === undefined ? undefined : kindOf(name, content, personId, staging);
      return { kind, where: name };
    });
    for await (const { kind, where } of read) if (kind !== undefined) copies.push({ kind, where });
  }
  for await (const { name, childIds } of ledger.entries()) {
    if (childIds.some(isChild(personId, staging))) copies.push({ kind: 'ledger entry', where: name });
  }
  return copies;
}

/** What an erasure would do now; changes nothing. The look itself is recorded first. */
export async function planErasure(
  personId: string,
  asker: Asker,
  dependencies: ErasureDependencies,
): Promise<ErasurePlan> {
  const { ledger, staging, now, randomHex } = dependencies;
  await ledger.recordAccess(
    { at: now().toISOString(), ...asker, personId, what: 'stored copies' },
    randomHex(),
  );
  const copies = await copiesOf(personId, dependencies);
  const standing = await staging.standingOf(personId);
  return planOf(copies, standing === 'DfE holds nothing' ? undefined : standing);
}

/**
 * Removes what is stored about a child and need not stay, and records what was removed and what was kept. That it was
 * begun is recorded first, so that an erasure that is cut off leaves a trace as well; asked again, it does the rest.
 * @param activeRun the run that is going on
 * @throws RunGoingOnError
 */
export async function eraseChild(
  personId: string,
  asker: Asker,
  activeRun: RunId | undefined,
  dependencies: ErasureDependencies,
): Promise<Erasure> {
  if (activeRun !== undefined) throw new RunGoingOnError(activeRun);
  const { blobs, ledger, staging, now, randomHex } = dependencies;
  const at = now().toISOString();
  await ledger.recordAccess({ at, ...asker, personId, what: 'erasure' }, randomHex());
  const copies = await copiesOf(personId, dependencies);
  for (const { kind, where } of copies) {
    if (kind === 'payload') await emptyPayload(where, isChild(personId, staging), at, blobs);
  }
  const rowIsGone = await staging.removeIfNotHeld(personId);
  const plan = planOf(copies, rowIsGone ? undefined : await staging.standingOf(personId));
  const erasure: Erasure = { at, ...asker, personId, ...plan };
  await ledger.recordErasure(erasure, randomHex());
  return erasure;
}

/** @param row how the staging row stands that stays; `undefined` when it goes */
function planOf(copies: readonly StoredCopy[], row: RowStanding | undefined): ErasurePlan {
  const listed = (kind: CopyKind) => ({
    kind,
    where: copies.filter((copy) => copy.kind === kind).map(({ where }) => where),
  });
  const any = ({ where }: { readonly where: readonly string[] }) => where.length > 0;
  const rows = listed('staging row');
  const rowStays = row !== undefined && row !== 'no row';
  return {
    removed: [listed('payload'), ...(rowStays ? [] : [rows])].filter(any),
    kept: [
      ...(rowStays ? [{ ...rows, why: whyRowStays[row] }] : []),
      ...keptKinds.map((kind) => ({ ...listed(kind), why: whyKept[kind] })),
    ].filter(any),
  };
}

/** As much of a chunk as an erasure reads; what else stands in it stays as it is, whatever version has written it. */
const chunkSchema = z.looseObject({
  children: z.array(z.looseObject({ personId: z.string(), erasedAt: z.string().optional() })),
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
function kindOf(name: string, content: string, personId: string, staging: StagedRows): CopyKind | undefined {
  const isIt = isChild(personId, staging);
  const [, , folder] = name.split('/');
  switch (folder) {
    case 'chunks': {
      const found = parsed(name, content, chunkSchema).children.filter((child) => isIt(child.personId));
      if (found.length === 0) return undefined;
      return found.some(({ erasedAt }) => erasedAt === undefined) ? 'payload' : 'emptied payload';
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
      const named = staging.keyOf(content).includes(staging.keyOf(JSON.stringify(personId)));
      if (!named) return undefined;
      if (folder === 'checkpoint.json') return 'checkpoint';
      return folder === 'request.json' || name === turn ? 'request' : 'other record';
    }
  }
}

/** Others may write the blob at the same time, though nothing should. */
const tries = 5;

async function emptyPayload(
  name: string,
  isIt: (personId: string) => boolean,
  erasedAt: string,
  blobs: BlobStore,
): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const stored = await blobs.readTagged(name);
    if (stored === undefined) return;
    const chunk = parsed(name, stored.content, chunkSchema);
    const children = chunk.children.map((child) =>
      isIt(child.personId) && child.erasedAt === undefined
        ? { ...child, payload: {}, holds: 'nothing', erasedAt }
        : child,
    );
    if (await blobs.replace(name, JSON.stringify({ ...chunk, children }), stored.tag)) return;
  }
  throw new Error(
    `The blob ${name} could not be written over: something else writes it, or an immutability policy of the storage account protects it. The erasure is not complete; mend this and ask again.`,
  );
}

function isChild(personId: string, staging: StagedRows): (id: string) => boolean {
  const key = staging.keyOf(personId);
  return (id) => staging.keyOf(id) === key;
}

/** @throws Error that names the blob and quotes nothing of it */
function parsed<Schema extends z.ZodType>(name: string, content: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw new Error(
      `The blob ${name} does not hold what this version writes there, so it cannot be said whether it holds the child. Nothing was erased.`,
    );
  }
}
