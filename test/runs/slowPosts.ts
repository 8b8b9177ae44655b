import assert from 'node:assert/strict';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import type { RunId } from '../../shared/records/runId.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { aWorld, byHand, nightly, type Dependencies, type SsdName } from './world.js';
import { statusOf } from './statusOf.js';

export const world = aWorld(12);
export const day = 24 * 60;
/** A person's request that is approved at once. */
export const approvedRequest = { ...byHand, approve: true } as const;

/** A POST that is on its way: it has left the sender and waits in the network until it is let in. */
class SlowPost {
  readonly #children: Promise<readonly object[]>;
  #leave: (children: readonly object[]) => void = () => undefined;
  readonly #answer: Promise<Answer>;
  #answered: (answer: Answer) => void = () => undefined;

  constructor() {
    this.#children = new Promise((resolve) => (this.#leave = resolve));
    this.#answer = new Promise((resolve) => (this.#answered = resolve));
  }

  readonly post: Dependencies['post'] = (children) => {
    this.#leave(children);
    return this.#answer;
  };

  /** Until the sender has posted. */
  async isUnderWay(): Promise<void> {
    await this.#children;
  }

  /** DfE takes it. @returns DfE's answer, which the sender has not heard yet */
  async lands({ post }: Dependencies): Promise<Answer> {
    return post(await this.#children);
  }

  /** The sender hears the answer. */
  hears(answer: Answer): void {
    this.#answered(answer);
  }
}
type Answer = Awaited<ReturnType<Dependencies['post']>>;

/** A run that is extracted, and whose chunks a test delivers itself. */
export async function planned(
  ssd: SsdName,
  more: Partial<Dependencies> = {},
  wish: NewRunRequest = approvedRequest,
): Promise<{ runId: RunId; chunks: ChunkMessage[]; dependencies: Dependencies }> {
  const dependencies = world.dependencies(ssd, more);
  const runId = await world.begin(dependencies, wish);
  return { runId, chunks: await extractRun(runId, dependencies), dependencies };
}

/** A first delivery of every chunk whose POST is slow: none of them ends before the test lets it. */
export async function deliveredSlowly(
  chunks: readonly ChunkMessage[],
  ssd: SsdName,
  more: Partial<Dependencies> = {},
) {
  const deliveries = chunks.map((chunk) => {
    const slow = new SlowPost();
    const dependencies = world.dependencies(ssd, { ...more, post: slow.post });
    return { slow, done: sendChunk(chunk, dependencies).catch(() => undefined) };
  });
  for (const { slow } of deliveries) await slow.isUnderWay();
  return {
    /** DfE takes them all, and each sender hears of it or has been killed. */
    land: async (dependencies: Dependencies, senders: 'hear' | 'were killed') => {
      for (const { slow, done } of deliveries) {
        const answer = await slow.lands(dependencies);
        if (senders === 'were killed') continue;
        slow.hears(answer);
        await done;
      }
    },
  };
}

/** The next run sends what is in doubt once more and succeeds, and DfE holds just what the SSD says; so is the one after. */
export async function assertPutRight(ssd: SsdName, more: Partial<Dependencies> = {}): Promise<void> {
  const expected = await world.expected(ssd);
  for (const night of ['the next night', 'the night after']) {
    world.later(day);
    const dependencies = world.dependencies(ssd, more);
    const runId = await world.run(dependencies, { ...nightly, approve: true });
    assert.ok(runId !== undefined);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed', night);
    assert.deepEqual(world.dfe.children(), expected, night);
  }
}
