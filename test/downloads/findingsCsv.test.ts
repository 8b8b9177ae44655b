import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { excelCsv } from '../../shared/downloads/excelCsv.js';
import { findingsTable } from '../../shared/downloads/findingsTable.js';
import type { ComparedFinding, FindingState } from '../../shared/records/findingsOfRun.js';
import type { FindingRecord } from '../../shared/records/findingRecord.js';

const aFinding: FindingRecord = {
  rule: 'upn-shape',
  table: 'ssd_person',
  rowId: 'C1',
  column: 'pers_upn',
  found: '12 characters: letters, digits',
};

async function* each(findings: readonly ComparedFinding[]): AsyncGenerator<ComparedFinding> {
  yield* await Promise.resolve(findings);
}

function linesOf(...findings: [change: Partial<FindingRecord>, state?: FindingState][]): Promise<string[]> {
  const compared = findings.map(([change, state]) => ({
    finding: { ...aFinding, ...change },
    state: state ?? 'new',
  }));
  return findingsTable(each(compared)).then((table) => excelCsv(table).split('\r\n'));
}

describe('the CSV of findings', () => {
  test('says what was found, what it means and what to do, with a byte order mark and CRLF', async () => {
    assert.deepEqual(await linesOf([{}]), [
      '\uFEFFseverity,rule,table,row id,child id,legacy id,parent record,team,worker,column,what was found,what it means,what to do,state,asked by',
      'value left out,upn-shape,ssd_person,C1,,,,,,pers_upn,"12 characters: letters, digits",The UPN is not 13 letters and digits.,"Enter the UPN as the school has it, or the reason why there is none (UN1 to UN10).",new,',
      '',
    ]);
  });

  test('says where the record is in the case management system: child, parent record, team and worker', async () => {
    const [, line] = await linesOf([
      {
        table: 'ssd_cin_assessments',
        rowId: 'A7',
        childId: 'C1',
        legacyId: 'L-1',
        parentId: 'R3',
        team: '=Team "North"',
        worker: 'W, 9',
      },
    ]);
    assert.match(
      line ?? '',
      /^value left out,upn-shape,ssd_cin_assessments,A7,C1,L-1,R3,"'=Team ""North""","W, 9",pers_upn,/,
    );
  });

  test('names the rules of the returns that ask about it', async () => {
    const [, line] = await linesOf([{ rule: 'open-episodes' }]);
    assert.match(line ?? '', /^remark,open-episodes,ssd_person,.*,"CIN census 8815, CIN census 8816"$/);
  });

  test('shows findings of an earlier version, which name the row only, and rows that belong to no child', async () => {
    const [, earlier, ofNobody] = await linesOf([{}], [{ childId: null, legacyId: null, team: null }]);
    for (const line of [earlier, ofNobody]) assert.match(line ?? '', /,ssd_person,C1,,,,,,pers_upn,/);
  });

  test('has its columns when there are no findings', async () => {
    const [header, ...rest] = await linesOf();
    assert.match(header ?? '', /^\uFEFFseverity,.*,state,asked by$/);
    assert.deepEqual(rest, ['']);
  });

  const rowIds: [name: string, rowId: string | null, cell: string][] = [
    ['an equals sign', '=1+1', "'=1+1"],
    ['a plus', '+44', "'+44"],
    ['a minus', '-12', "'-12"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab', '\t=1', `"'\t=1"`],
    ['a carriage return', '\r=1', `"'\r=1"`],
    ['a quote and a formula behind it', '"=1', '"""=1"'],
    ['a formula with commas and quotes', '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['a line break', 'a\r\n=1', '"a\r\n=1"'],
    ['a lone line feed', 'a\n=1', '"a\n=1"'],
    ['Welsh letters', 'Ŵŷ', 'Ŵŷ'],
    ['no id', null, ''],
  ];
  for (const [name, rowId, cell] of rowIds) {
    test(`keeps a row id in its cell, and from being a formula: ${name}`, async () => {
      const csv = (await linesOf([{ rowId }])).join('\r\n');
      assert.ok(csv.includes(`,ssd_person,${cell},,,,,,pers_upn,`), csv);
    });
  }

  test('is sorted by severity, then by table, with corrected findings at the end', async () => {
    const lines = await linesOf(
      [{ rule: 'child-id', rowId: 'mended' }, 'mended'],
      [{ rule: 'upn-shape' }],
      [{ rule: 'code-unknown', table: 'ssd_cin_episodes' }, 'still there'],
      [{ rule: 'item-id', table: 'ssd_sdq_scores' }],
      [{ rule: 'child-id' }, 'still there'],
    );
    const order = lines.slice(1, -1).map((line) => {
      const cells = line.split(',');
      return [cells[1], cells[2], cells.at(-2)];
    });
    assert.deepEqual(order, [
      ['child-id', 'ssd_person', 'still there'],
      ['item-id', 'ssd_sdq_scores', 'new'],
      ['code-unknown', 'ssd_cin_episodes', 'still there'],
      ['upn-shape', 'ssd_person', 'new'],
      ['child-id', 'ssd_person', 'mended'],
    ]);
  });

  test('still has the findings of a rule that no longer exists', async () => {
    const [, line] = await linesOf([{ rule: 'of-old' }]);
    assert.match(line ?? '', /^remark,of-old,ssd_person,C1,.*an? earlier version/i);
  });
});
