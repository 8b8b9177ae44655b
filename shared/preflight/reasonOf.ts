import { StatementError } from '../database/statementError.js';
import { CredentialsError } from '../dfe/credentials.js';
import { isErrorCode } from '../host/errorCode.js';
import { SettingsError } from '../settings/readSettings.js';
import { RulesFileError } from '../settings/rulesFile.js';
import { ProfileError } from '../ssd/profileFile.js';
import { Explained } from './check.js';

/** The messages of these say nothing about a child and quote no secret. Those of drivers may, so only their code is shown. */
const showable = [
  Explained,
  SettingsError,
  ProfileError,
  RulesFileError,
  CredentialsError,
  StatementError,
] as const;

/** What an error says that may be shown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && showable.some((kind) => error instanceof kind)) return error.message;
  const code = codeOf(error);
  if (code !== undefined) return `It failed with ${code}.`;
  // A driver's name for its error, such as CredentialUnavailableError, quotes nothing.
  const name = error instanceof Error && /^[A-Z][A-Za-z]+Error$/.test(error.name) ? error.name : undefined;
  return name === undefined ? 'It failed without a code that may be shown.' : `It failed with ${name}.`;
}

function codeOf(error: unknown): string | undefined {
  for (let each = error; typeof each === 'object' && each !== null; each = Reflect.get(each, 'cause')) {
    for (const key of ['code', 'statusCode'] as const) {
      const code: unknown = Reflect.get(each, key);
      if (typeof code === 'number') return String(code);
      if (isErrorCode(code)) return code;
    }
  }
  return undefined;
}
