import { migrateCommand } from './migrateCommand.js';

void migrateCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then((code) => {
  process.exitCode = code;
});
