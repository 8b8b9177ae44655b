import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalised } from '../../shared/child/codes/localValues.js';
import { profileFrom } from '../../shared/ssd/profile.js';
import { reportedInvolvements } from '../../shared/ssd/involvementRoles.js';
import { testEngines } from '../database/engines.js';
import { anSsd } from './anSsd.js';

const ours = profileFrom({}, 'ours');
const reported = (...roles: string[]) => new Set(roles.map(normalised));

for (const engine of testEngines) {
  describe(`the roles of involvements (${engine.name})`, () => {
    const table = 'ssd_involvements';
    const column = 'invo_professional_role_id';

    it('are counted, the most frequent first; rows without a role are among all rows only', async () => {
      const roles = ['ALLOC', 'CW ', 'ALLOC', null, ' ', 'ALLOC', 'CW '];
      const ssd = await anSsd(engine, {
        ssd_involvements: roles.map((role, at) => ({
          invo_involvements_id: String(at),
          invo_professional_role_id: role,
        })),
      });
      const found = await ssd.reader(ours).involvementRoles();
      assert.deepEqual(found, {
        rows: 7,
        roles: [
          { role: 'ALLOC', rows: 3 },
          { role: 'CW', rows: 2 },
        ],
      });
      assert.deepEqual(reportedInvolvements(found, reported('cw')), { rows: 7, withReportedRole: 2 });
      assert.deepEqual(reportedInvolvements(found, reported('SW')), { rows: 7, withReportedRole: 0 });
    });

    it('are none in an empty table, and unknown where the column is absent or not text', async () => {
      const ssd = await anSsd(engine);
      assert.deepEqual(await ssd.reader(ours).involvementRoles(), { rows: 0, roles: [] });
      await ssd.retype(table, column, engine.engine === 'postgres' ? 'json' : 'ntext');
      assert.equal(await ssd.reader(ours).involvementRoles(), undefined);
      await ssd.database.query(`DROP TABLE ${ssd.schema}.${table}`);
      assert.equal(await ssd.reader(ours).involvementRoles(), undefined);
    });

    it('are numbers where the SSD has numbers', async () => {
      const ssd = await anSsd(engine);
      await ssd.retype(table, column, 'integer');
      await ssd.database.query(`INSERT INTO ${ssd.schema}.${table} (${column}) VALUES (12), (12)`);
      assert.deepEqual(await ssd.reader(ours).involvementRoles(), {
        rows: 2,
        roles: [{ role: '12', rows: 2 }],
      });
    });
  });
}
