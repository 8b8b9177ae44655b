import { whatIfCommand } from './whatIfCommand.js';

void whatIfCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then((code) => {
  process.exitCode = code;
});
