import type { BlobStore } from '../records/blobStore.js';
import { contentHashOf } from '../records/chunkHash.js';
import { readInTime, Rest, type Deadline } from '../records/inTime.js';
import { chunkSchema, emptiedKinds, fullAnswersSchema, parsedCopy } from './copies.js';
import type { Search } from './search.js';

/** Empties what earlier calls have not emptied, as far as there is time. */
export async function emptyCopies(
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
  // One after the other: when one fails, no other is still being written.
  for await (const where of readInTime(left, empty, deadline, 1)) {
    if (where instanceof Rest) return { all: false, emptied };
    emptied.push(where);
  }
  return { all: true, emptied };
}

/** Others may write the blob at the same time, though nothing should. */
const tries = 5;

/** What is left of a blob when a child is taken out of it; `undefined` when it is out already. */
type Emptied = (name: string, content: string) => object | undefined;

const emptiedBy = {
  payload: (isIt, erasedAt) => (name, content) => {
    const chunk = parsedCopy(name, content, chunkSchema);
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
  // We cannot tell which children an answer quotes, and in what form, so all of it is removed.
  'full answer': (isIt, erasedAt) => (name, content) => {
    const record = parsedCopy(name, content, fullAnswersSchema);
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
