import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readReason, readRerunForm, newRunOf } from '../../shared/pages/forms.js';

function asked(fields: Record<string, string>) {
  return newRunOf(readRerunForm(new URLSearchParams({ dryRun: 'no', reason: 'a test', ...fields })));
}

function fieldsWrong(fields: Record<string, string>): string[] {
  const read = asked(fields);
  return 'errors' in read ? read.errors.map(({ field }) => field) : [];
}

describe('the form for a run', () => {
  it('asks for what POST /api/runs accepts', () => {
    assert.deepEqual(asked({ scope: 'refused', mode: 'snapshot', dryRun: 'yes' }), {
      newRun: { scope: 'refused', mode: 'snapshot', dryRun: true, reason: 'a test' },
    });
  });

  it('accepts ids as people paste them, each once', () => {
    assert.deepEqual(asked({ scope: 'children', children: '12\r\n34, 56; 12\n' }), {
      newRun: { scope: 'children', children: ['12', '34', '56'], dryRun: false, reason: 'a test' },
    });
  });

  it('sends only when the form says so', () => {
    const read = asked({ scope: 'all', dryRun: 'perhaps' });
    assert.ok('newRun' in read && read.newRun.dryRun === true);
  });

  it('fills in nothing that is missing', () => {
    assert.deepEqual(fieldsWrong({}), ['scope']);
    const read = newRunOf(readRerunForm(new URLSearchParams({ scope: 'all', reason: 'a test' })));
    assert.ok('newRun' in read && read.newRun.dryRun === true);
  });

  it('names the field that is wrong, and quotes no id', () => {
    assert.deepEqual(fieldsWrong({ scope: 'children' }), ['children']);
    assert.deepEqual(fieldsWrong({ scope: 'everyone' }), ['scope']);
    assert.deepEqual(fieldsWrong({ scope: 'all', reason: ' ' }), ['reason']);
    const tooLong = '1'.repeat(21);
    assert.deepEqual(fieldsWrong({ scope: 'children', children: tooLong, mode: 'x' }), ['children', 'mode']);
    assert.ok(!JSON.stringify(asked({ scope: 'children', children: tooLong })).includes(tooLong));
  });

  it('is refused with ids that another scope would ignore', () => {
    assert.deepEqual(fieldsWrong({ scope: 'all', children: '12' }), ['children']);
  });
});

describe('the reason of a decision', () => {
  it('is asked for, and at most 500 characters long', () => {
    assert.equal(readReason(new URLSearchParams({ reason: ' right ' })).reason, 'right');
    assert.equal(readReason(new URLSearchParams()).errors.length, 1);
    assert.equal(readReason(new URLSearchParams({ reason: 'x'.repeat(501) })).errors.length, 1);
  });
});
