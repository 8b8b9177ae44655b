import { mayDeployCommand } from './mayDeployCommand.js';

void mayDeployCommand(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then(
  (code) => {
    process.exitCode = code;
  },
);
