import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal } from '../../deployment/resourceManagerStandIn.js';
import { anEnvironment, appPath, groupPath, holdDeployed, vaultPath } from './environment.js';

describe('npm run azure -- status', () => {
  it('says of an empty group what comes first', async (t) => {
    const { run } = await anEnvironment(t);
    const { code, text } = await run('status');
    assert.equal(code, 0);
    assert.match(text, /last good deployment +none/);
    assert.match(text, /- Deploy main\.bicep/);
  });

  it('says what is there and what is left, and no key', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.azure.hold(`${vaultPath}/secrets/DFE-CLIENT-ID`, {
      properties: { attributes: { enabled: true, exp: Date.parse('2027-01-31T00:00:00Z') / 1000 } },
    });
    const { text } = await environment.run('status');
    assert.match(text, /address +https:\/\/func-csc\.azurewebsites\.net/);
    assert.match(text, /address that DfE sees +192\.0\.2\.7/);
    assert.match(text, /DFE-CLIENT-ID \(until 2027-01-31\)/);
    assert.match(
      text,
      /- Put in DFE-CLIENT-SECRET, DFE-SUPPLIER-KEY: npm run azure -- secrets --group rg-csc-test/,
    );
    assert.match(text, /- The pages are closed/);
    assert.doesNotMatch(text, /the-key|the-master-key/);
  });

  it('says that a later deployment failed, and goes by the one before', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/csc-2`, {
      properties: { provisioningState: 'Failed', timestamp: '2026-11-30T11:00:00Z' },
    });
    const { text } = await environment.run('status');
    assert.match(text, /last good deployment +csc-1/);
    assert.match(text, /csc-2: Failed/);
  });

  it('does not take a failure that was made good for one', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/csc-0`, {
      properties: { provisioningState: 'Failed', timestamp: '2026-11-29T11:00:00Z' },
    });
    assert.doesNotMatch((await environment.run('status')).text, /Failed/);
  });

  it('shows all that may be read where one part may not', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.azure.answer('GET', /vaults\/kv-csc\/secrets$/, () =>
      refusal(403, 'AuthorizationFailed', 'No.'),
    );
    environment.azure.answer('GET', new RegExp(`${appPath}/functions$`), () =>
      refusal(403, 'AuthorizationFailed', 'No.'),
    );
    const { text } = await environment.run('status');
    assert.match(text, /functions +not readable: .*AuthorizationFailed/);
    assert.match(text, /secrets +not readable/);
    assert.match(text, /private endpoints +none/);
  });
});
