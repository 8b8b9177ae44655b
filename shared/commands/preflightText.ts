import type { PreflightCheck } from '../run/preflight.js';

/** The checks of a preflight for whoever reads the console or the pipeline's log, one or two lines each. */
export function preflightText(
  checks: readonly (Pick<PreflightCheck, 'check' | 'outcome' | 'found'> & { remedy?: string | undefined })[],
): string {
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
