import { z } from 'zod';
import { landsWithinMs } from '../host/durations.js';

/**
 * A POST about a child. While we cannot tell how it ended (there was no answer, or an earlier try had none), DfE may take
 * it at any moment until `landsWithinMs` after `at`.
 */
export interface OpenPost {
  /** The run that sent it. A run sends one and the same submission of a child, however often it tries. */
  readonly run: string;
  /** The attempt that sent it. */
  readonly claim: string;
  /** When the attempt began. */
  readonly at: Moment;
  /**
   * It has ended, and is listed with others that have not: when a row is in doubt and its last attempt is not listed, a
   * version that keeps no open posts has sent it.
   */
  readonly hasEnded?: true | undefined;
}

/**
 * A moment by two clocks, because one of them may be wrong: a POST is over only when each clock that can tell says so. A
 * clock that is now earlier than it was then has been set back, and cannot tell.
 */
export interface Moment {
  readonly database: Date;
  /** Not known where an earlier version has written it. */
  readonly app: Date | undefined;
}

/**
 * What we cannot tell about a child at DfE. While there is an `unanswered`, the child is in doubt and outstanding. Open
 * posts without it do no harm: each carries what DfE acknowledged last.
 */
export interface Doubt {
  /** What DfE may hold in addition to what it has acknowledged, as in `unanswered_json_payload`; see `submissionsIn`. */
  readonly unanswered: string | undefined;
  readonly posts: readonly OpenPost[];
}

/** An attempt is about to post a submission. */
interface Beginning {
  readonly post: OpenPost;
  /** The submission, as the JSON text that goes to DfE. */
  readonly sent: string;
  /** What DfE holds if all open posts carry what it has acknowledged: that payload, or the purge of the child. */
  readonly acknowledged: string;
}

/** What is in doubt from the moment an attempt begins. POSTs that can no longer land are dropped; the doubt they left stays. */
export function doubtOnceBegun(before: Doubt, { post, sent, acknowledged }: Beginning): Doubt {
  const posts = openAt(before, post.at).filter((open) => !isSame(open, post));
  const bringsBack = before.unanswered === undefined && isOfOthers(posts, post.run);
  const unanswered = bringsBack ? withSubmission(undefined, acknowledged) : before.unanswered;
  return { unanswered: withSubmission(unanswered, sent), posts: [...posts, post] };
}

/** Whether DfE holds, or may later hold, something other than what `run` sends of the child. */
export function isInDoubt(before: Doubt, post: OpenPost): boolean {
  return before.unanswered !== undefined || staysInDoubt(before, post);
}

/** Whether the child stays in doubt after any answer of DfE: an older POST may still arrive after this one. */
export function staysInDoubt(before: Doubt, { run, at }: Pick<OpenPost, 'run' | 'at'>): boolean {
  return isOfOthers(openAt(before, at), run);
}

/** The POSTs that may still land. */
export function openAt({ posts }: Doubt, now: Moment): readonly OpenPost[] {
  return posts.filter((post) => isOpen(post) && canStillLand(post, now));
}

/**
 * DfE has accepted it. That clears what came before, unless a POST of another run may still land after it.
 * @param mayLandAgain an earlier try of it had no answer
 */
export function doubtOnceAccepted(
  before: Doubt,
  post: Omit<OpenPost, 'claim'> & { readonly claim: string | undefined },
  mayLandAgain: boolean,
): Doubt {
  const { run, claim, at } = post;
  if (claim === undefined) return clearedUnlessOfOthers(before, run);
  const own = before.posts.find((open) => isSame(open, { run, claim })) ?? { run, claim, at };
  const others = before.posts.filter((open) => !isSame(open, own));
  if (isOfOthers(others, run)) {
    return { ...before, posts: [...others, mayLandAgain ? own : { ...own, hasEnded: true }] };
  }
  return { unanswered: undefined, posts: mayLandAgain ? [...others, own] : others };
}

function clearedUnlessOfOthers(before: Doubt, run: string): Doubt {
  return isOfOthers(before.posts, run) ? before : { ...before, unanswered: undefined };
}

/** Whether DfE's refusal is final: no older POST can still land and make DfE hold something else. */
export function isFinalRefusal({ posts }: Doubt, run: string): boolean {
  return !isOfOthers(posts, run);
}

/** DfE certainly did not take it, and there was no doubt before it. */
export function doubtOnceNotTaken(before: Doubt, post: Pick<OpenPost, 'run' | 'claim'>): Doubt {
  const own = before.posts.find((open) => isSame(open, post));
  if (own === undefined) return before;
  const others = before.posts.filter((open) => open !== own);
  if (!others.some(isOpen)) return { unanswered: undefined, posts: [] };
  return { ...before, posts: [...others, { ...own, hasEnded: true }] };
}

function isOfOthers(posts: readonly OpenPost[], run: string): boolean {
  return posts.some((post) => isOpen(post) && post.run !== run);
}

function isOpen({ hasEnded }: OpenPost): boolean {
  return hasEnded !== true;
}

function isSame(one: Pick<OpenPost, 'run' | 'claim'>, other: Pick<OpenPost, 'run' | 'claim'>): boolean {
  return one.run === other.run && one.claim === other.claim;
}

function canStillLand({ at }: OpenPost, now: Moment): boolean {
  const passed = [elapsed(at.database, now.database), elapsed(at.app, now.app)].filter(
    (ms): ms is number => ms !== undefined && ms >= 0,
  );
  return passed.length === 0 || passed.some((ms) => ms < landsWithinMs);
}

function elapsed(since: Date | undefined, now: Date | undefined): number | undefined {
  return since && now && now.getTime() - since.getTime();
}

/**
 * What `unanswered_json_payload` holds: the submissions of a child that were sent and never answered, one JSON text a
 * line, the oldest first. All are kept, because a later one does not name all that an earlier one does: the purge of an
 * episode does not name what is under it.
 */
export function submissionsIn(text: string | undefined): string[] {
  if (text === undefined) return [];
  // Data to Insight's scripts may have written a text of several lines.
  return isJson(text) ? [text] : text.split('\n').filter((line) => line !== '');
}

/** The text with one more submission; one that it holds already is not added. */
export function withSubmission(text: string | undefined, submission: string): string {
  const lines = submissionsIn(text).map(asOneLine);
  return (lines.includes(submission) ? lines : [...lines, submission]).join('\n');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A text that is not JSON names nothing. */
function asOneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

const dateSchema = z.iso.datetime().transform((at) => new Date(at));
const openPostsSchema = z.array(
  z.object({
    run: z.string(),
    claim: z.string(),
    at: z.object({ database: dateSchema, app: dateSchema.optional().transform((app) => app) }),
    hasEnded: z.literal(true).optional(),
  }),
);

/**
 * Reads `open_posts`.
 * @param now a text that cannot be read counts as one post, open since this moment
 */
export function openPostsIn(text: string, now: Moment): readonly OpenPost[] {
  try {
    return openPostsSchema.parse(JSON.parse(text));
  } catch {
    return [{ run: 'unreadable', claim: 'unreadable', at: now }];
  }
}

/** @returns `undefined` when there are none */
export function openPostsText(posts: readonly OpenPost[]): string | undefined {
  return posts.length === 0 ? undefined : JSON.stringify(posts);
}
