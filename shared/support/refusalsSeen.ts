import { z } from 'zod';
import { keptWords, vocabularyWith } from '../dfe/keptWords.js';
import { Rest, type Deadline } from '../records/inTime.js';
import { refusedOfRun } from '../records/refusalsOfRun.js';
import { runIdSchema, type RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { count } from '../records/scalars.js';
import type { RunsSeen } from './runsSeen.js';

/** Bounds of what is read and shown: results of chunks are read until so many refused children have been counted. */
const runsCounted = 2;
const mostChildren = 2000;
const mostTexts = 50;
const longestText = 500;

export const refusalsSeenSchema = z.array(
  z.strictObject({
    runId: runIdSchema,
    complete: z.boolean().describe('`false`: not every refused child of the run was counted.'),
    texts: z
      .array(z.strictObject({ status: z.string().optional(), words: z.string(), children: count }))
      .describe(
        "DfE's status, its words as far as they are names of fields or words of the published messages, and for how many children. The most frequent first.",
      ),
  }),
);
export type RefusalsSeen = z.output<typeof refusalsSeenSchema>;

/** What DfE said about the children that it refused in the newest runs with refusals, without the children. */
export async function refusalsSeen(
  { runs: seen }: RunsSeen,
  runs: RunStore,
  deadline: Deadline,
): Promise<RefusalsSeen> {
  const refusing = seen.filter(({ totals }) => (totals?.refused ?? 0) > 0).slice(0, runsCounted);
  return Promise.all(refusing.map(({ runId }) => refusalsOf(runId, runs, deadline)));
}

async function refusalsOf(runId: RunId, runs: RunStore, deadline: Deadline): Promise<RefusalsSeen[number]> {
  const texts = new Map<string, { status?: string; words: string; children: number }>();
  let children = 0;
  let complete = true;
  for await (const child of refusedOfRun(runId, runs, { deadline })) {
    if (child instanceof Rest || children === mostChildren) {
      complete = false;
      break;
    }
    children += 1;
    const text = textOf(child.reason);
    const key = JSON.stringify(text);
    texts.set(key, { ...text, children: (texts.get(key)?.children ?? 0) + 1 });
  }
  const frequent = [...texts.values()].sort((one, other) => other.children - one.children);
  return {
    runId,
    complete: complete && frequent.length <= mostTexts,
    texts: frequent.slice(0, mostTexts),
  };
}

/** A reason as a result keeps it. */
const reasonPattern = /^(?:([1-9]\d\d): ?)?(.*?)(?: ?\(\d+ words? left out\))?$/s;

/**
 * The words are chosen once more: a result of an early version has all that DfE said, and words that the council has added
 * to the vocabulary stay with the council. Without a payload no index of an item is kept.
 */
function textOf(reason: string): { status?: string; words: string } {
  const [, status, text = ''] = reasonPattern.exec(reason) ?? [];
  const words = keptWords(text, {}, vocabularyWith(), longestText);
  return { ...(status === undefined ? {} : { status }), words };
}
