/** The end of the time that one answer may take. */
export interface Deadline {
  isOver(): boolean;
}

/** For work that no person waits for. */
export const noDeadline: Deadline = { isOver: () => false };

/**
 * Azure's front end gives up on an answer after 230 seconds. The remaining seconds are for reads under way when the
 * time is over: the storage client repeats a slow request.
 */
export const longestAnswerMs = 100_000;

/** The time of one answer, from now on. A clock that is set back does not make it longer. */
export function answerDeadline(now: () => Date): Deadline {
  const begun = now().getTime();
  return {
    isOver: () => {
      const passed = now().getTime() - begun;
      return passed < 0 || passed >= longestAnswerMs;
    },
  };
}

/** The last item of a list for which there was not enough time: the list ends here and is not whole. */
export class Rest<From> {
  /** Where the next call continues. */
  readonly from: From;

  constructor(from: From) {
    this.from = from;
  }
}

/** How many blobs are in memory at a time where many are read. */
const readsAtATime = 8;

/**
 * What `read` makes of each of `items`, in their order; a few are read at the same time. When the time is over, the
 * last one is a `Rest` that names the first item that was not read. A few are always read, so that each call makes
 * progress.
 */
export async function* readInTime<Item, Read>(
  items: AsyncIterable<Item> | Iterable<Item>,
  read: (item: Item) => Promise<Read>,
  deadline: Deadline,
  atATime = readsAtATime,
): AsyncGenerator<Read | Rest<Item>, void, undefined> {
  let next: Item[] = [];
  for await (const item of items) {
    if (next.length === atATime) {
      yield* await Promise.all(next.map(read));
      next = [];
      if (deadline.isOver()) {
        yield new Rest(item);
        return;
      }
    }
    next.push(item);
  }
  yield* await Promise.all(next.map(read));
}

/** What `read` makes of each of `names`, in their order; a few are read at the same time. */
export async function* readAhead<Read>(
  names: readonly string[],
  read: (name: string) => Promise<Read>,
): AsyncGenerator<Read, void, undefined> {
  for (let first = 0; first < names.length; first += readsAtATime) {
    yield* await Promise.all(names.slice(first, first + readsAtATime).map(read));
  }
}

/** From which chunk on a list about the chunks of a run is read, and for how long. */
export interface ListPart {
  readonly from?: number | undefined;
  readonly deadline: Deadline;
}

/**
 * What `read` makes of each chunk from `from` on, as one list in the order of the chunks. When the time is over, the last item
 * names the chunk that comes next.
 * @param atATime how many chunks are in memory at a time
 */
export async function* itemsOfChunks<Item>(
  chunks: readonly number[],
  { from = 1, deadline }: ListPart,
  read: (chunk: number) => Promise<readonly Item[]>,
  atATime: number,
): AsyncGenerator<Item | Rest<number>, void, undefined> {
  const wanted = chunks.filter((chunk) => chunk >= from);
  for await (const items of readInTime(wanted, read, deadline, atATime)) {
    if (items instanceof Rest) yield items;
    else yield* items;
  }
}
