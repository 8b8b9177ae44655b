import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startFixtureApp } from './fixtureApp.js';
import { scheduleOf } from '../../../shared/host/schedule.js';

/** An app with one timer, which is due on New Year's Day only. */
function nightly(handlerBody: string, options = ''): Record<string, string> {
  return {
    'a.js': `app.timer('nightly', { schedule: '0 0 0 1 1 *', ${options} async handler(timer, context) { ${handlerBody} } });`,
  };
}

/** Kept by a host that ran before the last occurrence, and not since. */
const missed = {
  Last: '2019-01-01T00:00:00Z',
  LastUpdated: '2019-01-01T00:00:00Z',
  Next: '2020-01-01T00:00:00Z',
};
const afterAMiss = () => new Map([['nightly', missed]]);

test('a timer is given its schedule and its status', async (t) => {
  const { host, appLogs } = await startFixtureApp(t, nightly('context.log(JSON.stringify(timer));'));
  await host.runTimer('nightly');
  const [given = ''] = appLogs();
  assert.match(given, /^{"schedule":{"adjustForDST":true},"scheduleStatus":{.*},"isPastDue":false}$/);
  assert.equal(appLogs().length, 1);
});

test('what was missed while no host ran is run once at the start, and says that it is late', async (t) => {
  const timerStatuses = afterAMiss();
  const files = nightly('context.log(JSON.stringify([timer.isPastDue, timer.scheduleStatus.last]));');
  const first = await startFixtureApp(t, files, { timerStatuses });
  await first.host.idle();
  await first.host.stop();
  assert.deepEqual(first.appLogs(), ['[true,"2019-01-01T00:00:00Z"]']);

  const second = await startFixtureApp(t, files, { timerStatuses });
  await second.host.idle();
  assert.deepEqual(second.appLogs(), []);
});

test('a timer without a status has missed nothing', async (t) => {
  const { host, appLogs } = await startFixtureApp(t, nightly("context.log('ran');"));
  await host.idle();
  assert.deepEqual(appLogs(), []);
});

for (const name of ['AzureWebJobs.nightly.Disabled', 'AzureWebJobs_nightly_Disabled']) {
  test(`a timer that ${name} switches off runs by hand only`, async (t) => {
    const { host, appLogs } = await startFixtureApp(t, nightly("context.log('ran');"), {
      settings: { [name]: 'true' },
      timerStatuses: afterAMiss(),
    });
    assert.equal(host.functions[0]?.isDisabled, true);
    await host.idle();
    assert.deepEqual(appLogs(), []);
    await host.runTimer('nightly');
    assert.deepEqual(appLogs(), ['ran']);
  });
}

test('a setting with two underscores switches nothing off', async (t) => {
  const { host, appLogs } = await startFixtureApp(t, nightly("context.log('ran');"), {
    settings: { AzureWebJobs__nightly__Disabled: 'true' },
    timerStatuses: afterAMiss(),
  });
  await host.idle();
  assert.deepEqual(appLogs(), ['ran']);
});

test('runs by hand may overlap', async (t) => {
  const { host, appLogs } = await startFixtureApp(
    t,
    nightly("context.log('begun'); await new Promise(setImmediate); context.log('ended');"),
  );
  await Promise.all([host.runTimer('nightly'), host.runTimer('nightly')]);
  assert.deepEqual(appLogs(), ['begun', 'begun', 'ended', 'ended']);
});

test('a run that fails is logged and not repeated', async (t) => {
  const { host, logs, appLogs } = await startFixtureApp(
    t,
    nightly("context.log('tried'); throw new Error('no SSD');"),
  );
  await host.runTimer('nightly');
  assert.deepEqual(appLogs(), ['tried']);
  assert.match(logs.at(-1)?.message ?? '', /^Executed 'Functions.nightly' \(Failed, .*\nError: no SSD\n/);
});

test('with a retry policy a run that fails is repeated', async (t) => {
  const { host, appLogs } = await startFixtureApp(
    t,
    nightly(
      "context.log('tried'); throw new Error('no SSD');",
      "retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: 0 },",
    ),
  );
  await host.runTimer('nightly');
  assert.deepEqual(appLogs(), ['tried', 'tried', 'tried']);
});

test('a timer runs at its occurrences, one run at a time', async (t) => {
  const { host, appLogs } = await startFixtureApp(t, {
    'a.js': `app.timer('everySecond', { schedule: '* * * * * *', async handler(timer, context) {
      context.log('begun');
      await new Promise((resolve) => setTimeout(resolve, 1100));
      context.log('ended');
    } });`,
  });
  for (let tries = 0; tries < 100 && appLogs().length < 2; tries++) await pause(50);
  await host.stop();
  assert.deepEqual(appLogs().slice(0, 2), ['begun', 'ended']);
});

test('a timer that does not exist cannot be run', async (t) => {
  const { host } = await startFixtureApp(t, nightly(''));
  await assert.rejects(host.runTimer('weekly'), /No timer function "weekly"; there are: nightly/);
});

test('a schedule is NCRONTAB, without the inventions of other crons', () => {
  assert.equal(scheduleOf(' 0  30 1 * JAN-MAR MON,tue '), '0 30 1 * JAN-MAR MON,tue');
  for (const wrong of [
    '@daily',
    '0 0 0 L * *',
    '0 0 0 ? * *',
    '0 0 0 * * MON#2',
    '0 0 0 1 1 * 2027',
    '01:00:00',
  ]) {
    assert.throws(() => scheduleOf(wrong), /is not an NCRONTAB schedule/, wrong);
  }
});
