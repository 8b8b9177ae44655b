import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startFixtureApp, writeFixtureApp } from './fixtureApp.js';
import { startFunctionsHost, type LogEntry } from './functionsHost.js';

describe('loading', () => {
  test('every function of every entry file is listed', async (t) => {
    const { host } = await startFixtureApp(t, {
      'nightly.js': "app.timer('nightly', { schedule: '0 30 1 * * *', handler() {} });",
      'runs.js': `app.get('getRun', { route: 'runs/{runId}', handler() {} });
        app.post('startRun', { handler() {} });`,
    });
    assert.deepEqual(host.functions, [
      { name: 'nightly', trigger: 'timerTrigger', schedule: '0 30 1 * * *' },
      { name: 'getRun', trigger: 'httpTrigger', route: '/api/runs/{runId}' },
      { name: 'startRun', trigger: 'httpTrigger', route: '/api/startRun' },
    ]);
  });

  test('settings fill in %NAME% and are in the environment until the host stops', async (t) => {
    const files = {
      'a.js': `app.timer('nightly', { schedule: '%RUN_SCHEDULE%', handler() {} });
        app.get('setting', () => ({ body: process.env.RUN_SCHEDULE }));`,
    };
    const settings = { RUN_SCHEDULE: '0 0 2 * * 1-5' };
    const { host } = await startFixtureApp(t, files, { settings });

    assert.equal(host.functions[0]?.schedule, '0 0 2 * * 1-5');
    assert.equal(await (await fetch(`${host.baseUrl}/api/setting`)).text(), '0 0 2 * * 1-5');
    await host.stop();
    assert.equal(process.env['RUN_SCHEDULE'], undefined);
  });

  test('a function whose setting is missing is left out, and the log names the setting', async (t) => {
    const files = {
      'a.js': `app.timer('nightly', { schedule: '%RUN_SCHEDULE%', handler() {} });
        app.storageQueue('send', { queueName: 'chunks', connection: 'RESULTS', handler() {} });
        app.get('ping', () => ({}));`,
    };
    const { host, logs } = await startFixtureApp(t, files);
    assert.deepEqual(
      host.functions.map(({ name }) => name),
      ['ping'],
    );
    const errors = logs.filter(({ level }) => level === 'error').map(({ message }) => message);
    assert.match(errors[0] ?? '', /'nightly' function is in error.*add the app setting RUN_SCHEDULE/);
    assert.match(errors[1] ?? '', /'send' function is in error.*add the app setting RESULTS/);
  });

  test('a schedule or a binding that the host cannot run is refused by name', async (t) => {
    const files = {
      'a.js': `app.timer('often', { schedule: 'every night', handler() {} });
        app.timer('rarely', { schedule: '0 0 0 32 * *', handler() {} });
        app.storageBlob('blob', { path: 'a/b', connection: 'AzureWebJobsStorage', handler() {} });`,
    };
    await assert.rejects(startFixtureApp(t, files), (error: Error) => {
      assert.match(error.message, /^Zero functions/);
      assert.match(error.message, /'often'.*'every night' is not an NCRONTAB schedule/);
      assert.match(error.message, /'rarely'.*'0 0 0 32 \* \*' is not an NCRONTAB schedule/);
      assert.match(error.message, /'blob'.*no "blobTrigger" binding/);
      return true;
    });
  });

  test('an entry file that throws leaves no function, and the error says what was lost', async (t) => {
    const files = {
      'a.js': "app.get('ping', () => ({}));",
      'b.js': "throw new Error('RUN_SCHEDULE is missing');",
    };
    const write = t.mock.method(process.stderr, 'write', () => true);
    const starting = startFixtureApp(t, files);
    await assert.rejects(starting, /functions.b\.js threw while it was loaded.*lost: ping/);
    write.mock.restore();
    assert.match(String(write.mock.calls[0]?.arguments[0]), /b\.js": Error: RUN_SCHEDULE is missing\n +at /);
  });

  test('an app without any function is an error', async (t) => {
    await assert.rejects(
      startFixtureApp(t, { 'a.js': '' }),
      /^Error: Zero functions: none of functions.a\.js/,
    );
  });

  test('hosts that follow one another load the app anew and share nothing', async (t) => {
    const appRoot = writeFixtureApp(t, {
      'a.js': `let calls = 0;
        app.hook.preInvocation(() => { calls++; });
        app.get('count', () => ({ jsonBody: { calls, council: process.env.LA_CODE } }));`,
    });
    for (const council of ['841', '202']) {
      const logs: LogEntry[] = [];
      const host = await startFunctionsHost({
        appRoot,
        settings: { LA_CODE: council },
        onLog: (entry) => logs.push(entry),
      });
      const answer: unknown = await (await fetch(`${host.baseUrl}/api/count`)).json();
      await host.stop();
      assert.deepEqual(answer, { calls: 1, council });
      assert.equal(logs.filter(({ message }) => message.startsWith('Executed')).length, 1);
      await assert.rejects(fetch(`${host.baseUrl}/api/count`));
    }
  });
});

describe('hooks and logs', () => {
  test('the hooks of the app run at start, before each invocation and at the end', async (t) => {
    const files = {
      'a.js': `const seen = (what) => require('node:fs').appendFileSync(__dirname + '/seen', what + ';');
        app.hook.appStart((context) => { context.hookData.since = 'start'; seen('appStart'); });
        app.hook.preInvocation((context) => {
          seen('pre ' + context.invocationContext.functionName);
          context.inputs = ['changed'];
        });
        app.hook.appTerminate(async (context) => { await null; seen('terminate since ' + context.hookData.since); });
        app.get('ping', (input) => ({ body: input }));`,
    };
    const appRoot = writeFixtureApp(t, files);
    const { host } = await startFixtureApp(t, {}, { appRoot });

    assert.equal(await (await fetch(`${host.baseUrl}/api/ping`)).text(), 'changed');
    await host.stop();
    assert.equal(
      readFileSync(join(appRoot, 'functions', 'seen'), 'utf8'),
      'appStart;pre ping;terminate since start;',
    );
  });

  test('lines of the app carry their level, function and invocation', async (t) => {
    const { host, logs } = await startFixtureApp(t, {
      'a.js': `app.get('ping', (request, context) => {
        context.log('chunks: %d', 3, { runId: 'r1' });
        context.warn('slow');
        return { body: context.invocationId };
      });`,
    });
    const invocationId = await (await fetch(`${host.baseUrl}/api/ping`)).text();
    const about = { functionName: 'ping', invocationId };
    assert.deepEqual(logs.slice(1, 3), [
      { level: 'information', ...about, message: "chunks: 3 { runId: 'r1' }" },
      { level: 'warning', ...about, message: 'slow' },
    ]);
  });
});

test('stopping lets an invocation in flight finish', async (t) => {
  const { host, appLogs } = await startFixtureApp(t, {
    'a.js': `app.timer('nightly', { schedule: '0 0 0 1 1 *', async handler(timer, context) {
      context.log('begun');
      await new Promise((resolve) => setTimeout(resolve, 100));
      context.log('ended');
    } });`,
  });
  const run = host.runTimer('nightly');
  await host.stop();
  await host.stop();
  assert.deepEqual(appLogs(), ['begun', 'ended']);
  await run;
});

test('a rejection that the app leaves unhandled ends the process, as it ends the worker', (t) => {
  const appRoot = writeFixtureApp(t, {
    'a.js': `app.timer('nightly', { schedule: '0 0 0 1 1 *', handler() {
      Promise.reject(new Error('nobody waited for this'));
    } });`,
  });
  const script = `require(process.argv[1]).startFunctionsHost({ appRoot: process.argv[2], settings: {} })
    .then((host) => host.runTimer('nightly'))`;
  const host = require.resolve('./functionsHost.js');
  const ended = spawnSync(process.execPath, ['-e', script, host, appRoot], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /nobody waited for this/);
});
