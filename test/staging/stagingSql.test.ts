import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Engine, Parameters, Row } from '../../shared/database/database.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { stagingSql } from '../../shared/staging/stagingSql.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import {
  aNewChild,
  accepted,
  claimId,
  claimOf,
  everyone,
  firstRun,
  notTaken,
  refused,
  runOf,
} from './children.js';

interface Statement {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Every statement the staging table has, as it would be given to an engine that is not there. */
async function statementsFor(engine: Engine): Promise<Statement[]> {
  const statements: Statement[] = [];
  const query = (sql: string, parameters: Parameters = {}): Promise<Row[]> => {
    statements.push({ sql, parameters });
    return Promise.resolve(sql.includes('COUNT(*)') ? [{ children: 0 }] : []);
  };
  const table = new StagingTable(
    {
      engine,
      query,
      queryTogether: () => Promise.reject(new Error('not asked')),
      transaction: (work) => work({ query }),
      close: () => Promise.resolve(),
    },
    'dbo.ssd_api_data_staging',
  );
  const child = aNewChild('A1');
  await table.stage([child]);
  await table.claim(runOf(firstRun), claimId, [claimOf(child)]);
  await table.settle(firstRun, [accepted(child), refused(child), notTaken(child)]);
  await table.countHeld();
  await table.heldAtDfe('A1');
  await table.removeIfNotHeld('A1');
  await table.removeLeavers(365);
  for (const parameters of [{}, { after: 'A' }, { after: 'A', upTo: 'B' }]) {
    const sql = await table.selectOf({ ...everyone, ...parameters }, usualIdOrder[engine]);
    statements.push({ sql, parameters });
  }
  return statements;
}

/** What only the other engine understands, and a text that both share must not hold. */
const foreignWords: Readonly<Record<Engine, RegExp>> = {
  sqlserver:
    /\b(?:encode|decode|now|json_to_recordset|FOR UPDATE|LIMIT|ILIKE|RETURNING|TIME ZONE)\b|::|\|\|/i,
  postgres: /\b(?:CONVERT|SYSUTCDATETIME|GETDATE|OPENJSON|TOP|ISNULL|UPDLOCK|OUTPUT|nvarchar)\b|\[/i,
};

for (const engine of ['sqlserver', 'postgres'] as const) {
  describe(`the statements of the staging table in the words of ${engine}`, () => {
    it('Every parameter that a statement names is given a value, and no other', async () => {
      for (const { sql, parameters } of await statementsFor(engine)) {
        const named = new Set(Array.from(sql.matchAll(/@(\w+)/g), ([, parameter]) => parameter));
        assert.deepEqual([...named].sort(), Object.keys(parameters).sort(), sql);
      }
    });

    it('No statement holds a word that only the other engine understands', async () => {
      for (const { sql } of await statementsFor(engine)) assert.doesNotMatch(sql, foreignWords[engine]);
    });

    it('No statement is a MERGE, which on SQL Server can fail or act twice when two writers meet', async () => {
      for (const { sql } of await statementsFor(engine)) assert.doesNotMatch(sql, /\bMERGE\b/i);
    });
  });
}

// Where both sides come from columns and only their collations differ, SQL Server refuses the statement.
it('Every statement for SQL Server says by which collation a text of the rows meets one of the table', () => {
  const unsaid =
    /(=|<>) r\.(person_id|claim_id)(?! COLLATE)|\br\.(person_id|claim_id|payload)(?! COLLATE) (=|<>|ELSE)/;
  const statements = Object.values(stagingSql('sqlserver', 'staging')).filter(
    (statement) => typeof statement === 'string',
  );
  assert.ok(statements.length > 5);
  for (const statement of statements) assert.doesNotMatch(statement, unsaid);
});
