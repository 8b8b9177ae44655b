import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DateCell } from '../../shared/child/cells.js';
import { databaseTime } from '../../shared/database/clock.js';
import type { Row } from '../../shared/database/database.js';
import { dateCell } from '../../shared/ssd/cellsOf.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from './engines.js';

// Like every test file, this one has its own process, so it may change the zone.

/** Zones on both sides of London, and what `getTimezoneOffset` says in January. */
const zones = [
  { zone: 'Europe/London', january: 0 },
  { zone: 'America/New_York', january: 300 },
  { zone: 'Pacific/Auckland', january: -780 },
] as const;

/** Days on which clocks change here or there, a leap day, and days of other centuries. */
const days = [
  '1899-12-31',
  '1970-01-01',
  '1998-04-02',
  '2024-02-29',
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-27',
  '2026-10-25',
  '2026-11-01',
  '2026-12-31',
] as const;

/** As the SSD reader reads a date from a row. */
function dayIn(row: Row): DateCell {
  return dateCell(row['csdq_sdq_completed_date'], new Set());
}

for (const engine of testEngines) {
  for (const { zone, january } of zones) {
    describe(`a date (${engine.name}, the process in ${zone})`, () => {
      const zoneBefore = process.env['TZ'];
      let made: TestSchema;
      let table: string;

      before(async () => {
        process.env['TZ'] = zone;
        assert.equal(new Date(2026, 0, 15).getTimezoneOffset(), january);
        made = await openTestSchema(engine);
        table = `${made.schema}.dates`;
        const { moment } = typesOf(made.database.engine);
        await made.database.query(
          `CREATE TABLE ${table} (id int NOT NULL, as_day date, as_moment ${moment}, late ${moment})`,
        );
        for (const [id, day] of days.entries()) {
          await made.database.query(
            `INSERT INTO ${table} (id, as_day, as_moment, late)
             VALUES (@id, CAST(@day AS date), CAST(@day AS date), CAST(@late AS ${moment}))`,
            { id, day, late: `${day}T23:59:30` },
          );
        }
      });
      after(async () => {
        if (zoneBefore === undefined) delete process.env['TZ'];
        else process.env['TZ'] = zoneBefore;
        await made.remove();
      });

      for (const column of ['as_day', 'as_moment', 'late'] as const) {
        it(`is the same day when it is read from the column ${column}`, async () => {
          const select = `SELECT id AS csdq_table_id, ${column} AS csdq_sdq_completed_date, NULL AS csdq_sdq_score
            FROM ${table}`;
          const alone = await made.database.query(`${select} ORDER BY id`);
          assert.deepEqual(alone.map(dayIn), days);
          const { dates } = await made.database.queryTogether({ dates: select });
          const inOrder = dates.toSorted((a, b) => Number(a['csdq_table_id']) - Number(b['csdq_table_id']));
          assert.deepEqual(inOrder.map(dayIn), days);
        });

        it(`is the same day when it is compared with the column ${column}`, async () => {
          for (const [id, day] of days.entries()) {
            const next = days[id + 1] ?? '2027-01-01';
            const rows = await made.database.query(
              `SELECT id FROM ${table} WHERE ${column} >= CAST(@day AS date) AND ${column} < CAST(@next AS date)`,
              { day, next },
            );
            assert.deepEqual(rows, [{ id }]);
          }
        });
      }

      it("and time are read from the database's clock in UTC", async () => {
        const before = Date.now();
        const time = await databaseTime(made.database);
        // The server may run on another machine.
        assert.ok(Math.abs(time.getTime() - before) < 60_000, time.toISOString());
      });

      it('that is unknown stays unknown', async () => {
        const rows = await made.database.query(
          `SELECT '1' AS csdq_table_id, CAST(@day AS date) AS csdq_sdq_completed_date, NULL AS csdq_sdq_score`,
          { day: null },
        );
        assert.deepEqual(rows.map(dayIn), [null]);
      });
    });
  }
}
