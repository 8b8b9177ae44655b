import type { Ora } from 'ora';

/** Shows a line instead of the one before; without a terminal, on a line of its own each second. */
export function progressOn(spinner: Ora): (line: string) => void {
  let shown = { line: '', at: 0 };
  return (line) => {
    spinner.text = line;
    const now = Date.now();
    if (process.stderr.isTTY || line === shown.line || now - shown.at < 1000) return;
    console.error(line);
    shown = { line, at: now };
  };
}
