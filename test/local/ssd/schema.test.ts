import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDatabase } from '../../../shared/database/open.js';
import { tableNames } from '../../../infra/syntheticSsd/columns.js';
import { publishedColumns } from '../../../shared/ssd/publishedColumns.js';
import { systems, tableLayout } from '../../../infra/syntheticSsd/layout.js';
import { createTables, dropTables } from '../../../infra/syntheticSsd/schema.js';

describe('the tables of the SSD', () => {
  it('are 19, each with the columns that its system publishes', () => {
    assert.equal(tableNames.length, 19);
    for (const table of tableNames) {
      const all = Object.entries<readonly (string | null)[]>(publishedColumns[table]);
      for (const [position, system] of systems.entries()) {
        const has = all.filter(([, types]) => types[position] !== null).length;
        assert.equal(tableLayout(table, system).columns.length, has, `${table} in ${system}`);
      }
    }
  });

  it('have SystemC types on SQL Server exactly as published', () => {
    const statements = createTables('sqlserver', 'ssd_development', 'systemc').join('\n');
    for (const table of tableNames) {
      for (const [column, [type]] of Object.entries(publishedColumns[table])) {
        const written = String(type).replace(/ PK$/, ' NOT NULL PRIMARY KEY');
        assert.match(statements, new RegExp(`\\[${column}\\] ${written.replace(/[()]/g, '\\$&')}(,|\\n)`));
      }
    }
  });

  it('have Eclipse types on PostgreSQL, and SystemC types in PostgreSQL spelling', () => {
    const eclipse = createTables('postgres', 'ssd', 'eclipse').join('\n');
    assert.match(eclipse, /"pers_person_id" varchar\(48\) NOT NULL PRIMARY KEY/);
    assert.match(eclipse, /"pers_dob" timestamp/);
    assert.match(eclipse, /"prof_full_time_equivalency" double precision/);
    const systemc = createTables('postgres', 'ssd', 'systemc').join('\n');
    assert.match(systemc, /"pers_send_flag" char\(5\)/);
    assert.match(systemc, /"cinf_assessment_factors_json" text/);
  });

  it('keep the names, types and lack of keys of Mosaic', () => {
    const mosaic = createTables('sqlserver', 'ssd', 'mosaic').join('\n');
    assert.match(mosaic, /\[cin_plan_id\] nvarchar\(48\)/);
    assert.match(mosaic, /\[cine_referral_id\] int,/);
    assert.match(mosaic, /\[clap_cla_placement_distance\] decimal\(7,2\)/);
    assert.doesNotMatch(mosaic, /PRIMARY KEY|clap_person_id|cinp_cin_plan_id/);
  });

  it('can be made without primary keys, for data that breaks them', () => {
    const statements = createTables('postgres', 'ssd', 'systemc', { primaryKeys: 'none' }).join('\n');
    assert.doesNotMatch(statements, /PRIMARY KEY/);
    assert.match(statements, /"disa_person_id" varchar\(48\) NOT NULL/);
  });

  it('can be made, removed and made again on PostgreSQL, in the layout of each system', async () => {
    const database = await openDatabase('embedded:');
    try {
      for (const system of [...systems, ...systems]) {
        for (const statement of createTables('postgres', 'ssd', system)) await database.query(statement);
        const tables = await database.query(
          `SELECT table_name FROM information_schema.tables WHERE table_schema = 'ssd'`,
        );
        assert.equal(tables.length, tableNames.length, system);
        for (const statement of dropTables('postgres', 'ssd')) await database.query(statement);
      }
    } finally {
      await database.close();
    }
  });

  it('guard CREATE SCHEMA on SQL Server, where it must be alone in its batch', () => {
    const [schema] = createTables('sqlserver', 'ssd_development', 'systemc');
    assert.equal(schema, "IF SCHEMA_ID(N'ssd_development') IS NULL EXEC(N'CREATE SCHEMA [ssd_development]')");
  });

  it('refuse a schema name that is not a plain name', () => {
    assert.throws(() => createTables('sqlserver', "x'; DROP TABLE y; --", 'systemc'), RangeError);
    assert.throws(() => dropTables('postgres', 'a"b'), RangeError);
  });
});
