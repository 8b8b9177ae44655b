import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import type { Table } from '../../shared/downloads/table.js';
import { tableFile } from '../../shared/downloads/tableFile.js';
import { workbookOf } from '../../shared/downloads/workbook.js';

/** The cells of the only sheet, as another library reads them. */
async function read(table: Table): Promise<unknown[][]> {
  const sheets = await readWorkbook(Buffer.from(await workbookOf(table)), { trim: false });
  assert.equal(sheets.length, 1);
  return sheets[0]?.data ?? [];
}

/** What a cell holds after the way through the file. */
async function cellOf(text: string): Promise<unknown> {
  const rows = await read({ columns: ['text'], rows: [[text]] });
  return rows[1]?.[0];
}

describe('a list as a workbook', () => {
  it('has the columns, then each row, and says at its end when it is incomplete', async () => {
    const table = {
      columns: ['child id', 'state'],
      rows: [
        ['C1', 'new'],
        ['C2', 'refused'],
      ],
    };
    assert.deepEqual(await read(table), [
      ['child id', 'state'],
      ['C1', 'new'],
      ['C2', 'refused'],
    ]);
    const part = await read({ ...table, rest: { from: '7' } });
    assert.match(String(part.at(-1)?.[0]), /^INCOMPLETE: .*\?from=7 /);
    assert.deepEqual(await read({ columns: ['child id'], rows: [] }), [['child id']]);
  });

  for (const text of [
    '0001750',
    '3E10',
    '1e5',
    '123456789012345678',
    '1-2',
    '2026-08-11',
    '01/02/2026',
    'TRUE',
    '#N/A',
    '=1+1',
    '+44',
    '-12',
    '@SUM(A1)',
    '=HYPERLINK("https://evil.example","x")',
    ' =1+1',
    '\n=1',
    '  C1  ',
    'a\r\n=1',
    'a\rb',
    'a\tb',
    '_x0041_',
    '__x000D_x',
    '<&>"\'',
    ']]>',
    'Ŵŷ 👧🏽',
  ]) {
    it(`keeps a text as it is: ${JSON.stringify(text)}`, async () => {
      assert.equal(await cellOf(text), text);
    });
  }

  it('can be read, whatever is in a cell', async () => {
    assert.equal(await cellOf('\u0000a\u001f'), '\u0000a\u001f');
    assert.equal(await cellOf('a\ud800b\ufffec'), 'a\ufffdb\ufffdc');
    const long = String(await cellOf('x'.repeat(40_000)));
    assert.equal(long.length, 32_767);
    assert.match(long, /x… \(the rest does not fit into a cell\)$/);
  });

  it('says of every cell that it is a text, also when a person edits it', async () => {
    const entries = unzipSync(await workbookOf({ columns: ['id'], rows: [['0001750'], ['=1+1']] }));
    const sheet = strFromU8(entries['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    const cells = [...sheet.matchAll(/<c [^>]*>/g)].map(([tag]) => tag);
    assert.equal(cells.length, 3);
    for (const tag of cells) assert.match(tag, /t="inlineStr"/);
    assert.doesNotMatch(sheet, /<f[ >]|<v>/);
    const [, style = ''] = / s="(\d+)"/.exec(cells[1] ?? '') ?? [];
    const formats = strFromU8(entries['xl/styles.xml'] ?? new Uint8Array());
    const [, kinds = ''] = /<cellXfs[^>]*>(.*?)<\/cellXfs>/s.exec(formats) ?? [];
    const kind = [...kinds.matchAll(/<xf [^>]*>/g)][Number(style)]?.[0] ?? '';
    const [, id = ''] = /numFmtId="(\d+)"/.exec(kind) ?? [];
    assert.match(formats, new RegExp(`<numFmt numFmtId="${id}" formatCode="@"`));
  });

  it('is an answer with the type and the name of a workbook', async () => {
    const table = { columns: ['id'], rows: [['C1']], rest: { from: '7' } };
    const { headers, body } = await tableFile({ name: 'list', table, format: 'xlsx', from: '3' });
    assert.equal(
      headers['content-type'],
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    );
    assert.equal(headers['content-disposition'], 'attachment; filename="list-from-3-incomplete.xlsx"');
    assert.equal('link' in headers ? headers.link : '', '<?from=7>; rel="next"');
    assert.ok(body instanceof Uint8Array);
  });

  it('takes little more memory than the file, for a hundred thousand findings', async () => {
    const cells = Array.from({ length: 14 }, (_, column) => `what column ${String(column)} says of the row`);
    const rows = Array.from({ length: 100_000 }, () => cells);
    let most = 0;
    const before = process.memoryUsage();
    const timer = setInterval(() => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      most = Math.max(most, heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers);
    }, 20);
    try {
      const { length } = await workbookOf({ columns: cells, rows });
      assert.ok(length > 100_000);
    } finally {
      clearInterval(timer);
    }
    // Its text is 56 MB, and twice that in a string of UTF-16.
    assert.ok(most < 150_000_000, `${String(most)} bytes`);
  });
});
