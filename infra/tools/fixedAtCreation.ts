import { personsLogin, subscriptionOf } from '../../shared/deployment/login/signedIn.js';
import { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { fixedAtCreationCommand } from './fixedAtCreationCommand.js';

void fixedAtCreationCommand(process.argv.slice(2), {
  azure: new ResourceManager(personsLogin(process.env['AZURE_SUBSCRIPTION_ID'])),
  subscription: () => subscriptionOf(process.env),
  write: (text) => process.stdout.write(text),
}).then((code) => {
  process.exitCode = code;
});
