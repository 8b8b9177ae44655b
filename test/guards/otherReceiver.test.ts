import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Receiver } from '../../shared/records/receiver.js';
import { explanation, guardsThatPause, off, receiver } from './anOrdinaryRun.js';

describe('the guard against another receiver', () => {
  test('pauses a run to a live receiver with the staging table of a test, and the reverse', () => {
    const test: Receiver = { ...receiver, receiver: 'test' };
    assert.match(
      explanation('otherReceiver', { receiverBefore: test }, off),
      /another receiver has acknowledged \(1000 children\): test receiver dfe\.example\/children, while this run would be sent to live receiver dfe\.example\/children\./,
    );
    const unknown = { receiver: test, receiverBefore: undefined };
    assert.deepEqual(guardsThatPause(unknown), ['otherReceiver']);
    assert.deepEqual(guardsThatPause({ ...unknown, stagingTable: 'ssd_api_data_staging_anon' }), []);
    assert.deepEqual(guardsThatPause({ ...unknown, acknowledged: 0 }), []);
    assert.deepEqual(guardsThatPause({ receiver: test }), ['otherReceiver']);
  });

  test('pauses a run to another address, and takes capitals in the host and a slash at the end for the same', () => {
    const at = (baseUrl: string) => guardsThatPause({ receiver: { ...receiver, baseUrl } });
    assert.deepEqual(at('https://elsewhere.example/children/'), ['otherReceiver']);
    assert.deepEqual(at('https://dfe.example/pre-production/'), ['otherReceiver']);
    assert.deepEqual(at('https://DfE.example/children'), []);
  });

  test('shows only host and path of an address', () => {
    const baseUrl = 'https://user:secret@elsewhere.example/children?key=secret';
    assert.doesNotMatch(
      explanation('otherReceiver', { receiver: { ...receiver, baseUrl } }),
      /secret|user|key/,
    );
  });
});
