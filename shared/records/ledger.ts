import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { readAhead, readInTime, Rest, type Deadline } from './inTime.js';
import {
  accessSchema,
  answeredEntrySchema,
  erasureSchema,
  searchStepSchema,
  sentEntrySchema,
  type Access,
  type AnsweredEntry,
  type Erasure,
  type LedgerPlace,
  type SearchStep,
  type SentEntry,
  termsEntrySchema,
  type TermsEntry,
} from './ledgerEntries.js';
import type { RunId } from './runId.js';
import { inName } from './scalars.js';

const root = 'ledger/';
const aboutChild = z.object({ personId: z.string() });
/** The part of any entry that names the children it is about. */
const childrenSchema = z.union([aboutChild, z.object({ children: z.array(aboutChild) })]);

/** Where the entries are. They are added and read; no method writes over one. */
export type LedgerBlobs = Pick<BlobStore, 'create' | 'read' | 'list' | 'folders'>;

/**
 * The record of what was disclosed, to which receiver, when and why, kept as blobs that are never written over:
 * `ledger/<date of the run>/<run>-terms.json`, `…/<run>-<chunk>-sent.json` and `…-answered.json`, `ledger/access/…`, `ledger/searches/…`,
 * `ledger/erasures/…`.
 * It names children by the council's own ids and holds nothing else about them. What is recorded twice changes nothing.
 */
export class Ledger {
  readonly #blobs: LedgerBlobs;

  constructor(blobs: LedgerBlobs) {
    this.#blobs = blobs;
  }

  /** To be called before the first chunk of a run is sent. @returns false when it was recorded before */
  recordTerms(entry: TermsEntry): Promise<boolean> {
    return this.#create(termsName(entry.runId), entry);
  }

  /** `undefined` for a run of a version before 0.3, or one that sent nothing. */
  async termsOf(runId: RunId): Promise<TermsEntry | undefined> {
    const name = termsName(runId);
    const content = await this.#blobs.read(name);
    return content === undefined ? undefined : parsed(name, content, termsEntrySchema);
  }

  /** To be called before the first POST of a chunk. @returns false when it was recorded before */
  recordSending(entry: SentEntry): Promise<boolean> {
    return this.#create(chunkEntryName(entry.runId, entry.chunk, 'sent'), entry);
  }

  /** To be called after the result of a chunk is recorded. @returns false when it was recorded before */
  recordAnswer(entry: AnsweredEntry): Promise<boolean> {
    return this.#create(chunkEntryName(entry.runId, entry.chunk, 'answered'), entry);
  }

  /** @param random a few random hexadecimal digits */
  recordAccess(access: Access, random: string): Promise<void> {
    return this.#createOwn('access', access, random);
  }

  /** @param random a few random hexadecimal digits */
  recordErasure(erasure: Erasure, random: string): Promise<void> {
    return this.#createOwn('erasures', erasure, random);
  }

  /** Records an erasure that took more than one call. @returns false when another call has recorded it */
  recordErasureOf(search: string, erasure: Erasure): Promise<boolean> {
    return this.#create(erasureName(search), erasure);
  }

  async hasErasureOf(search: string): Promise<boolean> {
    return (await this.#blobs.read(erasureName(search))) !== undefined;
  }

  /** @returns false when another call has recorded this step: it is ahead */
  recordSearchStep(step: SearchStep): Promise<boolean> {
    return this.#create(`${root}searches/${step.search}-${String(step.step).padStart(5, '0')}.json`, step);
  }

  /** Each step of each search that took more than one call, in their order. */
  searchSteps(): AsyncGenerator<SearchStep, void, undefined> {
    return this.#folder('searches', searchStepSchema);
  }

  /** Whether a chunk was about to be sent, with or without success. */
  async hasSent(runId: RunId, chunk: number): Promise<boolean> {
    return (await this.#blobs.read(chunkEntryName(runId, chunk, 'sent'))) !== undefined;
  }

  /** `undefined` while a chunk has no result. It stays so when the run died before that. */
  async answerTo(runId: RunId, chunk: number): Promise<AnsweredEntry | undefined> {
    const name = chunkEntryName(runId, chunk, 'answered');
    const content = await this.#blobs.read(name);
    return content === undefined ? undefined : parsed(name, content, answeredEntrySchema);
  }

  /** What was sent, in the order of runs and chunks, as far as there is time. */
  async *sent({
    from = '',
    deadline,
  }: {
    readonly from?: LedgerPlace | undefined;
    readonly deadline: Deadline;
  }): AsyncGenerator<SentEntry | Rest<LedgerPlace>, void, undefined> {
    const read = (name: string) => this.#readEntry(name, sentEntrySchema);
    for await (const entry of readInTime(this.#sentNames(from), read, deadline)) {
      yield entry instanceof Rest ? new Rest(placeOf(entry.from)) : entry;
    }
  }

  /** When DfE was first and last sent something, as far as the ledger goes back; `undefined` when it never was. */
  async firstAndLast(): Promise<{ readonly first: string; readonly last: string } | undefined> {
    const days = (await this.#blobs.folders(root)).filter((folder) => isDay.test(folder));
    const first = await this.#sentAtOneOf(days, (names) => names[0]);
    const last = await this.#sentAtOneOf([...days].reverse(), (names) => names.at(-1));
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  /** @param choose one of the entries of the first of these days that has any */
  async #sentAtOneOf(
    days: readonly string[],
    choose: (names: readonly string[]) => string | undefined,
  ): Promise<string | undefined> {
    for (const day of days) {
      const sent = (await this.namesIn(`${root}${day}/`)).filter((name) => name.endsWith(sentEnding));
      const chosen = choose(sent.sort());
      if (chosen !== undefined) return (await this.#readEntry(chosen, sentEntrySchema)).at;
    }
    return undefined;
  }

  accesses(): AsyncGenerator<Access, void, undefined> {
    return this.#folder('access', accessSchema);
  }

  erasures(): AsyncGenerator<Erasure, void, undefined> {
    return this.#folder('erasures', erasureSchema);
  }

  /** The folders of the ledger, each with its path. */
  async folders(): Promise<string[]> {
    return (await this.#blobs.folders(root)).map((folder) => `${root}${folder}/`);
  }

  /** The names of the blobs in a folder. @param folder its path, as `folders` gives it */
  async namesIn(folder: string): Promise<string[]> {
    return (await this.#blobs.list(folder)).map(({ name }) => name);
  }

  /** The ids of the children that an entry is about. @param name of its blob */
  async childIdsIn(name: string): Promise<readonly string[]> {
    const entry = await this.#readEntry(name, childrenSchema);
    return 'personId' in entry ? [entry.personId] : idsOf(entry.children);
  }

  /** One day of runs is listed at a time. */
  async *#sentNames(from: LedgerPlace): AsyncGenerator<string, void, undefined> {
    for (const folder of await this.#blobs.folders(root)) {
      if (!isDay.test(folder) || folder < from.slice(0, folder.length)) continue;
      for (const name of await this.namesIn(`${root}${folder}/`)) {
        if (name.endsWith(sentEnding) && placeOf(name) >= from) yield name;
      }
    }
  }

  async *#folder<Schema extends z.ZodType>(
    folder: 'access' | 'erasures' | 'searches',
    schema: Schema,
  ): AsyncGenerator<z.output<Schema>, void, undefined> {
    yield* this.#read(await this.namesIn(`${root}${folder}/`), schema);
  }

  #read<Schema extends z.ZodType>(
    names: readonly string[],
    schema: Schema,
  ): AsyncGenerator<z.output<Schema>, void, undefined> {
    return readAhead(names, (name) => this.#readEntry(name, schema));
  }

  async #readEntry<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.output<Schema>> {
    return parsed(name, (await this.#blobs.read(name)) ?? '', schema);
  }

  #create(name: string, entry: object): Promise<boolean> {
    return this.#blobs.create(name, JSON.stringify(entry));
  }

  async #createOwn(
    folder: 'access' | 'erasures',
    entry: { readonly at: string },
    random: string,
  ): Promise<void> {
    const name = `${root}${folder}/${inName(entry.at)}-${random}.json`;
    if (await this.#create(name, entry)) return;
    throw new Error(`The ledger has an entry ${name} already, so this was not recorded. Ask once more.`);
  }
}

const isDay = /^\d{4}-\d{2}-\d{2}$/;
const sentEnding = '-sent.json';

function placeOf(sentName: string): LedgerPlace {
  return sentName.slice(root.length, -sentEnding.length);
}

function erasureName(search: string): string {
  return `${root}erasures/${search}.json`;
}

function chunkEntryName(runId: RunId, chunk: number, step: 'sent' | 'answered'): string {
  return `${folderOf(runId)}${runId}-${String(chunk).padStart(5, '0')}-${step}.json`;
}

function termsName(runId: RunId): string {
  return `${folderOf(runId)}${runId}-terms.json`;
}

function folderOf(runId: RunId): string {
  return `${root}${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}/`;
}

function idsOf(children: readonly { readonly personId: string }[]): string[] {
  return children.map(({ personId }) => personId);
}

/** @throws Error that names the blob and quotes nothing of it: an answer with a gap in it would look complete */
function parsed<Schema extends z.ZodType>(name: string, content: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw new Error(
      `The ledger entry ${name} does not hold what this version writes there. Nothing was answered: the answer would have a gap.`,
    );
  }
}
