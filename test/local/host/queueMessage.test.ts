import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage, encodeMessage, messagesOf, triggerMetadata } from './queueMessage.js';

const aMessage = {
  messageId: 'ad09ff0e-6b3b-4b7c-8c3a-0f6e63c6c9a1',
  popReceipt: 'receipt',
  dequeueCount: 2,
  insertedOn: new Date('2026-10-01T02:00:00Z'),
  expiresOn: new Date('2026-10-08T02:00:00Z'),
  nextVisibleOn: new Date('2026-10-01T02:10:00Z'),
};

test('an object becomes one message of indented JSON', () => {
  assert.deepEqual(texts({ json: '{"runId":"r1","chunk":1}' }), ['{\n  "runId": "r1",\n  "chunk": 1\n}']);
});

test('an array becomes one message for each object', () => {
  assert.deepEqual(texts({ json: '[{"chunk":1},{"chunk":2}]' }), [
    '{\n  "chunk": 1\n}',
    '{\n  "chunk": 2\n}',
  ]);
});

test('an output that is not an object is refused', () => {
  for (const value of [{ string: 'text' }, { json: '3' }, { json: '[null]' }]) {
    assert.throws(() => texts(value), /messages that are objects/);
  }
});

test('49,152 bytes are the most that a message holds', () => {
  assert.equal(encodeMessage(Buffer.alloc(49_152)).length, 65_536);
  assert.throws(() => encodeMessage(Buffer.alloc(49_153)), /too large: 65540 bytes encoded/);
});

test('what is encoded is decoded again, and what is not base64 is recognised', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(decodeMessage(encodeMessage(Buffer.from(text))), text);
    }),
  );
  assert.equal(decodeMessage('{"runId":"r1"}'), undefined);
});

test("a message's facts are its trigger metadata", () => {
  assert.deepEqual(triggerMetadata(aMessage, 'plain'), {
    QueueTrigger: { string: 'plain' },
    DequeueCount: { json: '2' },
    Id: { string: aMessage.messageId },
    PopReceipt: { string: 'receipt' },
    InsertionTime: { json: '"2026-10-01T02:00:00+00:00"' },
    NextVisibleTime: { json: '"2026-10-01T02:10:00+00:00"' },
    ExpirationTime: { json: '"2026-10-08T02:00:00+00:00"' },
  });
});

test('properties of the message replace its facts in the trigger metadata', () => {
  const text = '{"id":"mine","chunk":3,"dryRun":true,"list":[1],"scope":{"all":1}}';
  const { Id, chunk, dryRun, list, scope } = triggerMetadata(aMessage, text);
  assert.deepEqual(
    { Id, chunk, dryRun, list, scope },
    {
      Id: { string: 'mine' },
      chunk: { string: '3' },
      dryRun: { string: 'True' },
      list: undefined,
      scope: { json: '{"all":1}' },
    },
  );
});

function texts(value: Parameters<typeof messagesOf>[0]): string[] {
  return messagesOf(value).map(String);
}
