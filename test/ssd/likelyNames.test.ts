import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SchemaTables } from '../../shared/database/schemaTables.js';
import { likelyNames } from '../../shared/ssd/likelyNames.js';
import { profileFrom } from '../../shared/ssd/profile.js';
import { columnsOf, kindOf, knownTables } from '../../shared/ssd/tables.js';
import { publishedColumns } from '../../shared/ssd/publishedColumns.js';

const { names } = profileFrom({}, 'ours');

/** An SSD with every column that is published, and one change to one of its tables. */
function anSsd(
  changed: string,
  change: (columns: readonly string[]) => readonly string[],
  name = changed,
): SchemaTables {
  const tables = Object.entries(publishedColumns).map(([table, published]) => {
    const its = Object.keys(published);
    return table === changed ? { name, columns: change(its) } : { name: table, columns: its };
  });
  return {
    ownCollation: undefined,
    tables: new Map(
      tables.map(({ name: tableName, columns }) => [
        tableName.toLowerCase(),
        {
          name: tableName,
          sql: tableName,
          columns: new Map(
            columns.map((column) => [
              column.toLowerCase(),
              {
                name: column,
                sql: column,
                type: column.endsWith('date') ? 'date' : 'text',
                collation: undefined,
              },
            ]),
          ),
        },
      ]),
    ),
  };
}

function guesses(found: SchemaTables): string[] {
  return likelyNames(found, 'postgres', names).map(
    ({ table, column, name }) => `${column ?? table} = ${name}`,
  );
}

describe('the names that a profile could have', () => {
  for (const [wanted, name] of [
    ['pers_sex', 'pers_sex_desc'],
    ['cinp_cin_plan_id', 'cin_plan_id'],
    ['cine_close_date', 'closure_date'],
    ['prof_social_worker_registration_no', 'prof_social_worker_registratio'],
  ] as const) {
    it(`are guessed for a column: ${name} for ${wanted}`, () => {
      const table = knownTables.find((each) => columnsOf(each).includes(wanted)) ?? 'ssd_person';
      const found = anSsd(table, (columns) => columns.map((each) => (each === wanted ? name : each)));
      assert.deepEqual(guesses(found), [`${wanted} = ${name}`]);
    });
  }

  it('are guessed for a table by its columns, and then for its columns', () => {
    const found = anSsd(
      'ssd_disability',
      (columns) => columns.map((each) => (each === 'disa_disability_code' ? 'disa_code' : each)),
      'dis_records',
    );
    assert.deepEqual(guesses(found), ['ssd_disability = dis_records', 'disa_disability_code = disa_code']);
  });

  it('are never those of another column of the specification', () => {
    for (const table of knownTables) {
      for (const wanted of columnsOf(table)) {
        const found = anSsd(table, (columns) => columns.filter((each) => each !== wanted));
        assert.deepEqual(guesses(found), [], wanted);
      }
    }
  });

  it('are not guessed where the profile says that there is no such column, or a date would be none', () => {
    const found = anSsd('ssd_cin_episodes', (columns) => [
      ...columns.filter((each) => each !== 'cine_close_reason'),
      'close_reason_date',
    ]);
    assert.equal(kindOf('ssd_cin_episodes', 'cine_close_reason'), 'text');
    assert.deepEqual(guesses(found), []);
    const without = anSsd('ssd_person', (columns) =>
      columns.map((each) => (each === 'pers_sex' ? 'pers_sex_desc' : each)),
    );
    const hidden = profileFrom({ columnNames: { ssd_person: { pers_sex: null } } }, 'ours').names;
    assert.deepEqual(likelyNames(without, 'postgres', hidden), []);
  });
});
