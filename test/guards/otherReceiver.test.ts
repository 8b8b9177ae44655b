import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Receiver } from '../../shared/records/receiver.js';
import { explanation, guardsThatObject, off, receiver } from './aQuietNight.js';

describe('the guard against another receiver', () => {
  test('objects to a live receiver with the staging table of a test, and to the reverse', () => {
    const test: Receiver = { ...receiver, receiver: 'test' };
    assert.match(
      explanation('otherReceiver', { receiverBefore: test }, off),
      /another receiver has acknowledged \(1000 children\): test receiver dfe\.example\/children, while this run would be sent to live receiver dfe\.example\/children\./,
    );
    const unknown = { receiver: test, receiverBefore: undefined };
    assert.deepEqual(guardsThatObject(unknown), ['otherReceiver']);
    assert.deepEqual(guardsThatObject({ ...unknown, stagingTable: 'ssd_api_data_staging_anon' }), []);
    assert.deepEqual(guardsThatObject({ ...unknown, acknowledged: 0 }), []);
    assert.deepEqual(guardsThatObject({ receiver: test }), ['otherReceiver']);
  });

  test('objects to another address, and passes over capitals in the host and a slash at the end', () => {
    const at = (baseUrl: string) => guardsThatObject({ receiver: { ...receiver, baseUrl } });
    assert.deepEqual(at('https://elsewhere.example/children/'), ['otherReceiver']);
    assert.deepEqual(at('https://dfe.example/pre-production/'), ['otherReceiver']);
    assert.deepEqual(at('https://DfE.example/children'), []);
  });

  test('shows nothing of an address but host and path', () => {
    const baseUrl = 'https://user:secret@elsewhere.example/children?key=secret';
    assert.doesNotMatch(
      explanation('otherReceiver', { receiver: { ...receiver, baseUrl } }),
      /secret|user|key/,
    );
  });
});
