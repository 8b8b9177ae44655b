import { sqlServerConfiguration } from './connectionString.js';
import { postgresServerOf } from './postgresConnectionString.js';

/** What a connection string leads to; `unresolved`: Azure could not read the secret that it refers to, and left the reference. */
export function engineNamedBy(
  connectionString: string,
): 'unresolved' | 'embedded' | 'PostgreSQL' | 'SQL Server' {
  if (/^\s*@Microsoft\.KeyVault\(/i.test(connectionString)) return 'unresolved';
  if (connectionString.startsWith(embedded)) return 'embedded';
  return /^postgres(ql)?:/i.test(connectionString) ? 'PostgreSQL' : 'SQL Server';
}

/** How the string of an embedded database begins. */
export const embedded = 'embedded:';

/** What a connection string leads to and how the app signs in there, without a name, an address or a secret. */
export function connectionKind(connectionString: string): string {
  const engine = engineNamedBy(connectionString);
  if (engine === 'unresolved') return 'a reference to a secret that Azure could not read';
  if (engine === 'embedded') return engine;
  try {
    return `${engine}, ${engine === 'PostgreSQL' ? signInToPostgres(connectionString) : signInToSqlServer(connectionString)}`;
  } catch {
    return `${engine}, and the app cannot use the string`;
  }
}

function signInToPostgres(connectionString: string): string {
  const { identity } = postgresServerOf(connectionString);
  return identity === undefined ? 'user and password' : signInBy[identity.kind];
}

function signInToSqlServer(connectionString: string): string {
  switch (sqlServerConfiguration(connectionString).authentication?.type) {
    case 'azure-active-directory-msi-app-service':
      return signInBy['managed-identity'];
    case 'azure-active-directory-default':
      return signInBy.default;
    case 'azure-active-directory-service-principal-secret':
      return 'service principal';
    default:
      return 'user and password';
  }
}

const signInBy = {
  'managed-identity': 'managed identity',
  default: 'the identity that is signed in',
} as const;
