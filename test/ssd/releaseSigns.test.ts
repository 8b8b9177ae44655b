import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Row } from '../../shared/database/database.js';
import { readLayout } from '../../shared/ssd/layout.js';
import {
  builtInProfile,
  profileFrom,
  withRegistrationColumn,
  type SsdNames,
} from '../../shared/ssd/profile.js';
import { publishedSystems, type PublishedSystem } from '../../shared/ssd/publishedColumns.js';
import { releaseSigns, type ReleaseSigns } from '../../shared/ssd/releaseSigns.js';
import { tableNames, type TableName } from '../../infra/syntheticSsd/columns.js';
import { tableLayout } from '../../infra/syntheticSsd/layout.js';
import { minimalColumns } from '../local/ssd/minimalColumns.js';

type Columns = ReadonlyMap<string, readonly string[]>;

/** What a system publishes, with a change of some tables. */
function ssd(
  system: PublishedSystem,
  changed: Partial<Record<TableName, (columns: readonly string[]) => readonly string[]>> = {},
): Columns {
  return new Map(
    tableNames.map((table) => {
      const published = tableLayout(table, system).columns.map(({ name }) => name);
      return [table, changed[table]?.(published) ?? published];
    }),
  );
}

async function signsOf(
  columns: Columns,
  system: PublishedSystem = 'systemc',
  names: SsdNames = builtInProfile(system).names,
): Promise<ReleaseSigns> {
  const rows = [...columns].flatMap(([table, its]): Row[] =>
    its.map((column) => ({ table_name: table, column_name: column, data_type: 'varchar' })),
  );
  const layout = await readLayout(
    { engine: 'postgres', query: () => Promise.resolve(rows) },
    'ssd_development',
    names,
  );
  return releaseSigns(layout, names, system);
}

const without =
  (...names: readonly string[]) =>
  (columns: readonly string[]) =>
    columns.filter((column) => !names.includes(column));
const withAlso =
  (...names: readonly string[]) =>
  (columns: readonly string[]) => [...columns, ...names];
const renamed = (from: string, to: string) => (columns: readonly string[]) =>
  columns.map((column) => (column === from ? to : column));
const ceased = renamed('clae_cla_episode_ceased_date', 'clae_cla_episode_ceased');

describe('the columns of an SSD', () => {
  for (const system of publishedSystems) {
    test(`as ${system} publishes them are those of the release that was checked`, async () => {
      assert.deepEqual(await signsOf(ssd(system), system), { older: [], newer: [], isPart: false });
    });
  }

  test('say that it is older when a column has the name of an earlier release', async () => {
    const { older, isPart } = await signsOf(ssd('systemc', { ssd_cla_episodes: ceased }));
    assert.deepEqual(
      older.map(({ release, came }) => [release, came]),
      [['1.2.5', ['clae_cla_episode_ceased_date']]],
    );
    assert.equal(isPart, false);
  });

  test('say so, the oldest release first, when a column that is read had not come yet', async () => {
    const { older, newer } = await signsOf(
      ssd('systemc', {
        ssd_person: (columns) =>
          renamed(
            'pers_single_unique_id',
            'pers_common_child_id',
          )(without('pers_upn', 'pers_forename', 'pers_surname')(columns)),
      }),
    );
    assert.deepEqual(
      older.map(({ release }) => release),
      ['1.2.5', '1.3.3', '1.3.3'],
    );
    assert.deepEqual(newer, []);
  });

  test('do not say so of one system by the releases of another', async () => {
    const { older } = await signsOf(ssd('systemc', { ssd_person: without('pers_legacy_id') }));
    assert.deepEqual(older, []);
    const mosaic = await signsOf(ssd('mosaic', { ssd_person: without('pers_legacy_id') }), 'mosaic');
    assert.deepEqual(
      mosaic.older.map(({ release }) => release),
      ['1.3.9'],
    );
  });

  test('do not say so of the minimal SSD, nor of tables that are absent', async () => {
    for (const system of publishedSystems) {
      const { names } = builtInProfile(system);
      const minimal = new Map(
        tableNames.flatMap((table) => {
          const its = minimalColumns[table];
          return its === undefined
            ? []
            : [[table, its.flatMap((column) => names.columnName(table, column) ?? [])] as const];
        }),
      );
      assert.deepEqual(await signsOf(minimal, system), { older: [], newer: [], isPart: true });
    }
    const tables = new Map([...ssd('systemc')].filter(([table]) => !table.startsWith('ssd_cla')));
    assert.deepEqual(await signsOf(tables), { older: [], newer: [], isPart: false });
  });

  test('do not say so when a profile reads the column under its earlier name', async () => {
    const { names } = profileFrom(
      {
        extends: 'systemc',
        columnNames: { ssd_cla_episodes: { clae_cla_episode_ceased_date: 'clae_cla_episode_ceased' } },
      },
      'ours.json',
    );
    const signs = await signsOf(ssd('systemc', { ssd_cla_episodes: ceased }), 'systemc', names);
    assert.deepEqual(signs, { older: [], newer: [], isPart: false });
  });

  test('say that it is newer when they begin as the columns of the table do, and no release checked has them', async () => {
    const { newer, older } = await signsOf(
      ssd('systemc', {
        ssd_person: withAlso('pers_new_item', 'loaded_at'),
        ssd_address: withAlso('ADDR_UPRN'),
      }),
    );
    assert.deepEqual(newer, ['ssd_person.pers_new_item', 'ssd_address.addr_uprn']);
    assert.deepEqual(older, []);
  });

  test('do not say so of a column that is read', async () => {
    const mosaic = ssd('mosaic', {
      ssd_involvements: withAlso('invo_person_id'),
      ssd_professionals: withAlso('prof_registration'),
    });
    const names = withRegistrationColumn(builtInProfile('mosaic').names, 'prof_registration');
    assert.deepEqual((await signsOf(mosaic, 'mosaic', names)).newer, []);
  });
});
