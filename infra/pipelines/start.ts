/**
 * Runs a script of the pipelines.
 * @param script may give its exit code; 0 unless that is 1
 * @param wordsOf what is written when it fails, which ends it with 1
 */
export function start(script: () => Promise<unknown>, wordsOf: (error: unknown) => string = messageOf): void {
  script().then(
    (code) => {
      process.exitCode = code === 1 ? 1 : 0;
    },
    (error: unknown) => {
      process.stderr.write(`${wordsOf(error)}\n`);
      process.exitCode = 1;
    },
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
