import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { profileFrom } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import { anSsd, type AnSsd } from './anSsd.js';

const ours = profileFrom({}, 'ours');

const person = (pers_person_id: string | null, pers_upn: string | null) => ({ pers_person_id, pers_upn });

async function sharedIn(ssd: AnSsd): Promise<string[]> {
  return [...(await ssd.reader(ours).survey()).sharedUpns].sort();
}

for (const engine of testEngines) {
  describe(`the UPNs that several persons have (${engine.name})`, () => {
    const shared = async (...persons: ReturnType<typeof person>[]) =>
      sharedIn(await anSsd(engine, { ssd_person: persons }));

    it('are those of two persons, and not those of one who is there twice', async () => {
      const upns = await shared(
        person('A', 'A1'),
        person('B', 'A1'),
        person('C', 'C1'),
        person('C', 'C1'),
        person('D', 'D1'),
      );
      assert.deepEqual(upns, ['A1']);
    });

    it('are the same in capitals and in small letters, and with blanks around them', async () => {
      const upns = await shared(
        person('A', 'a1'),
        person('B', 'A1'),
        person('C', '  B1'),
        person('D', 'b1  '),
        person('E', 'C 1'),
        person('F', 'C1'),
      );
      assert.deepEqual(upns, ['A1', 'B1']);
    });

    it('are not those of persons without an id', async () => {
      assert.deepEqual(await shared(person(null, 'A1'), person('', 'A1'), person('B', 'A1')), []);
    });

    it('are none where there are none', async () => {
      assert.deepEqual(await shared(), []);
      assert.deepEqual(await shared(person('A', null), person('B', null)), []);
      assert.deepEqual(await shared(person('A', ''), person('B', '  '), person('C', ' ')), []);
    });

    it('are also the reasons that are in the column, which no child is asked about', async () => {
      assert.deepEqual(await shared(person('A', 'UN1'), person('B', 'un1')), ['UN1']);
    });

    it('are not asked for where the column is not there or is not one of text', async () => {
      const rows = { ssd_person: [person('A', 'A1'), person('B', 'A1')] };
      const types = engine.engine === 'sqlserver' ? ['int', 'ntext'] : ['integer', 'json'];
      for (const type of types) {
        const ssd = await anSsd(engine, rows);
        await ssd.retype('ssd_person', 'pers_upn', type);
        assert.deepEqual(await sharedIn(ssd), []);
      }
      const ssd = await anSsd(engine, rows);
      await ssd.database.query(`ALTER TABLE ${ssd.schema}.ssd_person DROP COLUMN pers_upn`);
      assert.deepEqual(await sharedIn(ssd), []);
    });
  });
}
