import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from './azurite.js';
import { startFixtureApp, type HostUnderTest } from './fixtureApp.js';
import type { FunctionsHostOptions } from './functionsHost.js';

let azurite: Azurite;

before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

test('a message is parsed, handled and deleted', async (t) => {
  const { host, appLogs } = await start(t, onQueue('work', 'context.log(JSON.stringify(message));'));
  await send('work', '{"runId":"r1","chunk":1}', 'plain text');
  await host.idle();

  assert.deepEqual(appLogs().sort(), ['"plain text"', '{"runId":"r1","chunk":1}']);
  assert.equal(await count('work'), 0);
});

test('the trigger metadata holds the facts of the message, some of them replaced by its properties', async (t) => {
  const { host, appLogs } = await start(
    t,
    onQueue(
      'facts',
      `const { queueTrigger, id, dequeueCount, insertionTime, popReceipt, chunk } = context.triggerMetadata;
      const isTime = /^\\d{4}-\\d\\d-\\d\\dT.*\\+00:00$/.test(insertionTime);
      context.log(JSON.stringify({ queueTrigger, id, dequeueCount, isTime, receipt: typeof popReceipt, chunk }));`,
    ),
  );
  await send('facts', '{"id":"mine","chunk":1}');
  await host.idle();

  assert.deepEqual(JSON.parse(appLogs()[0] ?? ''), {
    queueTrigger: { id: 'mine', chunk: 1 },
    id: 'mine',
    dequeueCount: 1,
    isTime: true,
    receipt: 'string',
    chunk: 1,
  });
});

test('a message that fails is tried maxDequeueCount times and then handled as poison', async (t) => {
  const { host, appLogs } = await start(
    t,
    {
      ...onQueue(
        'fragile',
        "context.log('try ' + context.triggerMetadata.dequeueCount); throw new Error('no');",
      ),
      ...onQueue('fragile-poison', "context.log('poison ' + JSON.stringify(message));"),
    },
    { extensions: { queues: { maxDequeueCount: 3, visibilityTimeout: '00:00:00' } } },
  );
  await send('fragile', '{"chunk":1}');
  await host.idle();

  assert.deepEqual(appLogs(), ['try 1', 'try 2', 'try 3', 'poison {"chunk":1}']);
  assert.equal(await count('fragile'), 0);
  assert.equal(await count('fragile-poison'), 0);
});

test('a message that fails in a poison queue goes nowhere and stays hidden', async (t) => {
  const { host, appLogs } = await start(
    t,
    onQueue('lost-poison', "context.log('tried'); throw new Error('no');"),
    { extensions: { queues: { maxDequeueCount: 1 } } },
  );
  await send('lost-poison', '{}');
  await host.idle();

  assert.deepEqual(appLogs(), ['tried']);
  assert.equal(await count('lost-poison'), 1);
  assert.equal(await queue('lost-poison-poison').exists(), false);
});

test('after a failure a message stays hidden for the visibilityTimeout', async (t) => {
  const { host, appLogs } = await start(t, onQueue('later', "context.log('tried'); throw new Error('no');"), {
    extensions: { queues: { visibilityTimeout: '01:00:00' } },
  });
  await send('later', '{}');
  await host.idle();

  assert.deepEqual(appLogs(), ['tried']);
  assert.equal(await count('later'), 1);
});

test('a message that is not encoded as host.json says goes to the poison queue unseen', async (t) => {
  const { host, appLogs } = await start(t, onQueue('encoded', "context.log('seen');"));
  const client = queue('encoded');
  await client.createIfNotExists();
  await client.sendMessage('{"not":"base64"}');
  await host.idle();

  assert.deepEqual(appLogs(), []);
  assert.equal(await count('encoded-poison'), 1);
});

test('outputs are written after the handler has succeeded, and not when it fails', async (t) => {
  const { host } = await start(t, {
    'a.js': `const chunks = output.storageQueue({ queueName: 'cut', connection: 'AzureWebJobsStorage' });
      const more = output.storageQueue({ queueName: 'cut-more', connection: 'AzureWebJobsStorage' });
      app.post('cut', { extraOutputs: [chunks, more], async handler(request, context) {
        context.extraOutputs.set(chunks, [{ chunk: 1 }, { chunk: 2 }]);
        context.extraOutputs.set(more, { chunk: 3 });
        if (await request.text() === 'fail') throw new Error('late');
        return { status: 202 };
      } });`,
  });
  const cut = async (body: string): Promise<number> =>
    (await fetch(`${host.baseUrl}/api/cut`, { method: 'POST', body })).status;

  assert.equal(await cut('fail'), 500);
  assert.equal(await queue('cut').exists(), false);

  assert.equal(await cut('succeed'), 202);
  assert.deepEqual(await contents('cut'), ['{\n  "chunk": 1\n}', '{\n  "chunk": 2\n}']);
  assert.deepEqual(await contents('cut-more'), ['{\n  "chunk": 3\n}']);
});

test('an output reaches a function of the same host', async (t) => {
  const { host, appLogs } = await start(t, {
    'a.js': `const second = output.storageQueue({ queueName: 'second', connection: 'AzureWebJobsStorage' });
      app.storageQueue('first', {
        queueName: 'first', connection: 'AzureWebJobsStorage', extraOutputs: [second],
        handler: (message, context) => { context.extraOutputs.set(second, { from: message.runId }); },
      });`,
    ...onQueue('second', 'context.log(JSON.stringify(message));'),
  });
  await send('first', '{"runId":"r1"}');
  await host.idle();
  assert.deepEqual(appLogs(), ['{"from":"r1"}']);
});

test('an output too large for a queue fails its invocation', async (t) => {
  const { host, logs } = await start(t, {
    'a.js': `const big = output.storageQueue({ queueName: 'big', connection: 'AzureWebJobsStorage' });
      const overhead = JSON.stringify({ text: '' }, null, 2).length;
      app.get('big', { extraOutputs: [big], handler(request, context) {
        context.extraOutputs.set(big, { text: 'x'.repeat(Number(request.query.get('size')) - overhead) });
        return {};
      } });`,
  });
  assert.equal((await fetch(`${host.baseUrl}/api/big?size=49152`)).status, 200);
  assert.equal((await fetch(`${host.baseUrl}/api/big?size=49153`)).status, 500);
  assert.match(logs.at(-1)?.message ?? '', /queue message is too large/);
  assert.equal(await count('big'), 1);
});

test('no more than batchSize plus newBatchThreshold messages are in flight', async (t) => {
  const { host, appLogs } = await start(
    t,
    {
      // Odd messages stay until three run at once, so that the limit is reached however slow the machine is.
      'many.js': `let running = 0, most = 0;
        app.storageQueue('many', {
          queueName: 'many', connection: 'AzureWebJobsStorage',
          async handler(number, context) {
            most = Math.max(most, ++running);
            context.log(running);
            const tries = number % 2 === 0 ? 1 : 250;
            for (let i = 0; i < tries && (i === 0 || most < 3); i++) {
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
            running -= 1;
          },
        });`,
    },
    { extensions: { queues: { batchSize: 2, newBatchThreshold: 1 } } },
  );
  await send('many', ...Array.from({ length: 12 }, (_, index) => String(index)));
  await host.idle();

  assert.equal(appLogs().length, 12);
  assert.equal(Math.max(...appLogs().map(Number)), 3);
});

test('a message that runs for long stays hidden', async (t) => {
  const { host, appLogs } = await start(
    t,
    onQueue('long', "context.log('begun'); await new Promise((resolve) => setTimeout(resolve, 2600));"),
    { speedUp: { maxPollingInterval: 0.1, hiddenWhileRunning: 2 } },
  );
  await send('long', '{}');
  await host.idle();
  assert.deepEqual(appLogs(), ['begun']);
  assert.equal(await count('long'), 0);
});

test('a function that is switched off leaves its messages on the queue', async (t) => {
  const { host, appLogs } = await start(t, onQueue('off', "context.log('seen');"), {
    settings: { 'AzureWebJobs.off.Disabled': 'true' },
  });
  await send('off', '{}');
  await host.idle();
  assert.deepEqual(appLogs(), []);
  assert.equal(await visible('off'), 1);
});

test('a host that stops goes on fetching until it has a moment in which nothing runs', async (t) => {
  const { host, appLogs } = await start(
    t,
    {
      'slow.js': `let go;
        const gone = new Promise((resolve) => { go = resolve; });
        app.storageQueue('slow', { queueName: 'slow', connection: 'AzureWebJobsStorage', async handler(message, context) {
          context.log(message);
          if (message === 'first') await gone;
          else go();
        } });`,
    },
    { extensions: { queues: { batchSize: 2, newBatchThreshold: 1 } } },
  );
  await send('slow', 'first');
  await logged(appLogs, 'first');
  const stopping = host.stop();
  await send('slow', 'second');
  await stopping;
  assert.deepEqual(appLogs(), ['first', 'second']);
  assert.equal(await count('slow'), 0);
});

test('what still runs when its host has ended is not settled, and its message stays hidden', async (t) => {
  const { host, logs, appLogs } = await start(
    t,
    {
      'endless.js': `let end;
        const ended = new Promise((resolve) => { end = resolve; });
        const other = output.storageQueue({ queueName: 'endless-out', connection: 'AzureWebJobsStorage' });
        app.storageQueue('endless', { queueName: 'endless', connection: 'AzureWebJobsStorage', extraOutputs: [other],
          async handler(message, context) {
            context.log('begun');
            await ended;
            context.extraOutputs.set(other, 'told');
          } });
        app.hook.appTerminate(async () => { end(); await new Promise(setImmediate); });`,
    },
    { speedUp: { maxPollingInterval: 0.1, drain: 0 } },
  );
  await send('endless', '{}');
  await logged(appLogs, 'begun');
  await host.stop();
  assert.ok(logs.some(({ message }) => message === 'Stopped with invocations in flight.'));
  assert.deepEqual([await count('endless'), await visible('endless')], [1, 0]);
  assert.equal(await queue('endless-out').exists(), false);
});

test('an invocation that takes longer than functionTimeout fails, with every other, and a new worker goes on', async (t) => {
  const { host, logs, appLogs } = await start(
    t,
    onQueue(
      'stuck',
      `context.log(message + ' ' + context.triggerMetadata.dequeueCount);
       if (context.triggerMetadata.dequeueCount === 1) await new Promise(() => {});`,
    ),
    { speedUp: { maxPollingInterval: 0.1, functionTimeout: 0.5 } },
  );
  await send('stuck', 'one', 'other');
  await logged(appLogs, 'one 1');
  await logged(appLogs, 'other 1');
  await logged(appLogs, 'one 2');
  await logged(appLogs, 'other 2');
  await host.idle();
  assert.equal(await count('stuck'), 0);
  assert.ok(logs.some(({ message }) => message.startsWith('Timeout value of 0.5 seconds exceeded')));
});

test('what a host has not fetched when it stops is left for the next', async (t) => {
  const first = await start(t, onQueue('left', "context.log('handled');"));
  await first.host.stop();
  await send('left', '{}');
  const second = await start(t, onQueue('left', "context.log('handled');"));
  await second.host.idle();
  assert.deepEqual([first.appLogs(), second.appLogs()], [[], ['handled']]);
});

/** An entry file with one function on a queue; `message` and `context` are at hand in its body. */
function onQueue(name: string, body: string): Record<string, string> {
  return {
    [`${name}.js`]: `app.storageQueue('${name}', {
      queueName: '${name}', connection: 'AzureWebJobsStorage',
      async handler(message, context) { ${body} },
    });`,
  };
}

function start(
  t: TestContext,
  files: Record<string, string>,
  options: Partial<FunctionsHostOptions> & { extensions?: object } = {},
): Promise<HostUnderTest> {
  return startFixtureApp(t, files, {
    ...options,
    settings: { AzureWebJobsStorage: azurite.connectionString, ...options.settings },
  });
}

function queue(name: string): QueueClient {
  return QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(name);
}

async function send(name: string, ...texts: string[]): Promise<void> {
  await queue(name).createIfNotExists();
  for (const text of texts) await queue(name).sendMessage(Buffer.from(text).toString('base64'));
}

/** The messages in a queue, hidden ones included. */
async function count(name: string): Promise<number | undefined> {
  return (await queue(name).getProperties()).approximateMessagesCount;
}

/** The messages of a queue that a poll would get, at most 32. */
async function visible(name: string): Promise<number> {
  return (await queue(name).peekMessages({ numberOfMessages: 32 })).peekedMessageItems.length;
}

/** Waits until the app has logged a line. */
async function logged(appLogs: () => readonly string[], line: string): Promise<void> {
  while (!appLogs().includes(line)) await pause(10);
}

async function contents(name: string): Promise<string[]> {
  const { peekedMessageItems } = await queue(name).peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
}
