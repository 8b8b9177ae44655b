import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { dateCell, textCell } from '../../shared/ssd/cellsOf.js';
import { openTestSchema, testEngines, type TestSchema } from './engines.js';

for (const engine of testEngines.filter((one) => one.engine === 'postgres')) {
  describe(`an id of 19 digits (${engine.name})`, () => {
    const ids = ['9007199254740991', '9007199254740993', '1234567890123456789', '-9223372036854775807'];
    let made: TestSchema;
    let table: string;

    before(async () => {
      made = await openTestSchema(engine);
      table = `${made.schema}.scores`;
      await made.database.query(
        `CREATE TABLE ${table} (csdq_table_id bigint, csdq_sdq_completed_date date, csdq_sdq_score numeric(20, 0), note text)`,
      );
      for (const id of ids) {
        await made.database.query(
          `INSERT INTO ${table} VALUES (CAST(@id AS bigint), NULL, CAST(@id AS numeric), @note)`,
          { id, note: `{"id":${id},"ids":[${id}]} ":${id},` },
        );
      }
    });
    after(() => made.remove());

    it('keeps every digit, read alone and together, and can be the bound of a range', async () => {
      for (const id of ids) {
        const select = `SELECT * FROM ${table} WHERE csdq_table_id >= @id AND csdq_table_id <= @id`;
        const alone = await made.database.query(select, { id });
        const { together } = await made.database.queryTogether({ together: select }, { id });
        for (const rows of [alone, together]) {
          assert.deepEqual(
            rows.map((row) => ({
              csdq_table_id: textCell(row['csdq_table_id']),
              csdq_sdq_completed_date: dateCell(row['csdq_sdq_completed_date'], new Set()),
              csdq_sdq_score: textCell(row['csdq_sdq_score']),
              note: row['note'],
            })),
            [
              {
                csdq_table_id: id,
                csdq_sdq_completed_date: null,
                csdq_sdq_score: id,
                note: `{"id":${id},"ids":[${id}]} ":${id},`,
              },
            ],
          );
        }
      }
    });
  });
}
