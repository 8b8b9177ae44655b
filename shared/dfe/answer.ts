/** What DfE answered to one POST, sorted by what it means for the children in it. */
export type Answer =
  /** One receipt a child, in order. */
  | { readonly kind: 'accepted'; readonly receipts: readonly string[] }
  /** Some child in the batch is refused, or the batch is too large: none of it was taken. */
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  /** DfE could not take the batch now: slow down or try again. */
  | { readonly kind: 'later'; readonly status: number | 'network'; readonly retryAfterMs: number }
  /** Neither token nor key was accepted. */
  | { readonly kind: 'unauthorised'; readonly status: number }
  /** An answer outside the contract: whether the children were taken is not known. */
  | { readonly kind: 'unclear'; readonly status: number; readonly problem: string };
