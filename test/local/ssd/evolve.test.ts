import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableNames, type SsdEntry } from '../../../infra/syntheticSsd/columns.js';
import { changesForNight } from '../../../infra/syntheticSsd/evolve.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { tableLayout } from '../../../infra/syntheticSsd/layout.js';
import { applyChanges, loadSsd } from '../../../infra/syntheticSsd/load.js';
import { inIdOrder, readBack } from './readBack.js';
import { emptySsd, openTestSchema, testEngines } from '../../database/engines.js';

const today = '2026-08-11';

describe('the changes of a night', () => {
  it('are the same each time', () => {
    const request = { children: 500, seed: 'night', today, night: 7 };
    assert.deepEqual(changesForNight(request), changesForNight(request));
    assert.notDeepEqual(changesForNight(request), changesForNight({ ...request, night: 8 }));
  });

  it('concern one or two of a hundred children', () => {
    for (let night = 1; night <= 5; night += 1) {
      const { happenings } = changesForNight({ children: 10_000, seed: 'share', today, night });
      assert.ok(happenings.length > 100 && happenings.length < 250, `${happenings.length} in night ${night}`);
    }
  });

  it('leave no happening without a change, and bring every kind in time', () => {
    const kinds = new Set<string>();
    for (let night = 1; night <= 40; night += 1) {
      const { happenings, changes } = changesForNight({ children: 2000, seed: 'kinds', today, night });
      const rows = changes.reduce((sum, change) => sum + change.upsert.length + change.delete.length, 0);
      assert.ok(rows >= happenings.length);
      for (const { happening } of happenings) kinds.add(happening);
    }
    assert.deepEqual(
      [...kinds].sort(),
      [
        'arrived',
        'episodeClosed',
        'itemDeleted',
        'nameCorrected',
        'placementMoved',
        'planEnded',
        'reopened',
        'referred',
        'removed',
        'returned',
      ].sort(),
    );
  });

  it('are one day each', () => {
    assert.equal(changesForNight({ children: 10, seed: 's', today, night: 1 }).today, '2026-08-12');
    assert.equal(generateSsd({ children: 10, seed: 's', today, night: 30 }).today, '2026-09-10');
  });

  it('remove a child from every table, and bring it back as it was', () => {
    const request = { children: 3000, seed: 'return', today };
    const removedOn = new Map<string, number>();
    for (let night = 1; night <= 60; night += 1) {
      for (const { personId, happening } of changesForNight({ ...request, night }).happenings) {
        if (happening === 'removed') removedOn.set(personId, night);
        const removed = removedOn.get(personId);
        if (happening !== 'returned' || removed === undefined) continue;
        const rowsOn = (on: number): SsdEntry[] =>
          [...generateSsd({ ...request, night: on }).entries()].filter(({ row }) =>
            Object.values(row).includes(personId),
          );
        assert.deepEqual(rowsOn(removed), []);
        assert.deepEqual(rowsOn(night - 1), []);
        assert.ok(rowsOn(removed - 1).length > 0);
        assert.deepEqual(rowsOn(night), rowsOn(removed - 1));
        return;
      }
    }
    assert.fail('no child returned in 60 nights');
  });

  it('have no night 0', () => {
    assert.throws(() => changesForNight({ children: 10, seed: 's', today, night: 0 }), RangeError);
  });
});

for (const engine of testEngines) {
  it(`nights applied one after the other in ${engine.name} give the SSD that is made for the last of them`, async () => {
    const request = { children: 600, seed: 'nights', today };
    const { database, schema, remove } = await openTestSchema(engine);
    try {
      await emptySsd(database, schema);
      await loadSsd(database, schema, generateSsd(request).entries());
      for (let night = 1; night <= 12; night += 1) {
        await applyChanges(database, schema, changesForNight({ ...request, night }).changes);
        if (night % 4 !== 0) continue;
        const expected = generateSsd({ ...request, night });
        for (const table of tableNames) {
          const id = tableLayout(table, 'systemc').rowId.name;
          assert.deepEqual(
            await readBack(database, schema, table),
            inIdOrder([...expected.rows(table)], id),
            `${table} after night ${night}`,
          );
        }
      }
    } finally {
      await remove();
    }
  });
}
