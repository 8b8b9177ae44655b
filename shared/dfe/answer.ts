/**
 * What DfE answered to one POST, sorted by what it means for the children in it. `tries` is how many HTTP requests that
 * took, also those that found no connection.
 */
export type DfeAnswer =
  /** One receipt a child, in order. */
  | {
      readonly kind: 'accepted';
      readonly receipts: readonly string[];
      /** An earlier try of the same POST had no clear answer: DfE may take the batch once more, and later. */
      readonly mayLandAgain?: true;
      readonly tries: number;
    }
  /** Some child in the batch is refused, or the batch is too large: none of it was taken. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** All of DfE's words; `undefined` when there are too many of them to be read. */
      readonly text: string | undefined;
      /** An earlier try of the same POST had no clear answer: DfE may have taken the batch then. */
      readonly mayHold: boolean;
      readonly tries: number;
    }
  /** No answer about the children: they are to be sent again. */
  | {
      readonly kind: 'none';
      readonly why: WhyNoAnswer;
      readonly status: number | 'network' | 'token';
      /** In words, for a person; quotes nothing of the answer. */
      readonly text: string;
      /** DfE may have taken the batch all the same. */
      readonly mayHold: boolean;
      readonly tries: number;
      /** So long DfE asked not to be posted to, where that is longer than the tries went on. */
      readonly retryAfterMs?: number;
    };

/**
 * Why there is no answer about the children. `later`: DfE could not take the batch now; `unauthorised`: there is no token,
 * or neither token nor key was accepted; `unclear`: an answer outside the contract.
 */
export type WhyNoAnswer = 'later' | 'unauthorised' | 'unclear';

/** What one HTTP request of a POST came to. */
export type Reply = WithoutTries<DfeAnswer>;
export type NoReply = Extract<Reply, { kind: 'none' }>;

type WithoutTries<Some extends DfeAnswer> = Some extends DfeAnswer ? Omit<Some, 'tries'> : never;
