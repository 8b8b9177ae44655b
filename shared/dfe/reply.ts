import { z } from 'zod';
import type { WhyNoAnswer, NoReply, Reply } from './answer.js';
import type { CredentialNames } from './credentials.js';
import { codeOf, longestAnswerBytes, NotSentError, type Answered } from './network.js';

/** The statuses that say something about what was sent: malformed, refused by the firewall, too large. */
const aboutTheChildren = new Set([400, 403, 413, 422]);

const receiptsSchema = z.array(z.string());

/**
 * What DfE's answer to one request means.
 * @param count how many children were posted
 * @param names how to call the credentials in a message
 */
export function replyOf({ status, headers, text }: Answered, count: number, names: CredentialNames): Reply {
  if (status === 200) return receiptsIn(text, count);
  const none = (why: WhyNoAnswer, problem: string, mayHold: boolean): NoReply => {
    return { kind: 'none', why, status, text: problem, mayHold };
  };
  // Without children a 403 can only be about who asks: the other key and newer credentials are tried.
  if (status === 403 && count === 0) {
    return none(
      'unauthorised',
      `DfE answered 403 to a POST without children: check what ${names.supplierKeys} permits, whether ${names.client} belong to LA_CODE, and whether DfE allows this network and DFE_USER_AGENT.`,
      false,
    );
  }
  if (aboutTheChildren.has(status)) return { kind: 'refused', status, text, mayHold: false };
  if (status === 401) {
    return none(
      'unauthorised',
      `DfE answered 401, even to a new token: check ${names.supplierKeys}, ${names.client}, and DFE_SCOPE.`,
      false,
    );
  }
  if (status === 429 || status === 408 || status >= 500) {
    const later =
      status === 429
        ? none('later', 'DfE asked to slow down', false)
        : none('later', 'DfE could not take the batch', true);
    const retryAfterMs = msOf(headers.get('Retry-After'));
    return retryAfterMs > 0 ? { ...later, retryAfterMs } : later;
  }
  return status >= 400
    ? none(
        'unclear',
        `DfE answered ${String(status)}, which says nothing about the children: check DFE_API_BASE_URL and LA_CODE`,
        false,
      )
    : none('unclear', `DfE answered ${String(status)} where only 200 means success`, true);
}

/** What it means that a request had no answer. The message of the error may quote what was sent: only its code is kept. */
export function brokenOff(error: unknown): NoReply {
  const code = codeOf(error);
  const because = code === undefined ? '' : ` (${code})`;
  const isSent = !(error instanceof NotSentError);
  return {
    kind: 'none',
    why: 'later',
    status: 'network',
    text: isSent
      ? `DfE did not answer in time, or the connection broke${because}`
      : `DfE could not be reached${because}`,
    mayHold: isSent,
  };
}

function receiptsIn(text: string | undefined, count: number): Reply {
  const unclear = (problem: string): Reply => {
    return { kind: 'none', why: 'unclear', status: 200, text: problem, mayHold: true };
  };
  if (text === undefined) {
    return unclear(
      `DfE answered 200 with more than ${String(longestAnswerBytes)} bytes, too many for receipts`,
    );
  }
  const noReceipts = 'DfE answered 200 without a JSON list of receipts';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unclear(noReceipts);
  }
  if (!Array.isArray(json)) return unclear(noReceipts);
  // Before they are looked at one by one: there can be hundreds of thousands.
  if (json.length !== count) {
    return unclear(`DfE answered with ${String(json.length)} receipts for ${String(count)} children`);
  }
  const receipts = receiptsSchema.safeParse(json);
  return receipts.success ? { kind: 'accepted', receipts: receipts.data } : unclear(noReceipts);
}

/** Of `Retry-After`, in seconds or as an HTTP date; 0 where it says nothing. */
function msOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
