import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import type { SsdEntry } from '../../infra/syntheticSsd/columns.js';
import { ssdTables, type SsdTable } from '../../shared/child/sourceRows.js';
import { personsIn } from './syntheticPersons.js';
import { builtOf, today } from './aPayload.js';

const entries: readonly SsdEntry[] = [...generateSsd({ children: 12, seed: 'isolation', today }).entries()];

/** What each child's payload is, by its id; undefined for one that is held. */
function payloadsOf(ssd: Iterable<SsdEntry>): Map<string | null, string | undefined> {
  return new Map(
    personsIn(ssd).map((rows) => {
      const { child } = builtOf(rows);
      return [rows.person.pers_person_id, child === undefined ? undefined : JSON.stringify(child)];
    }),
  );
}

const untouched = payloadsOf(entries);

/** The cells of values: ids say whose a row is, and may rightly give it to another child. */
const cells = entries.flatMap(({ table, row }, at) =>
  Object.keys(row)
    .filter((column) => isValue(table, column))
    .map((column) => ({ at, column })),
);

function isValue(table: string, column: string): boolean {
  if (!isSsdTable(table)) return false;
  return Object.entries(ssdTables[table]).some(([name, kind]) => name === column && kind !== 'id');
}

function isSsdTable(table: string): table is SsdTable {
  return Object.hasOwn(ssdTables, table);
}

function ownerOf({ row }: SsdEntry): unknown {
  return Object.entries(row).find(([column]) => column.endsWith('_person_id'))?.[1];
}

const deep = fc.integer({ min: 2, max: 20_000 }).map((levels) => '['.repeat(levels) + ']'.repeat(levels));
const long = fc
  .integer({ min: 1, max: 40_000 })
  .map((length) => JSON.stringify(Array.from({ length }, (_, index) => `X${String(index)}`)));
const odd = fc.constantFrom(
  '{"toString":1}',
  '{"__proto__":null}',
  '{"constructor":{"name":1}}',
  '{"valueOf":"1A","1A":{"toString":null}}',
  '1'.repeat(100_000),
  '\u0000',
  '\ud800',
);
const anyCell = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  deep,
  long,
  odd,
  fc.anything(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
);

describe('any content of any cell of one child', () => {
  it('leaves the payload of every other child as it is, to the byte', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), anyCell), { minLength: 1, maxLength: 6 }), (spoilt) => {
        const changed = [...entries];
        const touched = new Set<unknown>();
        for (const [pick, value] of spoilt) {
          const cell = cells[pick % cells.length];
          const entry = cell === undefined ? undefined : changed[cell.at];
          if (cell === undefined || entry === undefined) continue;
          touched.add(ownerOf(entry));
          const row = { ...entry.row };
          Reflect.set(row, cell.column, value);
          changed[cell.at] = { ...entry, row };
        }
        // A factor row names its assessment, not its child: it may be anybody's.
        if (touched.has(undefined)) return;
        for (const [id, payload] of payloadsOf(changed)) {
          if (!touched.has(id)) assert.equal(payload, untouched.get(id));
        }
      }),
      { numRuns: 150 },
    );
  });
});
