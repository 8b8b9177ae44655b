import { closeContainer, theContainer } from '../container.js';
import { preflight, type PreflightCheck } from '../run/preflight.js';

/** `npm run preflight`: prints every check; the exit code is 0 when none fails, else 1. */
async function main(): Promise<number> {
  const { outcome, checks } = await preflight(() => theContainer().preflight);
  process.stdout.write(`${checks.map(lineOf).join('\n')}\n\npreflight: ${outcome}\n`);
  return outcome === 'fail' ? 1 : 0;
}

function lineOf({ check, outcome, found, remedy }: PreflightCheck): string {
  const lines = [`${outcome.padEnd(8)}${check}: ${found}`, ...(remedy === undefined ? [] : [`-> ${remedy}`])];
  return lines.join('\n').replaceAll('\n', '\n        ');
}

main()
  .then(async (code) => {
    process.exitCode = code;
    await closeContainer();
  })
  .catch(() => {
    // Messages of drivers may quote what must not be shown.
    process.stderr.write('preflight: it could not be ended.\n');
    process.exitCode = 1;
  });
