import { whatIsLeftCommand } from './whatIsLeftCommand.js';

void whatIsLeftCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then(
  (code) => {
    process.exitCode = code;
  },
);
