import { grantCommand } from './grantCommand.js';

void grantCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then((code) => {
  process.exitCode = code;
});
