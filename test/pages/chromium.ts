import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why tests in a browser are left out; `false` when there is one. */
export const noBrowser = existsSync(executablePath)
  ? false
  : `no browser at ${executablePath}: install Debian's package chromium, or name one in CHROMIUM`;

/** Starts the browser without a window and without talking to its maker. */
export function launchChromium(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args });
}
