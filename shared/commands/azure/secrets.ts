import { z } from 'zod';
import { appIn, sendsPseudonyms, settingsOf } from '../../deployment/app/deployedApp.js';
import { personOf, type Principal } from '../../deployment/entra/directory.js';
import { ResourceManagerError } from '../../deployment/resourceManager/resourceManager.js';
import {
  endSettingSecrets,
  letSetSecrets,
  untilRoleHolds,
} from '../../deployment/vault/rightToSetSecrets.js';
import {
  dfeSecrets,
  ensurePseudonymKey,
  expiryOn,
  isNamed,
  neededSecrets,
  secretsIn,
  setSecret,
  validityOf,
} from '../../deployment/vault/secrets.js';
import { type Vault, vaultAdvice, vaultIn } from '../../deployment/vault/vault.js';
import { secretNames } from '../../azure/keyVaultSecrets.js';
import { flag } from '../command.js';
import { commandLine, verb, type ExitCode, type Surroundings } from './verb.js';

const secretName = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,127}$/)
  // It is made, and never typed.
  .refine((name) => name !== secretNames.pseudonymKey);

/** `secrets`: puts DfE's credentials into the vault, from the keyboard. */
export const secrets = verb({
  says: "asks for DfE's credentials and puts them into the vault",
  help: [
    '--for WHO     gives another person the right to do it: sign-in name or object id',
    '--revoke      with --for: takes that right away',
    '--name NAME   asks for this secret only; can be given several times',
    '--expires DAY the last day of validity, yyyy-MM-dd, within 90 days (else 89 days from now)',
  ],
  options: z
    .object({
      for: z.string().min(1).optional(),
      revoke: flag,
      name: z.array(secretName).default([...dfeSecrets]),
      expires: z.string().optional(),
    })
    .refine(({ for: who, revoke }) => who !== undefined || !revoke),
  run: async (surroundings, given) => {
    const { azure, directory, group, write, clock } = surroundings;
    const expires = expiryOn(given.expires, new Date(clock.now()));
    const vault = await vaultIn(azure, group);
    if (vault === undefined) {
      write(
        `There is no vault in ${group.name} yet: deploy main.bicep first. \`${commandLine(surroundings, 'status')}\` shows whether one was deleted.\n`,
      );
      return 1;
    }
    const person = await personOf(directory, given.for);
    if (given.for !== undefined) return rightsOf(surroundings, vault, person, given.revoke);
    return put(surroundings, vault, person, given.name, expires);
  },
});

async function rightsOf(
  surroundings: Surroundings,
  vault: Vault,
  person: Principal,
  isRevoked: boolean,
): Promise<ExitCode> {
  const { azure, write } = surroundings;
  if (isRevoked) {
    await endSettingSecrets(azure, vault, person);
    write(`${person.name} no longer has the right to set secrets in ${vault.name} that this command gave.\n`);
    return 0;
  }
  const right = await letSetSecrets(azure, vault, person);
  write(
    right === 'there'
      ? `${person.name} can already set secrets in ${vault.name}.\n`
      : `${person.name} can set secrets in ${vault.name} within some minutes (Key Vault Secrets Officer).\n`,
  );
  write(`They run: ${commandLine(surroundings, 'secrets')}\n`);
  if (right === 'given') {
    write(`Afterwards you run: ${commandLine(surroundings, `secrets --for ${person.name} --revoke`)}\n`);
  }
  return 0;
}

async function put(
  surroundings: Surroundings,
  vault: Vault,
  person: Principal,
  names: readonly string[],
  expires: Date,
): Promise<ExitCode> {
  const { azure } = surroundings;
  let isOurs = false;
  try {
    isOurs = (await letSetSecrets(azure, vault, person)) === 'given';
  } catch (error) {
    // Someone else may have given the right, perhaps through a group: only the vault can tell.
    if (!(error instanceof ResourceManagerError) || error.status !== 403) throw error;
  }
  try {
    return await putAll(surroundings, vault, names, expires, isOurs);
  } finally {
    if (isOurs) await takeAway(surroundings, vault, person);
  }
}

async function putAll(
  { azure, group, vaultClient, write, ask, clock }: Surroundings,
  vault: Vault,
  names: readonly string[],
  expires: Date,
  isOurs: boolean,
): Promise<ExitCode> {
  const client = vaultClient(vault.uri);
  const trying = <T>(action: () => Promise<T>): Promise<T> =>
    isOurs
      ? untilRoleHolds(action, clock, () => {
          write('The right to set secrets has not taken effect yet. Trying again …\n');
        })
      : action();
  try {
    const before = await trying(() => secretsIn(client));
    for (const name of names) {
      const there = before.find((secret) => isNamed(secret, name));
      const state = there === undefined ? 'not set yet' : `set, ${validityOf(there)}`;
      const value = (await ask(`${name} (${state}; press Enter to keep it)`)).trim();
      if (value === '') continue;
      await trying(() => setSecret(client, name, value, expires));
      write(`${name}: set, valid until ${expires.toISOString().slice(0, 10)}.\n`);
    }
    const isPseudonymised = await goesUnderPseudonyms(azure, group);
    if (isPseudonymised === undefined) {
      write(
        `You cannot read the app's settings, so we cannot tell whether ${secretNames.pseudonymKey} is needed. A cloud engineer runs the same command and presses Enter at each question.\n`,
      );
    }
    if (isPseudonymised === true) {
      const made = await trying(() => ensurePseudonymKey(client));
      write(
        made === 'made'
          ? `${secretNames.pseudonymKey}: made. Never replace it: with another key the dates of every child change again.\n`
          : `${secretNames.pseudonymKey}: already set, and not changed.\n`,
      );
    }
    const after = await secretsIn(client);
    const missing = neededSecrets.filter((name) => !after.some((secret) => isNamed(secret, name)));
    if (missing.length > 0) write(`Still missing: ${missing.join(', ')}.\n`);
    return 0;
  } catch (error) {
    write(`${vaultAdvice(error, vault)}\n`);
    return 1;
  }
}

/** @returns undefined where the settings may not be read; false while there is no app */
async function goesUnderPseudonyms(
  azure: Surroundings['azure'],
  group: Surroundings['group'],
): Promise<boolean | undefined> {
  const app = await appIn(azure, group);
  if (app === undefined) return false;
  try {
    return sendsPseudonyms(await settingsOf(azure, app));
  } catch (error) {
    if (error instanceof ResourceManagerError && error.status === 403) return undefined;
    throw error;
  }
}

async function takeAway(surroundings: Surroundings, vault: Vault, person: Principal): Promise<void> {
  const { azure, write } = surroundings;
  try {
    await endSettingSecrets(azure, vault, person);
    write('Your right to set secrets has been taken away again.\n');
  } catch (error) {
    if (!(error instanceof ResourceManagerError)) throw error;
    write(
      `You still have the right to set secrets: ${error.message}\nSomeone who can assign roles runs: ${commandLine(surroundings, `secrets --for ${person.name} --revoke`)}\n`,
    );
  }
}
