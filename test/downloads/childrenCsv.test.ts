import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { childrenTable } from '../../shared/downloads/childrenTable.js';
import { excelCsv } from '../../shared/downloads/excelCsv.js';
import type { ChildOfRun, ChildOutcome } from '../../shared/records/childrenOfRun.js';

const hash = 'ab'.repeat(32);

async function* each(children: readonly ChildOfRun[]): AsyncGenerator<ChildOfRun> {
  yield* await Promise.resolve(children);
}

function aChild(
  outcome: ChildOutcome = { outcome: 'not sent' },
  about: Partial<Pick<ChildOfRun, 'personId' | 'change' | 'chunk'>> = {},
): ChildOfRun {
  return { personId: 'C1', hash, change: 'New', chunk: 1, ...about, ...outcome };
}

async function csvOf(...children: ChildOfRun[]): Promise<string> {
  return excelCsv(await childrenTable(each(children)));
}

describe('the CSV of the children of a run', () => {
  test('gives the outcome of each child, one a line, with a byte order mark and CRLF', async () => {
    const csv = await csvOf(
      aChild({ outcome: 'accepted', receipt: 'R1' }, { personId: 'C2' }),
      aChild({ outcome: 'refused', reason: '400: [removed] is no UPN, mend it' }, { change: 'Updated' }),
      aChild({ outcome: 'outstanding' }, { change: 'Deleted', chunk: 2 }),
      aChild({ outcome: 'superseded' }, { change: 'Unchanged', chunk: 2 }),
      aChild({ outcome: 'not sent' }, { chunk: 450 }),
    );
    assert.deepEqual(csv.split('\r\n'), [
      "\uFEFFchild id,change,chunk,outcome,DfE's answer,SHA-256 of the record",
      `C2,new,1,accepted,R1,${hash}`,
      `C1,changed,1,refused,"400: [removed] is no UPN, mend it",${hash}`,
      `C1,removed,2,outstanding,,${hash}`,
      `C1,unchanged,2,superseded,,${hash}`,
      `C1,new,450,not sent,,${hash}`,
      '',
    ]);
  });

  test('has its columns when the run sends no child', async () => {
    assert.match(await csvOf(), /^\uFEFFchild id,[^\r\n]*\r\n$/);
  });

  const texts: [name: string, text: string, cell: string][] = [
    ['a formula', '=1+1', "'=1+1"],
    ['a plus', '+44', "'+44"],
    ['a minus', '-12', "'-12"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a formula with commas and quotes', '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['a formula behind blanks', '  =1+1', "'  =1+1"],
    ['a formula behind a line feed', '\n=1', `"'\n=1"`],
    ['a formula behind blanks and line breaks', ' \r\n\t @SUM(A1)', `"' \r\n\t @SUM(A1)"`],
    ['a formula behind a no-break space', '\u00a0=1', "'\u00a0=1"],
    ['a formula behind a character that cannot be seen', '\u200b\ufeff=1', "'\u200b\ufeff=1"],
    ['a formula behind a control character', '\u0000=1', "'\u0000=1"],
    ['a sign of full width', ' \uff1d1', "' \uff1d1"],
    ['a lone line feed at its beginning', '\na', `"'\na"`],
    ['a blank before what is no formula', ' a=1', ' a=1'],
    ['a line break', 'a\r\n=1', '"a\r\n=1"'],
    ['a lone line feed', 'a\n=1', '"a\n=1"'],
    ['a tab', 'a\t=1', '"a\t=1"'],
    ['a semicolon', 'a;=1', '"a;=1"'],
  ];
  for (const [name, text, cell] of texts) {
    test(`keeps ids and DfE's words in their cells, and from being formulas: ${name}`, async () => {
      const id = await csvOf(aChild({ outcome: 'not sent' }, { personId: text }));
      assert.ok(id.endsWith(`\r\n${cell},new,1,not sent,,${hash}\r\n`), id);
      const words = await csvOf(aChild({ outcome: 'refused', reason: text }));
      assert.ok(words.endsWith(`\r\nC1,new,1,refused,${cell},${hash}\r\n`), words);
      const receipt = await csvOf(aChild({ outcome: 'accepted', receipt: text }));
      assert.ok(receipt.endsWith(`\r\nC1,new,1,accepted,${cell},${hash}\r\n`), receipt);
    });
  }
});
