import { closeContainer, theContainer } from '../container.js';
import { preflight } from '../run/preflight.js';
import { preflightText } from './preflightText.js';

/** `npm run preflight`: prints every check; the exit code is 0 when none fails, else 1. */
async function main(): Promise<number> {
  const { outcome, checks } = await preflight(() => theContainer().preflight);
  await written(process.stdout, `${preflightText(checks)}\n\npreflight: ${outcome}\n`);
  return outcome === 'fail' ? 1 : 0;
}

function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // Also when nobody reads any more.
    stream.write(text, () => {
      resolve();
    });
  });
}

/** What a check no longer waits for, such as a server that does not answer, would keep the process alive for minutes. */
function end(): void {
  process.exit();
}

main()
  .then(async (code) => {
    process.exitCode = code;
    await closeContainer();
  })
  .catch(async () => {
    process.exitCode = 1;
    // Messages of drivers may quote what must not be shown.
    await written(process.stderr, 'preflight: it could not be ended.\n');
  })
  .then(end, end);
