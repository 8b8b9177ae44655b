/** A thing that is made when it is first used. */
export interface Once<T> {
  readonly get: () => Promise<T>;
  /** `undefined` when it was not used, or could not be made. */
  readonly made: () => Promise<T | undefined>;
}

/** A failure is not kept. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let pending: Promise<T> | undefined;
  return {
    get: () => {
      pending ??= make().catch((error: unknown) => {
        pending = undefined;
        throw error;
      });
      return pending;
    },
    // What could not be made needs no closing.
    made: async () => pending?.catch(() => undefined),
  };
}
