import { z } from 'zod';
import { closeContainer, theContainer } from '../composition/container.js';
import { preflightText } from '../preflight/preflightText.js';
import { preflight } from '../preflight/preflight.js';
import { readCommand, startIfMain, type Environment, type Write } from './command.js';

const usage = `Usage: npm run preflight
Checks what a run needs, changes nothing and sends no child: docs/preflight.md explains each line.
The settings are those of the environment (docs/settings.md).
Exit codes: 0 no check fails, 1 one does.
`;

/** `npm run preflight`. */
async function preflightCommand(args: readonly string[], _: Environment, write: Write): Promise<number> {
  const given = readCommand(args, { usage, options: z.object({}) }, write);
  if (typeof given === 'number') return given;
  try {
    const { outcome, checks } = await preflight(() => theContainer().preflight);
    write(`${preflightText(checks)}\n\npreflight: ${outcome}\n`);
    await closeContainer();
    return outcome === 'fail' ? 1 : 0;
  } catch {
    // Messages of drivers may quote what must not be shown.
    write('preflight: it did not finish.\n');
    return 1;
  }
}

startIfMain(module, preflightCommand);
