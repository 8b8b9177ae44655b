import { deployInfrastructureCommand } from './deployInfrastructureCommand.js';

void deployInfrastructureCommand(process.argv.slice(2), process.env, (text) =>
  process.stdout.write(text),
).then((code) => {
  process.exitCode = code;
});
