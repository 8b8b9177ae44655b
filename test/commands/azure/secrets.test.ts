import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { refusal } from '../../deployment/resourceManagerStandIn.js';
import {
  appPath,
  anEnvironment,
  holdAssignment,
  holdDeployed,
  me,
  vaultPath,
  type TestEnvironment,
} from './environment.js';

const secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';
const assignments = /\/providers\/Microsoft\.Authorization\/roleAssignments/;

/** Somebody types a value at each prompt. */
const all = (question: string) => `value of ${question.split(' ')[0] ?? ''}`;

async function deployed(
  t: TestContext,
  settings?: Readonly<Record<string, string>>,
): Promise<TestEnvironment> {
  const environment = await anEnvironment(t);
  holdDeployed(environment, settings === undefined ? {} : { settings });
  // A PUT answers without the scope that a list has.
  environment.azure.answer('PUT', assignments, ({ path, body }) => {
    const properties =
      typeof body === 'object' && body !== null && 'properties' in body ? body.properties : {};
    environment.azure.hold(path, {
      properties: {
        ...(typeof properties === 'object' ? properties : {}),
        scope: path.split(assignments)[0],
      },
    });
    return { status: 201, body: {} };
  });
  return environment;
}

function rights({ azure }: TestEnvironment): string[] {
  const changes = azure.calls.filter(
    ({ path, method }) =>
      path.includes('/providers/Microsoft.Authorization/roleAssignments') && /PUT|DELETE/.test(method),
  );
  return changes.map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);
}

describe('npm run azure -- secrets', () => {
  it('puts in what is typed with a content type and less than 90 days, and gives and takes the right for it', async (t) => {
    const environment = await deployed(t);
    const { code, text } = await environment.run('secrets', all);
    assert.equal(code, 0, text);
    const secret = environment.vault.held.get('DFE-CLIENT-SECRET');
    assert.equal(secret?.value, 'value of DFE-CLIENT-SECRET');
    assert.equal(secret.contentType, 'text/plain');
    assert.equal(secret.expires?.toISOString().slice(0, 10), '2027-02-28');
    assert.doesNotMatch(text, /value of/);
    const [given = '', taken = '', ...more] = rights(environment);
    assert.match(given, /^PUT /);
    assert.equal(taken, given.replace('PUT', 'DELETE'));
    assert.deepEqual(more, []);
    const put = environment.azure.calls.find(
      ({ method, path }) =>
        method === 'PUT' && path.includes('/providers/Microsoft.Authorization/roleAssignments'),
    );
    assert.match(JSON.stringify(put?.body), new RegExp(`${secretsOfficer}.*${me.id}`));
  });

  it('makes the key of the pseudonyms once, and only where real children go to a test receiver', async (t) => {
    const environment = await deployed(t);
    await environment.run('secrets');
    const made = environment.vault.held.get('PSEUDONYM-KEY')?.value;
    assert.match(made ?? '', /^[0-9a-f]{64}$/);
    const { text } = await environment.run('secrets');
    assert.equal(environment.vault.held.get('PSEUDONYM-KEY')?.value, made);
    assert.match(text, /already set, and not changed/);
    assert.equal((await environment.run('secrets --name PSEUDONYM-KEY', all)).code, 1);

    for (const settings of [{ DFE_RECEIVER: 'live' }, { DFE_RECEIVER: 'test', SSD_SYNTHETIC: 'true' }]) {
      environment.vault.clear();
      environment.azure.hold(`${appPath}/config/appsettings`, { properties: settings });
      await environment.run('secrets');
      assert.equal(environment.vault.held.size, 0);
    }
  });

  it('knows the key of the pseudonyms however its name is written', async (t) => {
    const environment = await deployed(t);
    environment.vault.hold({ 'pseudonym-key': { value: 'a'.repeat(64) } });
    const { text } = await environment.run('secrets');
    assert.match(text, /already set, and not changed/);
    assert.equal(environment.vault.held.has('PSEUDONYM-KEY'), false);
  });

  it('takes the right back where it cannot see what it has given', async (t) => {
    const environment = await deployed(t);
    environment.azure.answer('GET', /roleAssignments\/[0-9a-f-]+$/, () =>
      refusal(403, 'AuthorizationFailed', 'No.'),
    );
    await environment.run('secrets', all);
    const [given = '', taken = ''] = rights(environment);
    assert.match(given, /^PUT /);
    assert.equal(taken, given.replace('PUT', 'DELETE'));
  });

  it('leaves the key of the pseudonyms to someone who can read the settings of the app', async (t) => {
    const environment = await deployed(t);
    environment.azure.answer('POST', /appsettings\/list$/, () => refusal(403, 'AuthorizationFailed', 'No.'));
    const { code, text } = await environment.run('secrets', all);
    assert.equal(code, 0);
    assert.match(text, /A cloud engineer runs the same command/);
    assert.equal(environment.vault.held.get('DFE-CLIENT-ID')?.value, 'value of DFE-CLIENT-ID');
    assert.equal(environment.vault.held.has('PSEUDONYM-KEY'), false);
  });

  it('never makes the key again where it was deleted and can be recovered', async (t) => {
    const environment = await deployed(t);
    environment.vault.hold({ 'PSEUDONYM-KEY': { value: 'a'.repeat(64), isDeleted: true } });
    const { code, text } = await environment.run('secrets');
    assert.equal(code, 1);
    assert.match(text, /deleted secret PSEUDONYM-KEY\. Recover it/);
    assert.equal(rights(environment).length, 2);
  });

  it('leaves what is there where only Enter is pressed', async (t) => {
    const environment = await deployed(t);
    environment.vault.hold({ 'DFE-CLIENT-ID': { value: 'old', expires: new Date('2026-12-20T00:00:00Z') } });
    const { text } = await environment.run('secrets');
    assert.equal(environment.vault.held.get('DFE-CLIENT-ID')?.value, 'old');
    assert.match(text, /DFE-CLIENT-ID \(set, until 2026-12-20/);
    assert.match(text, /Still missing: DFE-CLIENT-SECRET, DFE-SUPPLIER-KEY\./);
  });

  it('asks for the secrets that are named, valid until the day that is given', async (t) => {
    const environment = await deployed(t);
    const { text } = await environment.run('secrets --name SSD-CONNECTION-STRING --expires 2027-01-15', all);
    assert.equal(
      environment.vault.held.get('SSD-CONNECTION-STRING')?.expires?.toISOString().slice(0, 10),
      '2027-01-15',
    );
    assert.doesNotMatch(text, /^DFE-CLIENT-ID/m);
  });

  it('refuses a day that landing zones refuse, before it changes anything', async (t) => {
    const environment = await deployed(t);
    for (const day of ['2027-03-02', '2026-11-30', 'soon']) {
      const { code, text } = await environment.run(`secrets --expires ${day}`, all);
      assert.equal(code, 1);
      assert.match(text, /within the next 90/);
    }
    assert.deepEqual(rights(environment), []);
  });

  it('waits until the right that was given holds', async (t) => {
    const environment = await deployed(t);
    environment.vault.fail('ForbiddenByRbac');
    let looks = 0;
    const { code, text } = await environment.run('secrets', (question) => {
      looks += 1;
      return all(question);
    });
    assert.equal(code, 1);
    assert.equal(looks, 0);
    assert.equal(text.match(/has not taken effect yet/g)?.length, 20, 'for ten minutes, every half a minute');
    assert.match(text, /You cannot set secrets/);
    assert.equal(rights(environment).length, 2);
  });

  it('says that the vault does not accept calls from here, and still takes the right away', async (t) => {
    const environment = await deployed(t);
    environment.vault.fail('ForbiddenByFirewall');
    const { code, text } = await environment.run('secrets', all);
    assert.equal(code, 1);
    assert.match(text, /does not accept calls from this machine/);
    assert.equal(rights(environment).length, 2);
  });

  it('uses the right that someone else has given, and leaves it', async (t) => {
    const environment = await deployed(t);
    holdAssignment(environment.azure, 'lasting', {
      scope: vaultPath,
      principalId: me.id,
      roleId: secretsOfficer,
    });
    const { code } = await environment.run('secrets', all);
    assert.equal(code, 0);
    assert.deepEqual(rights(environment), []);
  });

  it('works where you cannot assign roles and have the right through a group', async (t) => {
    const environment = await deployed(t);
    environment.azure.answer('PUT', assignments, () => refusal(403, 'AuthorizationFailed', 'No.'));
    const { code, text } = await environment.run('secrets', all);
    assert.equal(code, 0, text);
    assert.equal(environment.vault.held.get('DFE-CLIENT-ID')?.value, 'value of DFE-CLIENT-ID');
  });

  it('takes back the right that an earlier try has left', async (t) => {
    const environment = await deployed(t);
    environment.azure.answer('DELETE', assignments, () => refusal(403, 'AuthorizationFailed', 'Not now.'));
    const first = await environment.run('secrets', all);
    assert.match(
      first.text,
      /still have the right.*\n.*secrets --for alex@council\.example --revoke --group rg-csc-test/,
    );
    environment.azure.answer('DELETE', assignments, () => ({ status: 200, body: {} }));
    assert.match((await environment.run('secrets')).text, /taken away again/);
  });

  it('gives the right to the person who is named, and takes it away on request', async (t) => {
    const environment = await deployed(t);
    const { code, text } = await environment.run('secrets --for sam@council.example');
    assert.equal(code, 0);
    assert.match(text, /sam@council\.example can set secrets in kv-csc/);
    const put = environment.azure.calls.find(
      ({ method, path }) =>
        method === 'PUT' && path.includes('/providers/Microsoft.Authorization/roleAssignments'),
    );
    assert.match(JSON.stringify(put?.body), /44444444-4444-4444-8444-444444444444/);
    assert.equal((await environment.run('secrets --for sam@council.example --revoke')).code, 0);
    const [given = '', taken = ''] = rights(environment);
    assert.equal(taken, given.replace('PUT', 'DELETE'));
    assert.equal((await environment.run('secrets --for sam@council.example --revoke')).code, 0);
  });

  it('says who is unknown, and that there is no vault yet', async (t) => {
    const environment = await deployed(t);
    assert.match(
      (await environment.run('secrets --for nobody@council.example')).text,
      /no user nobody@council\.example/,
    );
    const empty = await anEnvironment(t);
    const { code, text } = await empty.run('secrets', all);
    assert.equal(code, 1);
    assert.match(text, /no vault in rg-csc-test yet/);
  });
});
