import { z } from 'zod';
import type { BlobStore } from '../records/blobStore.js';
import { Rest, type Deadline } from '../records/inTime.js';
import type { Ledger } from '../records/ledger.js';
import type { AnsweredChild, Asker, LedgerPlace } from '../records/ledgerEntries.js';
import { receiverSchema } from '../records/receiver.js';
import { runIdSchema } from '../records/runId.js';
import { runRequestSchema } from '../records/runRequest.js';

/** Something that was sent to DfE about a child. */
export const disclosureSchema = z.object({
  at: z.iso.datetime(),
  runId: runIdSchema,
  chunk: z.int().positive(),
  receiver: receiverSchema,
  kind: z
    .enum(['whole record', 'removal'])
    .describe("A removal tells DfE to delete the child; it holds nothing but the child's ids."),
  hash: z.string().describe('SHA-256 of what DfE should hold afterwards.'),
  outcome: z
    .enum(['accepted', 'refused', 'outstanding', 'unknown'])
    .describe(
      '`outstanding`: given up; we cannot tell whether DfE has it. `unknown`: there is no answer, the sender stopped between the record and the answer, or a later submission took its place.',
    ),
  receipt: z.string().optional(),
  trigger: runRequestSchema.shape.trigger,
  requestedBy: z.string(),
  reason: z.string().optional(),
  copy: z.string().describe('The blob that still holds what was sent, or `removed`.'),
});
export type Disclosure = z.output<typeof disclosureSchema>;

interface SubjectAccessDependencies {
  readonly ledger: Ledger;
  readonly blobs: BlobStore;
  readonly now: () => Date;
  readonly randomHex: () => string;
  /** The same key for all ids of one child. */
  readonly idKey: () => Promise<(personId: string) => string>;
}

interface Disclosures {
  readonly disclosures: readonly Disclosure[];
  /** Where the next call continues, when there was not enough time for the whole ledger. */
  readonly next: LedgerPlace | undefined;
}

/**
 * What was sent to DfE about a child, oldest first. Reads the whole ledger, or as much of it as there is time for.
 * The request is recorded first, so that the ledger knows of every answer.
 */
export async function disclosuresAbout(
  personId: string,
  asker: Asker,
  { ledger, blobs, now, randomHex, idKey }: SubjectAccessDependencies,
  deadline: Deadline,
  from?: LedgerPlace,
): Promise<Disclosures> {
  await ledger.recordAccess(
    { at: now().toISOString(), ...asker, personId, what: 'disclosures' },
    randomHex(),
  );
  const keyOf = await idKey();
  const key = keyOf(personId);
  const disclosures: Disclosure[] = [];
  let next: LedgerPlace | undefined;
  for await (const entry of ledger.sent({ from, deadline })) {
    if (entry instanceof Rest) {
      next = entry.from;
      break;
    }
    const sent = entry.children.filter((child) => keyOf(child.personId) === key);
    if (sent.length === 0) continue;
    const answer = await ledger.answerTo(entry.runId, entry.chunk);
    const held = await idsWithPayload(entry.blob, blobs);
    for (const child of sent) {
      disclosures.push({
        at: entry.at,
        runId: entry.runId,
        chunk: entry.chunk,
        receiver: entry.receiver,
        kind: child.change === 'Deleted' ? 'removal' : 'whole record',
        hash: child.hash,
        ...outcomeOf(answer?.children.find((answered) => answered.personId === child.personId)),
        trigger: entry.trigger,
        requestedBy: entry.requestedBy,
        ...(entry.reason === undefined ? {} : { reason: entry.reason }),
        copy: held.has(child.personId) ? entry.blob : 'removed',
      });
    }
  }
  // A run that died and was completed later has chunks that were sent after those of a newer run.
  return { disclosures: disclosures.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)), next };
}

function outcomeOf(answered: AnsweredChild | undefined): Pick<Disclosure, 'outcome' | 'receipt'> {
  switch (answered?.outcome) {
    case 'accepted':
      return { outcome: 'accepted', receipt: answered.receipt };
    case 'refused':
    case 'outstanding':
      return { outcome: answered.outcome };
    default:
      return { outcome: 'unknown' };
  }
}

/** The part of a chunk that says whose payload it still holds, whichever version wrote it. */
const holdersSchema = z.object({
  children: z.array(z.object({ personId: z.string(), erasedAt: z.string().optional() })),
});

async function idsWithPayload(name: string, blobs: BlobStore): Promise<Set<string>> {
  const content = await blobs.read(name);
  if (content === undefined) return new Set();
  try {
    const { children } = holdersSchema.parse(JSON.parse(content));
    return new Set(children.filter(({ erasedAt }) => erasedAt === undefined).map(({ personId }) => personId));
  } catch {
    throw new Error(`The blob ${name} does not hold a chunk. Nothing was answered.`);
  }
}
