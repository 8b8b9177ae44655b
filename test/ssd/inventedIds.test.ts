import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { isInventedId } from '../../shared/ssd/inventedIds.js';

const idsOn = (night: number, seed = 'a') =>
  [...generateSsd({ children: 60, seed, today: '2026-08-11', night }).rows('ssd_person')].map(
    ({ pers_person_id: id }) => String(id),
  );

describe('the ids of invented people', () => {
  const ids = [...new Set([...idsOn(0), ...idsOn(40)])];

  test('are given by their seed: children, parents, and who comes on a later night', () => {
    assert.ok(ids.length > new Set(idsOn(0)).size);
    assert.deepEqual(
      ids.filter((id) => !isInventedId('a', id)),
      [],
    );
  });

  test('are not those of another seed', () => {
    assert.deepEqual(
      ids.filter((id) => isInventedId('b', id)),
      [],
    );
  });

  test('may be sent to DfE and staged', () => {
    for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{1,20}$/);
  });

  test('are never met by counting upwards, as case management systems number people', () => {
    const counted = ['1', '40001', '1000001', '5000001', '4000000000', '1000001000000001'].flatMap((first) =>
      Array.from({ length: 2000 }, (_, place) => String(BigInt(first) + BigInt(place))),
    );
    assert.deepEqual(
      counted.filter((id) => isInventedId('1', id)),
      [],
    );
  });

  test('are exactly as they were made: another digit, a zero in front or letters make another person', () => {
    const [id = ''] = ids;
    const last = String((Number(id.slice(-1)) + 1) % 10);
    for (const other of [id.slice(0, -1) + last, `0${id}`, `1${id}`, id.slice(1), `A${id}`, '']) {
      assert.equal(isInventedId('a', other), false, other);
    }
  });
});
