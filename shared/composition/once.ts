/** Makes a thing when it is first used; a failure is not kept. */
export function once<T>(make: () => Promise<T>): {
  get: () => Promise<T>;
  made: () => Promise<T | undefined>;
} {
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
