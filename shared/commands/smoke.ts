import { smokeCommand } from './smokeCommand.js';

void smokeCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then((code) => {
  process.exitCode = code;
});
