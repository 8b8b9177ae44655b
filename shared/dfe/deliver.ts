import type { Answer } from './answer.js';
import { withoutValues } from './redaction.js';

/** How DfE answered about one child. */
export type Delivery =
  | { readonly outcome: 'accepted'; readonly receipt: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * DfE did not take the batch, or it is not known whether it did: nothing is to be marked, the whole batch is sent
 * again. The message names no child.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

const longestReason = 1000;

/**
 * Posts a batch and finds out what DfE says about each child. DfE refuses a whole batch for one bad child, so a refused
 * batch is halved until the bad ones stand alone; all others are accepted.
 * @param children 1 to 100 payloads
 * @returns one delivery a child, in order
 * @throws DeliveryError when DfE cannot take the batch now, refuses everything, or answers outside the contract
 */
export async function deliver(
  children: readonly object[],
  post: (children: readonly object[]) => Promise<Answer>,
): Promise<Delivery[]> {
  const deliveries = await isolate(children, post);
  // A firewall refuses one child's content; a wrong key or a missing permission refuses every child.
  if (deliveries.every((delivery) => delivery.outcome === 'refused' && delivery.forbidden)) {
    throw new DeliveryError(
      'DfE answered 403 to every child: check the supplier key (DFE_SUPPLIER_KEY) and what it permits. Nothing was taken; all children stay outstanding.',
    );
  }
  return deliveries.map((delivery) =>
    delivery.outcome === 'accepted' ? delivery : { outcome: 'refused', reason: delivery.reason },
  );
}

type Isolated =
  { outcome: 'accepted'; receipt: string } | { outcome: 'refused'; reason: string; forbidden: boolean };

async function isolate(
  children: readonly object[],
  post: (children: readonly object[]) => Promise<Answer>,
): Promise<Isolated[]> {
  const answer = await post(children);
  switch (answer.kind) {
    case 'accepted':
      return answer.receipts.map((receipt) => ({ outcome: 'accepted', receipt }));
    case 'refused': {
      if (children.length === 1) {
        const words = withoutValues(answer.text, children).slice(0, longestReason);
        const reason = `${String(answer.status)}: ${words}`;
        return [{ outcome: 'refused', reason, forbidden: answer.status === 403 }];
      }
      const middle = Math.ceil(children.length / 2);
      const left = await isolate(children.slice(0, middle), post);
      return [...left, ...(await isolate(children.slice(middle), post))];
    }
    case 'later':
      throw new DeliveryError(
        `DfE could not take the batch now (${String(answer.status)}). It is sent again; its children stay outstanding.`,
      );
    case 'unauthorised':
      throw new DeliveryError(
        'DfE answered 401, also to a new token: check DFE_CLIENT_ID, DFE_CLIENT_SECRET, DFE_SCOPE and DFE_SUPPLIER_KEY. The batch was not taken; its children stay outstanding.',
      );
    case 'unclear':
      throw new DeliveryError(
        `${answer.problem}: whether it took the batch is not known. Nothing is marked as sent; the batch is sent again.`,
      );
  }
}
