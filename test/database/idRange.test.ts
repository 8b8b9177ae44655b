import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  canSeek,
  inRange,
  isId,
  joinedRanges,
  rangeParameters,
  type IdOrder,
} from '../../shared/database/idRange.js';

const varchar = { sql: 't.id', isUnicode: false };
const nvarchar = { sql: 't.id', isUnicode: true };

function onSqlServer(collation: string, type: 'varchar' | 'nvarchar'): IdOrder {
  return { engine: 'sqlserver', collation, isUnicode: type === 'nvarchar' };
}

const sqlCollation = 'SQL_Latin1_General_CP1_CI_AS';
const windowsCollation = 'Latin1_General_CI_AS';
const postgres: IdOrder = { engine: 'postgres', collation: '"default"', isUnicode: true };

describe('a range of ids', () => {
  it('is open at an end that has no bound', () => {
    const range = (after: string | null, upTo: string | null) => inRange(nvarchar, { after, upTo }, postgres);
    assert.equal(range('A', 'B'), 't.id > @after AND t.id <= @upTo');
    assert.equal(range('A', null), 't.id > @after');
    assert.equal(range(null, 'B'), 't.id <= @upTo');
    assert.equal(range(null, null), 't.id IS NOT NULL');
  });

  it('has a parameter for each bound', () => {
    const [afterVarchar, upToVarchar] = [{ ascii: 'A' }, { ascii: 'B' }];
    assert.deepEqual(rangeParameters({ after: 'A', upTo: null }), { after: 'A', afterVarchar });
    assert.deepEqual(rangeParameters({ after: 'é', upTo: 'B' }), { after: 'é', upTo: 'B', upToVarchar });
    assert.deepEqual(rangeParameters({ after: null, upTo: null }), {});
  });

  it('begins where the one before it ends; the first and the last are open', () => {
    assert.deepEqual(joinedRanges(['C', 'F', 'K']), [
      { after: null, upTo: 'C' },
      { after: 'C', upTo: 'F' },
      { after: 'F', upTo: null },
    ]);
    assert.deepEqual(joinedRanges(['C']), [{ after: null, upTo: null }]);
    assert.deepEqual(joinedRanges([]), [{ after: null, upTo: null }]);
  });
});

describe('an end of a range on SQL Server', () => {
  const after = (end: string) => ({ after: end, upTo: null });
  const typed = '@afterVarchar';

  it('takes the type of a varchar column, so that the column is not converted', () => {
    for (const collation of [sqlCollation, windowsCollation]) {
      const order = onSqlServer(collation, 'varchar');
      assert.equal(inRange(varchar, after('C1'), order), `t.id > ${typed}`);
    }
    assert.equal(inRange(varchar, after('C1'), onSqlServer(windowsCollation, 'nvarchar')), `t.id > ${typed}`);
  });

  it('stays Unicode for an nvarchar column of the same order', () => {
    assert.equal(inRange(nvarchar, after('C1'), onSqlServer(sqlCollation, 'nvarchar')), 't.id > @after');
    assert.equal(inRange(nvarchar, after('C1'), onSqlServer(windowsCollation, 'varchar')), 't.id > @after');
  });

  it('is compared in the order of ssd_person’s ids where the types have different orders', () => {
    const ofVarchar = onSqlServer(sqlCollation, 'varchar');
    assert.equal(
      inRange(nvarchar, after('co-op'), ofVarchar),
      `CAST(t.id COLLATE ${sqlCollation} AS varchar(8000)) > ${typed}`,
    );
    assert.equal(inRange(varchar, after('co-op'), onSqlServer(sqlCollation, 'nvarchar')), 't.id > @after');
    for (const collation of [sqlCollation, 'Latin1_General_BIN2', 'Latin1_General_BIN']) {
      assert.equal(canSeek(nvarchar, onSqlServer(collation, 'varchar')), false, collation);
      assert.equal(canSeek(varchar, onSqlServer(collation, 'nvarchar')), false, collation);
      assert.ok(canSeek(varchar, onSqlServer(collation, 'varchar')));
    }
  });

  it('keeps letters that the code page of a column may not have', () => {
    const ofVarchar = onSqlServer(sqlCollation, 'varchar');
    assert.equal(
      inRange(varchar, after('é'), ofVarchar),
      `t.id > CAST(@after COLLATE ${sqlCollation} AS varchar(8000))`,
    );
    for (const end of ['Łódź', 'C1王', 'é']) {
      assert.equal(inRange(varchar, after(end), onSqlServer(windowsCollation, 'nvarchar')), 't.id > @after');
    }
  });
});

describe('an id', () => {
  it('is compared in the type of a varchar column and also unchanged, so that it never matches another child’s id', () => {
    assert.equal(
      isId(varchar, '@personId', onSqlServer(sqlCollation, 'varchar')),
      `CAST(@personId COLLATE ${sqlCollation} AS varchar(8000)) = t.id AND @personId COLLATE ${sqlCollation} = t.id`,
    );
  });

  it('is compared once where the column can hold any letter', () => {
    assert.equal(
      isId(nvarchar, 'r.person_id', onSqlServer(windowsCollation, 'nvarchar')),
      `r.person_id COLLATE ${windowsCollation} = t.id`,
    );
    assert.equal(isId(nvarchar, '@personId', postgres), '@personId = t.id');
  });
});
