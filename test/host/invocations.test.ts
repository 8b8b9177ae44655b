import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Invocations, ProcessEndsError, type MessageInHand } from '../../shared/host/invocations.js';

/** Time that passes only by `pass`: the waits that have started, and what ends each. */
function aClock() {
  const ends = new Map<number, () => void>();
  return {
    after: (ms: number) =>
      new Promise<void>((resolve) => {
        ends.set(ms, resolve);
      }),
    pass: (ms: number) => {
      ends.get(ms)?.();
    },
  };
}

/** A message that records what happens to it. */
function aMessage(isInHand = true): MessageInHand & { readonly fate: string[] } {
  const fate: string[] = [];
  const settle = (how: string) => () => {
    if (isInHand) fate.push(how);
    return Promise.resolve(isInHand);
  };
  return { fate, putBack: settle('put back'), finish: settle('finished') };
}

const finishMs = 2000;
const putBackMs = 1000;

function theInvocations() {
  const clock = aClock();
  return { clock, invocations: new Invocations({ finishMs, putBackMs }, clock.after) };
}

/** Work that ends only by `end` or `fail`. */
function aWork() {
  let end: (result: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { work: () => work, end, fail };
}

describe('while the process goes on', () => {
  test('a function returns or fails as usual, and its message is left to the host', async () => {
    const { invocations } = theInvocations();
    const message = aMessage();
    assert.equal(await invocations.run(() => 'done', message), 'done');
    await assert.rejects(
      invocations.run(() => {
        throw new Error('no database');
      }, message),
      /no database/,
    );
    assert.deepEqual(message.fate, []);
  });
});

describe('when the process ends', () => {
  test('running functions are waited for, with or without a message, and also those that start meanwhile', async () => {
    const { invocations } = theInvocations();
    const order: string[] = [];
    const [first, second] = [aWork(), aWork()];
    const running = invocations.run(first.work).then(() => order.push('first'));
    const ending = invocations.end().then(() => order.push('ended'));
    const late = invocations.run(second.work).then(() => order.push('second'));
    first.end('');
    await running;
    second.end('');
    await Promise.all([late, ending]);
    assert.deepEqual(order, ['first', 'second', 'ended']);
  });

  test('a message that was handled is finished, since the host may not learn of it', async () => {
    const { invocations } = theInvocations();
    const message = aMessage();
    const { work, end } = aWork();
    const running = invocations.run(work, message);
    const ending = invocations.end();
    end('done');
    assert.equal(await running, 'done');
    await ending;
    assert.deepEqual(message.fate, ['finished']);
  });

  test('a function that cannot end in time is interrupted, and its message goes back', async () => {
    const { clock, invocations } = theInvocations();
    const message = aMessage();
    const running = invocations.run(aWork().work, message);
    const ending = invocations.end();
    clock.pass(finishMs);
    await running;
    await ending;
    assert.deepEqual(message.fate, ['put back']);
  });

  test('a later failure of a function that was interrupted is ignored', async () => {
    const { clock, invocations } = theInvocations();
    const { work, fail } = aWork();
    const running = invocations.run(work, aMessage());
    const ending = invocations.end();
    clock.pass(finishMs);
    await Promise.all([running, ending]);
    fail(new Error('the connection is closed'));
    // An unhandled rejection would end the process, and fail this test.
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('a message that comes now goes back at once, and no function starts for it', async () => {
    const { invocations } = theInvocations();
    await invocations.end();
    const message = aMessage();
    let hasBegun = false;
    await invocations.run(() => {
      hasBegun = true;
    }, message);
    assert.equal(hasBegun, false);
    assert.deepEqual(message.fate, ['put back']);
  });

  test('a message whose function fails now goes back, and that is not a failure', async () => {
    const { invocations } = theInvocations();
    const message = aMessage();
    const { work, fail } = aWork();
    const running = invocations.run(work, message);
    const ending = invocations.end();
    fail(new Error('the connection is closed'));
    assert.equal(await running, undefined);
    await ending;
    assert.deepEqual(message.fate, ['put back']);
  });

  test('a message that is no longer in hand is left to the host, with the failure', async () => {
    const { clock, invocations } = theInvocations();
    const message = aMessage(false);
    const running = invocations.run(aWork().work, message);
    const failed = assert.rejects(running, ProcessEndsError);
    const ending = invocations.end();
    clock.pass(finishMs);
    await Promise.all([failed, ending]);
    assert.deepEqual(message.fate, []);
  });

  test('the end does not wait for ever, even for messages to go back', async () => {
    const { clock, invocations } = theInvocations();
    const never = new Promise<boolean>(() => undefined);
    const message = { putBack: () => never, finish: () => never };
    void invocations.run(aWork().work, message);
    void invocations.run(aWork().work);
    const ending = invocations.end();
    clock.pass(finishMs);
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(putBackMs);
    await ending;
  });
});
