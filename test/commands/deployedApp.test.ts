import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { appVersion } from '../../shared/composition/appVersion.js';
import { plainDate } from '../../shared/child/dates.js';
import { mayDeployCommand } from '../../shared/commands/mayDeploy.js';
import { smokeCommand } from '../../shared/commands/smoke.js';
import { anEmptyGroup, groupName, holdApp } from '../deployment/anEnvironment.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';
import { aClock } from '../deployment/aClock.js';

const today = plainDate('2026-08-11');

test('guard and smoke check understand the app as it answers', async (t) => {
  const stack = await Stack.start({});
  t.after(() => stack.stop());
  await stack.withDatabase((database) =>
    fillSsd(database, stack.schema, { kind: 'synthetic', children: 10, seed: 'smoke' }, today),
  );
  const host = await stack.startApp(today);
  const release = await mkdtemp(join(tmpdir(), 'csc-smoke-'));
  t.after(() => rm(release, { recursive: true, force: true }));
  const written: string[] = [];
  const write = (text: string): unknown => written.push(text);

  const commands = async (key: string, version: string) => {
    const environment = await anEmptyGroup(t);
    holdApp(environment, { key });
    await writeFile(join(release, 'package.json'), JSON.stringify({ version }));
    const { open } = environment;
    // The address that Azure names leads to the app on this machine.
    const call = ({ pathname, search }: URL, init: RequestInit) =>
      fetch(new URL(`${pathname}${search}`, host.baseUrl), init);
    const now = () => new Date('2026-08-11T12:00:00Z');
    const smoke = ['--group', groupName, '--minutes', '0', '--release', release];
    return {
      guard: await mayDeployCommand(['--group', groupName], {}, write, { now, call, open }),
      check: await smokeCommand(smoke, {}, write, {
        clock: aClock(),
        call,
        open,
      }),
    };
  };
  assert.deepEqual(await commands(host.functionKey, appVersion()), { guard: 0, check: 0 }, written.join(''));
  assert.deepEqual(await commands(host.functionKey, '0.0.0'), { guard: 0, check: 1 });
  assert.deepEqual(await commands('wrong', appVersion()), { guard: 1, check: 1 });
});
