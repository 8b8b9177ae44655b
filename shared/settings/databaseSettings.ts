import { z } from 'zod';
import { connectionKind } from '../database/connectionKind.js';
import { profileNames } from '../ssd/profile.js';
import { needed, sqlName, tableName, yesNo } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

function isProfile(name: string): boolean {
  return name.endsWith('.json') || profileNames.some((builtIn) => builtIn === name);
}

/** The name of a file is the council's own. */
function profileWords(profile: string): string {
  return profile.endsWith('.json') ? 'a file' : profile;
}

/** The database: the SSD and the staging table. */
export const databaseSettings = {
  SSD_CONNECTION_STRING: needed
    .describe(
      [
        'The database that holds the SSD and the staging table.',
        'SQL Server and Azure SQL: an ADO.NET or mssql string, `Server=tcp:<name>.database.windows.net,1433;Database=<name>;Authentication=Active Directory Managed Identity`, with `User Id=<client id>` for a user-assigned identity. Other values of `Authentication`: `Active Directory Default` (the person or program that is signed in: environment, identity, `az login`), `Active Directory Service Principal` with `User Id`, `Password` and `Tenant Id`, or `Sql Password` with `User Id` and `Password`.',
        'PostgreSQL: `postgresql://user:password@server:5432/database`, symbols such as @ in the password percent-encoded; on Azure with no password and `?authentication=managed-identity` (or `default`, as above), `&clientId=<client id>` for a user-assigned identity, the user being the role the server has for it. TLS with a checked certificate unless the server is this machine; `?sslrootcert=<file>` for a certificate authority of your own.',
        'On a laptop only: `embedded:` with an optional folder.',
        'Secret when it holds a password: in Azure give `@Microsoft.KeyVault(SecretUri=…)`, and the platform puts the secret of the vault in its place (docs/deploy.md).',
      ].join(' '),
    )
    .register(seenBySupport, { words: connectionKind }),
  STAGING_CONNECTION_STRING: z
    .string()
    .startsWith('embedded:', 'must begin with embedded: it is for a try on a laptop only')
    .optional()
    .describe(
      "On a laptop only, while `DFE_RECEIVER` is not live: `embedded:` with a folder, in which the staging table is kept. The SSD's database is then only read. Without it, the staging table is in the SSD's database. `npm start -- --real` gives it (docs/local-stack.md).",
    )
    .register(seenBySupport, { words: connectionKind }),
  SSD_PROFILE: z
    .string()
    .default('systemc')
    .refine(isProfile, `must be ${profileNames.join(', ')}, or a file that ends in .json`)
    .describe(
      'How the case management system fills the SSD: systemc, mosaic, eclipse, or the file of a profile of your own, given by its path in the package: `profiles/ours.json` (docs/profiles.md).',
    )
    .register(seenBySupport, { words: profileWords }),
  SSD_SCHEMA: sqlName('ssd_development')
    .optional()
    .describe("The database schema of the SSD tables; without it the profile's own.")
    .register(seenBySupport, itsValue),
  SSD_SYNTHETIC: yesNo
    .default(false)
    .describe(
      [
        '`true` asks to send the SSD to a test receiver without pseudonyms, because every row is invented. The setting alone is not believed.',
        'A run sends nothing, and fails, unless the mark that the generator (`npm run synthetic-ssd`, `npm run evaluate`) wrote into the database gives every id that is read, in the SSD and in the staging table.',
      ].join(' '),
    )
    .register(seenBySupport, itsValue),
  STAGING_TABLE: tableName('ssd_api_data_staging')
    .default('ssd_api_data_staging')
    .describe("The staging table, with its schema where that is not the login's own.")
    .register(seenBySupport, itsValue),
};
