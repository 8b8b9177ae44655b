import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inRange, joinedRanges, rangeParameters } from '../../shared/database/idRange.js';

describe('a range of ids', () => {
  it('is open at an end without a bound', () => {
    assert.equal(inRange('t.id', { after: 'A', upTo: 'B' }), 't.id > @after AND t.id <= @upTo');
    assert.equal(inRange('t.id', { after: 'A', upTo: null }), 't.id > @after');
    assert.equal(inRange('t.id', { after: null, upTo: 'B' }), 't.id <= @upTo');
    assert.equal(inRange('t.id', { after: null, upTo: null }), 't.id IS NOT NULL');
  });

  it('has a parameter for each bound it has', () => {
    assert.deepEqual(rangeParameters({ after: 'A', upTo: 'B' }), { after: 'A', upTo: 'B' });
    assert.deepEqual(rangeParameters({ after: 'A', upTo: null }), { after: 'A' });
    assert.deepEqual(rangeParameters({ after: null, upTo: null }), {});
  });

  it('begins where the one before it ends, the first and the last open', () => {
    assert.deepEqual(joinedRanges(['C', 'F', 'K']), [
      { after: null, upTo: 'C' },
      { after: 'C', upTo: 'F' },
      { after: 'F', upTo: null },
    ]);
    assert.deepEqual(joinedRanges(['C']), [{ after: null, upTo: null }]);
    assert.deepEqual(joinedRanges([]), [{ after: null, upTo: null }]);
  });
});
