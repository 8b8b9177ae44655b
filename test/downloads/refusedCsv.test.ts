import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excelCsv } from '../../shared/downloads/excelCsv.js';
import { refusedTable } from '../../shared/downloads/refusedTable.js';
import type { RefusedChild } from '../../shared/records/refusalsOfRun.js';
import { builtInProfile } from '../../shared/ssd/profile.js';

async function* each(children: readonly RefusedChild[]): AsyncGenerator<RefusedChild> {
  yield* await Promise.resolve(children);
}

test('the CSV of refused children has a line for each place in the SSD, by the names of the case management system', async () => {
  const children = [
    {
      personId: 'C1',
      chunk: 2,
      reason: '400: child_details.surname is too long; child_in_need_plan_id is missing',
      places: [
        { table: 'ssd_person', column: 'pers_surname', rowId: 'C1' },
        { table: 'ssd_cin_plans', column: 'cinp_cin_plan_id', rowId: 'P1', parentId: 'E1' },
        { table: 'ssd_cin_plans' },
        { table: 'a table of a later version', column: 'x' },
      ],
    },
    { personId: 'C2', chunk: 3, reason: '422: is not valid', places: [] },
  ];
  const [first] = children;
  const head = `C1,400 child_details.surname,"${String(first?.reason)}",2`;
  assert.deepEqual((await csvOf(children)).split('\r\n'), [
    "\uFEFFchild id,status and field,DfE's words,chunk,table,column,row id,parent record",
    `${head},ssd_person,pers_surname,C1,`,
    `${head},ssd_cin_plans,cin_plan_id,P1,E1`,
    `${head},ssd_cin_plans,,,`,
    `${head},a table of a later version,x,,`,
    'C2,422,422: is not valid,3,,,,',
    '',
  ]);
});

async function csvOf(children: readonly RefusedChild[]): Promise<string> {
  return excelCsv(await refusedTable(each(children), builtInProfile('mosaic').names));
}
