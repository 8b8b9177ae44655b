import { closeContainer, theContainer } from '../container.js';
import { preflight } from '../run/preflight.js';
import { preflightText } from '../preflight/preflightText.js';
import { asksForHelp } from './help.js';

const usage = `Usage: npm run preflight
Checks what a run needs, changes nothing and sends no child: docs/preflight.md explains each line.
The settings are those of the environment (docs/settings.md).
Exit codes: 0 no check fails, 1 one does.
`;

/** `npm run preflight`. */
async function main(): Promise<number> {
  if (asksForHelp(process.argv.slice(2))) {
    await written(process.stdout, usage);
    return 0;
  }
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
