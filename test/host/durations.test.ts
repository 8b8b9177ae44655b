import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import {
  functionTimeoutMs,
  longestAttemptMs,
  longestRetrySeconds,
  longestTimeoutSeconds,
  quietAfterMs,
  redeliveryMs,
  signEveryMs,
} from '../../shared/host/durations.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { projectRoot } from '../local/migrations.js';

const timeSpan = z.string().transform((text) => {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
});
const hostSchema = z.object({
  functionTimeout: timeSpan,
  extensions: z.object({ queues: z.object({ visibilityTimeout: timeSpan }) }),
});

const hour = 60 * 60_000;

describe('how long things take', () => {
  test('matches host.json, where the host decides it', () => {
    const file = readFileSync(join(projectRoot, 'host.json'), 'utf8');
    const host = hostSchema.parse(JSON.parse(file));
    assert.equal(host.functionTimeout, functionTimeoutMs);
    assert.equal(host.extensions.queues.visibilityTimeout, redeliveryMs);
  });

  test('leaves an attempt enough time to end before the host ends it, with any settings', () => {
    const { DFE_TIMEOUT_SECONDS, DFE_RETRY_SECONDS, DFE_POSTS_IN_FLIGHT, DFE_POSTS_PER_SECOND } =
      settingsSchema.shape;
    for (const [setting, most] of [
      [DFE_TIMEOUT_SECONDS, longestTimeoutSeconds],
      [DFE_RETRY_SECONDS, longestRetrySeconds],
    ] as const) {
      assert.ok(setting.safeParse(most).success);
      assert.ok(!setting.safeParse(most + 1).success);
    }
    const mostInFlight = 32;
    const fewestASecond = 0.01;
    assert.ok(!DFE_POSTS_IN_FLIGHT.safeParse(mostInFlight + 1).success);
    assert.ok(!DFE_POSTS_PER_SECOND.safeParse(fewestASecond / 2).success);

    // A token, the other key and other credentials are tried when the last try is answered with 401.
    const longestPost = (longestRetrySeconds + 4 * longestTimeoutSeconds) * 1000;
    const longestPaced = Math.max(longestPost, (mostInFlight / fewestASecond) * 1000);
    assert.ok(longestAttemptMs + longestPaced + hour / 2 <= functionTimeoutMs);
  });

  test('lets a sender give several signs of life before its run counts as dead', () => {
    assert.ok(3 * signEveryMs < quietAfterMs);
    assert.ok(redeliveryMs + signEveryMs < quietAfterMs);
  });
});
