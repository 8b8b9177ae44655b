import type { Delivery, DeliveryProblem } from './delivery.js';

/**
 * What a POST without children shows about the key. `unclear`: DfE answered something that shows neither; `unanswered`:
 * it did not answer.
 */
export type KeyProof = 'accepted' | 'refused' | 'unclear' | 'unanswered';

/** How to find out whether DfE accepts the key. */
export interface KeyProofs {
  /** Whether DfE accepts the key, found without sending a child. */
  readonly probe: () => Promise<KeyProof>;
  /** Whether DfE has accepted other children with the same key in the same run. */
  readonly othersAccepted?: () => Promise<boolean>;
}

/**
 * Decides what a 403 means: DfE does not accept the key, or its firewall blocks the content of a record.
 *
 * The first 403 of a delivery is settled by the probe, unless DfE has accepted something before. So is every 403 for
 * which a child would be refused, unless DfE has accepted something since the 403 before it: a key may be withdrawn at
 * any moment.
 */
export class Forbidden {
  readonly #proofs: KeyProofs;
  /** DfE has accepted the key in this delivery: with a batch, or with the probe. */
  #isKeyProven = false;
  /** It has done so since the last 403. */
  #isProofFresh = false;
  #hasAccepted = false;

  constructor(proofs: KeyProofs) {
    this.#proofs = proofs;
  }

  /** To be called when DfE has accepted a batch. */
  accepted(): void {
    this.#hasAccepted = true;
    this.#proven();
  }

  /**
   * @param isAlone whether a child would be refused for this 403
   * @returns why nothing more can be posted; `undefined` when the 403 is about content
   */
  async problem(isAlone: boolean): Promise<DeliveryProblem | undefined> {
    const isProven = isAlone ? this.#isProofFresh : this.#isKeyProven;
    this.#isProofFresh = false;
    if (isProven) return undefined;
    switch (await this.#proofs.probe()) {
      case 'accepted':
        this.#proven();
        return undefined;
      case 'refused':
        return { why: 'unauthorised', text: keyRefused };
      case 'unanswered':
        return { why: 'later', text: noProof };
      case 'unclear':
        // The batch is divided further, and what DfE accepts of it proves the key.
        this.#isKeyProven = true;
        if (!isAlone || this.#hasAccepted || (await this.#proofs.othersAccepted?.()) === true)
          return undefined;
        return { why: 'unclear', text: noProof };
    }
  }

  #proven(): void {
    this.#isKeyProven = true;
    this.#isProofFresh = true;
  }
}

/** A firewall does not block the content of so many children without exception. */
const fewestForEveryone = 10;

/** A key may be accepted but permit nothing: then DfE accepts the empty list of the probe, and no child. */
export async function everyoneForbidden(
  deliveries: readonly Delivery[],
  { othersAccepted }: KeyProofs,
): Promise<DeliveryProblem | undefined> {
  const isEveryone =
    deliveries.length >= fewestForEveryone &&
    deliveries.every((delivery) => delivery.outcome === 'refused' && delivery.reason.startsWith('403:'));
  if (!isEveryone || (await othersAccepted?.()) === true) return undefined;
  return { why: 'unauthorised', text: permitsNothing };
}

const keyRefused =
  'DfE answered 403, even to a POST without children: check the supplier key (DFE_SUPPLIER_KEY, or the secret DFE-SUPPLIER-KEY) and what it permits. Records that DfE has not answered for stay outstanding.';
const noProof =
  'DfE answered 403, and we cannot tell whether it accepts the supplier key. Records that it has not answered for will be sent again.';
const permitsNothing =
  'DfE answered 403 for every child, but not to a POST without children: check what the supplier key (DFE_SUPPLIER_KEY, or the secret DFE-SUPPLIER-KEY) permits. The children stay outstanding.';
