import type { WhyNoAnswer } from './answer.js';

/** What is known about one child after its batch was posted. */
export type Delivery =
  | {
      readonly outcome: 'accepted';
      /** What is kept of DfE's receipt: see `keptReceipt.ts`. */
      readonly receipt: string;
      /** An earlier try had no clear answer: DfE may take the same record once more, and later. */
      readonly mayLandAgain?: true;
    }
  | {
      readonly outcome: 'refused';
      /** The status of DfE's answer, and what is kept of its words: see `keptWords.ts`; at most 1,000 characters. */
      readonly reason: string;
      /** DfE may hold the record from an earlier try that had no clear answer. */
      readonly mayHold: boolean;
    }
  /** No answer about it: to be sent again. */
  | { readonly outcome: 'unanswered'; readonly mayHold: boolean };

/** Why some children are unanswered; `text` is for a person and names no child. */
export interface DeliveryProblem {
  readonly why: WhyNoAnswer;
  readonly text: string;
  /** For how long DfE asked not to be posted to. */
  readonly retryAfterMs?: number;
}

/** What DfE said in full where only a part of it is kept in the outcome. May quote the children that were posted. */
export interface FullAnswer {
  readonly status: number;
  /** The children whose POST it answers, by their places. */
  readonly children: readonly number[];
  /** Its beginning, where it is very long. */
  readonly text: string;
}

/** One delivery a child, in order; `problem` exactly when some are unanswered. */
export interface Deliveries {
  readonly children: readonly Delivery[];
  readonly problem: DeliveryProblem | undefined;
  /** The answers that decided about a child, as far as there is room for them. */
  readonly fullAnswers: readonly FullAnswer[];
}
