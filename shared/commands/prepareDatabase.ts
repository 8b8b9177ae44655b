import { prepareDatabaseCommand } from './prepareDatabaseCommand.js';

void prepareDatabaseCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then(
  (code) => {
    process.exitCode = code;
  },
);
