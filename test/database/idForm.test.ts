import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idKeyOf } from '../../shared/database/idForm.js';

describe('the key of ids that a column takes for one', () => {
  test('Ids that differ in case or trailing blanks only have one key on SQL Server under the usual collations', () => {
    const keyOf = idKeyOf('sqlserver', 'Latin1_General_CI_AS');
    assert.equal(keyOf('Ab1'), keyOf('aB1'));
    assert.equal(keyOf('Ab1'), keyOf('Ab1  '));
    for (const other of [' Ab1', 'Ab1\t', 'Ab1\u00a0', 'A b1', 'Áb1'])
      assert.notEqual(keyOf('Ab1'), keyOf(other));
  });

  test('Ids that differ in trailing blanks only have one key under a collation that tells capitals apart', () => {
    for (const collation of ['Latin1_General_CS_AS', 'Latin1_General_BIN2', 'SQL_Latin1_General_CP1_CS_AS']) {
      const keyOf = idKeyOf('sqlserver', collation);
      assert.notEqual(keyOf('A1'), keyOf('a1'), collation);
      assert.equal(keyOf('A1'), keyOf('A1 '), collation);
    }
  });

  test('Ids that differ in accents have one key under a collation that ignores accents', () => {
    const keyOf = idKeyOf('sqlserver', 'Latin1_General_CI_AI');
    assert.equal(keyOf('É1'), keyOf('e1'));
  });

  test('Ids on PostgreSQL have one key only when they are the same to the letter', () => {
    const keyOf = idKeyOf('postgres', '"default"');
    for (const other of ['aB1', 'Ab1 ']) assert.notEqual(keyOf('Ab1'), keyOf(other));
  });
});
