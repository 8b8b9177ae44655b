import { randomBytes } from 'node:crypto';
import type { Database, Engine } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import type { System } from '../../infra/syntheticSsd/layout.js';
import {
  createSchema,
  createTables,
  dropTables,
  type TableOptions,
} from '../../infra/syntheticSsd/schema.js';
import { quoted } from '../../infra/syntheticSsd/sqlName.js';
import { startPostgresServer } from './postgresServer.js';

export interface TestEngine {
  readonly name: string;
  readonly engine: Engine;
  readonly connectionString: string;
  /** PGlite has one, on which transactions wait for each other: how two of them interfere cannot be tested there. */
  readonly connections: 'one' | 'several';
}

const sqlServer = process.env['TEST_SQLSERVER'] ?? '';
const postgresServer = startPostgresServer();

/** The engines to test on: PGlite always, a PostgreSQL server where Debian's is installed, SQL Server when `TEST_SQLSERVER` has a connection string. */
export const testEngines: readonly TestEngine[] = [
  { name: 'PGlite', engine: 'postgres', connectionString: 'embedded:', connections: 'one' },
  ...(postgresServer === undefined ? [] : [aServer('PostgreSQL', 'postgres', postgresServer)]),
  ...(sqlServer === '' ? [] : [aServer('SQL Server', 'sqlserver', sqlServer)]),
];

/** Those that allow two connections. */
export const serverEngines = testEngines.filter(({ connections }) => connections === 'several');

function aServer(name: string, engine: Engine, connectionString: string): TestEngine {
  return { name, engine, connectionString, connections: 'several' };
}

/** A database open for one test file, and a schema in it that no one else uses. */
export interface TestSchema {
  readonly database: Database;
  readonly schema: string;
  /** Removes the schema with everything in it, and closes the database. */
  readonly remove: () => Promise<void>;
}

/** Opens the database and makes an empty schema with a random name; nothing outside it is ever touched. */
export async function openTestSchema({ connectionString }: TestEngine): Promise<TestSchema> {
  const database = await openDatabase(connectionString);
  const schema = `csc_test_${randomBytes(6).toString('hex')}`;
  try {
    await database.query(createSchema(database.engine, schema));
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    database,
    schema,
    remove: async () => {
      try {
        await removeSchema(database, schema);
      } finally {
        await database.close();
      }
    },
  };
}

async function removeSchema(database: Database, schema: string): Promise<void> {
  const name = quoted(database.engine, schema);
  const tables = await database.query(
    'SELECT TABLE_NAME AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = @schema',
    { schema },
  );
  for (const { found } of tables) {
    await database.query(`DROP TABLE ${name}.${quoted(database.engine, String(found))}`);
  }
  await database.query(`DROP SCHEMA ${name}`);
}

/** Makes the SSD tables of `schema` again, empty. */
export async function emptySsd(
  database: Database,
  schema: string,
  system: System = 'systemc',
  options: TableOptions = {},
): Promise<void> {
  const { engine } = database;
  for (const statement of dropTables(engine, schema)) await database.query(statement);
  for (const statement of createTables(engine, schema, system, options)) await database.query(statement);
}

const typeNames = {
  sqlserver: {
    text: 'nvarchar(max)',
    integer: 'int',
    number: 'float',
    flag: 'bit',
    moment: 'datetime',
    hash: 'binary(32)',
    identity: 'int IDENTITY(1,1)',
  },
  postgres: {
    text: 'text',
    integer: 'int',
    number: 'double precision',
    flag: 'boolean',
    moment: 'timestamp',
    hash: 'bytea',
    identity: 'int GENERATED ALWAYS AS IDENTITY',
  },
} as const satisfies Record<Engine, Record<string, string>>;

/** The column types that tests need, by the names that an engine has for them. */
export function typesOf(engine: Engine): (typeof typeNames)[Engine] {
  return typeNames[engine];
}
