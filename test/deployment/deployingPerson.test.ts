import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { AzureDeveloperCliCredential } from '@azure/identity';
import { deployingPerson } from '../../shared/deployment/login/deployingPerson.js';
import { aToken } from '../azd/anEvaluation.js';

const oid = '00000000-0000-4000-8000-0000000000aa';
const howToSignIn = 'azd auth login';

/** Puts an `azd` first on PATH that answers `auth token` as the real one does. */
async function anAzd(t: TestContext, token: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'azd-'));
  const answer = JSON.stringify({ token, expiresOn: '2099-01-01T00:00:00Z' });
  const script =
    token === undefined
      ? 'echo "ERROR: not logged in, run azd auth login to login" >&2; exit 1'
      : `[ "$1 $2" = "auth token" ] && [ "$3 $4" = "--output json" ] && echo '${answer}'`;
  await writeFile(join(folder, 'azd'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'azd'), 0o755);
  const before = process.env['PATH'];
  process.env['PATH'] = [folder, before].join(delimiter);
  t.after(async () => {
    process.env['PATH'] = before;
    await rm(folder, { recursive: true });
  });
}

// Node.js runs no shell script under the name azd on Windows.
describe('who deploys', { skip: process.platform === 'win32' }, () => {
  it('is read from the token that azd gives', async (t) => {
    await anAzd(t, aToken({ oid, upn: 'jo@council.example', idtyp: 'user' }));
    assert.deepEqual(await deployingPerson(new AzureDeveloperCliCredential(), howToSignIn), {
      objectId: oid,
      name: 'jo@council.example',
    });
  });

  it('is a guest by the name that the token has', async (t) => {
    await anAzd(t, aToken({ oid, unique_name: 'live.com#jo@other.example' }));
    const { name } = await deployingPerson(new AzureDeveloperCliCredential(), howToSignIn);
    assert.equal(name, 'live.com#jo@other.example');
  });

  it('is not a program', async (t) => {
    await anAzd(t, aToken({ oid, idtyp: 'app', upn: 'a program' }));
    await assert.rejects(
      deployingPerson(new AzureDeveloperCliCredential(), howToSignIn),
      /A person must make.*azd auth login/,
    );
  });

  it('is signed in, or else learns how to', async (t) => {
    await anAzd(t, undefined);
    await assert.rejects(
      deployingPerson(new AzureDeveloperCliCredential(), howToSignIn),
      /not signed in to Azure: azd auth login/,
    );
  });

  it('cannot be read from a broken token', async (t) => {
    await anAzd(t, 'opaque');
    await assert.rejects(
      deployingPerson(new AzureDeveloperCliCredential(), howToSignIn),
      /A person must make/,
    );
  });
});
