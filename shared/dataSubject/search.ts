import type { BlobStore } from '../records/blobStore.js';
import { activeRunName } from '../records/activeRun.js';
import { readInTime, Rest, type Deadline } from '../records/inTime.js';
import type { Ledger } from '../records/ledger.js';
import type { Access, Asker, SearchStep } from '../records/ledgerEntries.js';
import { runsRoot } from '../records/runFolder.js';
import type { RunId } from '../records/runId.js';
import { inName } from '../records/scalars.js';
import { copyKindSchema, isChild, kindOf, type StoredCopy } from './copies.js';
import type { StagedRows } from './stagedRows.js';

const ledgerFolder = 'ledger/';

interface CopiesDependencies {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly staging: StagedRows;
}

export interface SearchDependencies extends CopiesDependencies {
  readonly now: () => Date;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** The copies that were found so far, and what the next call needs to continue. */
export interface Search {
  readonly id: string;
  readonly steps: number;
  readonly copies: readonly StoredCopy[];
  readonly done: readonly string[];
  readonly next: string | undefined;
  readonly emptied: readonly string[];
}

/** The result of one call. */
type Stretch = Pick<SearchStep, 'done' | 'next'> & { readonly found: readonly StoredCopy[] };

/**
 * Looks for everything that is stored about a child, also what was written and never sent: in every stored run and
 * the whole ledger, as far as there is time. New folders are looked at as well, because the names of the folders that
 * were read are kept: a run between two calls has a folder of its own.
 * @param runIds the runs to look at, in place of all there are
 * @returns the whole search, and the step to record when another call has to continue
 */
export async function lookOn(
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
    // Deleted since it was listed, by the retention rule.
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

/**
 * Every blob that earlier calls have not read, one folder after the other. The record of the active run is read each
 * time.
 */
async function* placesLeft(
  { done, next }: Search,
  blobs: BlobStore,
  ledger: Ledger,
  runIds: readonly RunId[] | undefined,
): AsyncGenerator<Place, void, undefined> {
  const read = new Set(done);
  const ofRuns = [...(runIds ?? (await blobs.folders(runsRoot)))]
    .sort()
    .map((runId) => `${runsRoot}${runId}/`);
  for (const folder of [...ofRuns, activeRunName, ...(await ledger.folders())]) {
    if (read.has(folder) && folder !== activeRunName) continue;
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

/** The unfinished search about this child, from what its calls have recorded. */
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

/** Records the request, and continues the search that an earlier call has begun. */
export async function begin(
  personId: string,
  asker: Asker,
  what: SearchStep['what'],
  dependencies: SearchDependencies,
): Promise<{ readonly asked: Asked; readonly search: Search }> {
  const { ledger, now, randomHex } = dependencies;
  const at = now().toISOString();
  const random = randomHex();
  const asked = { at, ...asker, personId, what };
  await ledger.recordAccess(asked, random);
  const earlier = await unfinished(personId, what, dependencies);
  return { asked, search: earlier ?? anew(`${inName(at)}-${random}`) };
}

/** When two calls run at the same time, the step of the first one counts; the other has found the same. */
export async function recordStep(
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
