/**
 * What DfE answered to one POST, by what it means for the children in it. `tries` is how many HTTP requests it took,
 * including those that found no connection.
 */
export type DfeAnswer =
  /** One receipt a child, in order. */
  | {
      readonly kind: 'accepted';
      readonly receipts: readonly string[];
      /** An earlier try of the same POST had no clear answer: DfE may take the batch again, and later. */
      readonly mayLandAgain?: true;
      readonly tries: number;
    }
  /** DfE refuses at least one child, or the batch is too large: it has taken none of it. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** All of DfE's words; `undefined` when they are too long to be read. */
      readonly text: string | undefined;
      /** An earlier try of the same POST had no clear answer: DfE may have taken the batch then. */
      readonly mayHold: boolean;
      readonly tries: number;
    }
  /** No answer about the children: they will be sent again. */
  | {
      readonly kind: 'none';
      readonly why: WhyNoAnswer;
      readonly status: number | 'network' | 'token';
      /** For a person; quotes nothing of the answer. */
      readonly text: string;
      /** DfE may still have taken the batch. */
      readonly mayHold: boolean;
      readonly tries: number;
      /** For how long DfE asked not to be posted to, if that is longer than the tries lasted. */
      readonly retryAfterMs?: number;
    };

/**
 * Why there is no answer about the children. `later`: DfE could not take the batch now; `unauthorised`: there is no token,
 * or DfE did not accept the token or the key; `unclear`: an answer that the specification does not have.
 */
export type WhyNoAnswer = 'later' | 'unauthorised' | 'unclear';

/** The result of one HTTP request of a POST. */
export type Reply = WithoutTries<DfeAnswer>;
export type NoReply = Extract<Reply, { kind: 'none' }>;

type WithoutTries<Some extends DfeAnswer> = Some extends DfeAnswer ? Omit<Some, 'tries'> : never;
