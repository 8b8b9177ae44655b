/** One check of a preflight: of this version, or of another one that has answered. */
interface Check {
  readonly check: string;
  readonly outcome: string;
  readonly found: string;
  readonly remedy?: string | undefined;
}

/** The checks of a preflight for the console or the pipeline's log, one or two lines each. */
export function preflightText(checks: readonly Check[]): string {
  return checks
    .map(({ check, outcome, found, remedy }) => {
      const lines = [
        `${outcome.padEnd(8)}${check}: ${found}`,
        ...(remedy === undefined ? [] : [`-> ${remedy}`]),
      ];
      return lines.join('\n').replaceAll('\n', '\n        ');
    })
    .join('\n');
}
