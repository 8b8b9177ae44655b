import { z } from 'zod';
import { canonical } from '../child/canonical.js';
import { momentSchema } from '../database/clock.js';
import type { Row } from '../database/database.js';
import { openPostsIn, openPostsText, type Doubt, type Moment } from './doubt.js';
import type { JsonRow } from './stagingSql.js';

/** The clocks that say how long ago something was sent. */
export interface Clocks {
  readonly app: () => Date;
  /** Instead of the database's own, in tests that let time pass. */
  readonly database?: () => Date;
}

/** What a row says while no other writer can change it. */
export interface LockedRow {
  /** As the table has it. */
  readonly personId: string;
  readonly lockedAt: Moment;
  readonly currentHash: string | undefined;
  readonly sentRunId: string | undefined;
  readonly sentRunNumber: number;
  readonly doubt: Doubt;
  /** What DfE has acknowledged, or else the purge of the child. */
  readonly acknowledged: string;
}

const lockedSchema = z.object({
  person_id: z.string(),
  current_hash: z.string().nullish(),
  previous_json_payload: z.string().nullish(),
  unanswered_json_payload: z.string().nullish(),
  open_posts: z.string().nullish(),
  sent_run_id: z.string().nullish(),
  sent_run_number: z.coerce.number().nullish(),
  sent_claim_id: z.string().nullish(),
  last_updated: momentSchema.nullish(),
  locked_at: momentSchema,
});

/** Reads a row that the statement `lock` gives. */
export function lockedRowOf(locked: Row, clocks: Clocks): LockedRow {
  const row = lockedSchema.parse(locked);
  const lockedAt = { database: clocks.database?.() ?? row.locked_at, app: clocks.app() };
  const unanswered = row.unanswered_json_payload ?? undefined;
  const { sent_run_id: run, sent_claim_id } = row;
  const claim = sent_claim_id ?? '';
  const posts = openPostsIn(row.open_posts ?? '[]', lockedAt);
  // A version that keeps no open posts may have sent it last, and had no answer.
  const mayBeOfEarlier =
    unanswered !== undefined &&
    typeof run === 'string' &&
    !posts.some((open) => open.run === run && open.claim === claim);
  const ofEarlier = mayBeOfEarlier
    ? [{ run, claim, at: { database: row.last_updated ?? lockedAt.database, app: undefined } }]
    : [];
  return {
    personId: row.person_id,
    lockedAt,
    currentHash: row.current_hash?.toLowerCase(),
    sentRunId: run ?? undefined,
    sentRunNumber: row.sent_run_number ?? 0,
    doubt: { unanswered, posts: [...posts, ...ofEarlier] },
    acknowledged: row.previous_json_payload ?? canonical({ la_child_id: row.person_id, purge: true }).json,
  };
}

/** The columns that say what is in doubt, for the statements that write it. */
export function doubtColumns({ unanswered, posts }: Doubt): JsonRow {
  return { unanswered, open_posts: openPostsText(posts) };
}
