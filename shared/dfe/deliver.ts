import type { Answer } from './answer.js';
import { withoutValues } from './redaction.js';

/** What is known about one child after its batch was posted. */
export type Delivery =
  | { readonly outcome: 'accepted'; readonly receipt: string }
  | {
      readonly outcome: 'refused';
      readonly reason: string;
      /** DfE may hold it from an earlier try that had no clear answer. */
      readonly mayHold: boolean;
    }
  /** No answer about it: to be sent again. */
  | { readonly outcome: 'unanswered'; readonly mayHold: boolean };

/** One delivery a child, in order; `problem` says why some are unanswered, and names no child. */
export interface Deliveries {
  readonly children: readonly Delivery[];
  readonly problem: string | undefined;
}

const longestReason = 1000;

/**
 * Posts a batch and finds out what DfE says about each child. DfE refuses a whole batch for one bad child, so a refused
 * batch is halved until the bad ones stand alone; all others are accepted. Nothing is posted any more once a part of
 * the batch had no answer.
 * @param children 1 to 100 payloads
 * @param keyWorks DfE has accepted others with the same key, so that a 403 is about the child
 */
export async function deliver(
  children: readonly object[],
  post: (children: readonly object[]) => Promise<Answer>,
  keyWorks = false,
): Promise<Deliveries> {
  let problem: string | undefined;

  const isolate = async (batch: readonly object[], mayHoldAlready: boolean): Promise<Isolated[]> => {
    if (problem !== undefined) return batch.map(() => unanswered(mayHoldAlready));
    const answer = await post(batch);
    if (answer.kind === 'accepted') {
      return answer.receipts.map((receipt) => ({ outcome: 'accepted', receipt }));
    }
    const mayHold = mayHoldAlready || answer.mayHold;
    if (answer.kind === 'none') {
      problem = problemOf(answer);
      return batch.map(() => unanswered(mayHold));
    }
    if (batch.length === 1) return [refused(answer, batch, mayHold)];
    const middle = Math.ceil(batch.length / 2);
    const left = await isolate(batch.slice(0, middle), mayHold);
    return [...left, ...(await isolate(batch.slice(middle), mayHold))];
  };

  const isolated = await isolate(children, false);
  if (!keyWorks && !isolated.some(({ outcome }) => outcome === 'accepted')) {
    // A firewall refuses one child's content; a wrong key or a missing permission refuses every child.
    const refusals = isolated.filter((delivery) => delivery.outcome === 'refused');
    if (refusals.length > 0 && refusals.every(({ isForbidden }) => isForbidden)) {
      return {
        children: isolated.map((delivery) => unanswered(delivery.outcome !== 'accepted' && delivery.mayHold)),
        problem:
          problem ??
          'DfE answered 403 to every child: check the supplier key (DFE_SUPPLIER_KEY) and what it permits. The children stay outstanding.',
      };
    }
  }
  return { children: isolated.map(withoutForbidden), problem };
}

type Isolated = Exclude<Delivery, { outcome: 'refused' }> | ReturnType<typeof refused>;

function unanswered(mayHold: boolean): Extract<Delivery, { outcome: 'unanswered' }> {
  return { outcome: 'unanswered', mayHold };
}

function refused(
  { status, text }: Extract<Answer, { kind: 'refused' }>,
  batch: readonly object[],
  mayHold: boolean,
) {
  const reason = `${String(status)}: ${withoutValues(text, batch).slice(0, longestReason)}`;
  return { outcome: 'refused' as const, reason, mayHold, isForbidden: status === 403 };
}

function withoutForbidden(delivery: Isolated): Delivery {
  if (delivery.outcome !== 'refused') return delivery;
  const { outcome, reason, mayHold } = delivery;
  return { outcome, reason, mayHold };
}

function problemOf({ why, status, text }: Extract<Answer, { kind: 'none' }>): string {
  switch (why) {
    case 'later':
      return `DfE could not take the batch now (${String(status)}). What it has not answered for is sent again.`;
    case 'unauthorised':
      return `${text} What DfE has not answered for stays outstanding.`;
    case 'unclear':
      return `${text}. Whether it took the batch is not known: nothing is marked as sent, and it is sent again.`;
  }
}
