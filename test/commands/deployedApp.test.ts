import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appVersion } from '../../shared/appVersion.js';
import { plainDate } from '../../shared/child/dates.js';
import { mayDeployCommand } from '../../shared/commands/mayDeployCommand.js';
import { smokeCommand } from '../../shared/commands/smokeCommand.js';
import { fillSsd } from '../local/ssd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');

test('guard and smoke check understand the app as it answers', async (t) => {
  const stack = await Stack.start({});
  t.after(() => stack.stop());
  await stack.withDatabase((database) =>
    fillSsd(database, stack.schema, { kind: 'synthetic', children: 10, seed: 'smoke' }, today),
  );
  const host = await stack.startApp(today);
  const environment = { FUNCTION_KEY: host.functionKey };
  const written: string[] = [];
  const write = (text: string): unknown => written.push(text);
  assert.equal(await mayDeployCommand(['--url', host.baseUrl], environment, write), 0, written.join(''));
  const smoke = ['--url', host.baseUrl, '--minutes', '0', '--version'];
  assert.equal(await smokeCommand([...smoke, appVersion()], environment, write), 0, written.join(''));
  assert.equal(await smokeCommand([...smoke, '0.0.0'], environment, write), 1);
  assert.equal(await mayDeployCommand(['--url', host.baseUrl], { FUNCTION_KEY: 'wrong' }, write), 1);
});
