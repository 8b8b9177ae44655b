import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testEngines } from '../database/engines.js';
import { foundBy, outcomesOf, preflightsOn, seeded } from './preflightsOn.js';

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    describe('compares the clock of the app', () => {
      const second = 1000;
      const minute = 60 * second;
      const hour = 60 * minute;

      /** A preflight whose app and storage have clocks that are ahead by so much of the right time. */
      const lookWith = (ahead: { readonly app?: number; readonly storage?: number }) => {
        const { app = 0, storage = 0 } = ahead;
        const time = Date.now();
        return look({
          now: () => new Date(time + app),
          blobs: { ...world.parts().blobs, time: () => Promise.resolve(new Date(time + storage)) },
        });
      };

      for (const [ahead, outcome, says] of [
        [90 * second, 'warn', '1 minute ahead of'],
        [-4 * minute, 'warn', '4 minutes behind'],
        [-7 * minute, 'fail', '7 minutes behind'],
        [25 * hour, 'fail', '25 hours ahead of'],
        [-30 * 24 * hour, 'fail', '30 days behind'],
      ] as const) {
        // Its own clock moves on while it is looked at.
        const more = ahead < 0 ? -10 * second : 10 * second;
        test(`and says that it is ${says} the others: ${outcome}, with what to do`, async () => {
          const result = await lookWith({ app: ahead + more });
          assert.equal(outcomesOf(result).clock, outcome);
          assert.equal(result.outcome, outcome);
          assert.equal(
            foundBy('clock', result),
            ['database', 'storage']
              .map((other) => `The app's clock is ${says} that of the ${other}.`)
              .join(' '),
          );
          const { remedy } = result.checks.find(({ check }) => check === 'clock') ?? {};
          assert.match(remedy ?? '', /Pause the nightly run/);
        });
      }

      test('and warns from a minute and fails from five, whichever way it differs', async () => {
        for (const sign of [1, -1]) {
          for (const [apart, outcome] of [
            [minute - 1, 'pass'],
            [minute, 'warn'],
            [5 * minute - 1, 'warn'],
            [5 * minute, 'fail'],
          ] as const) {
            const result = await lookWith({ storage: sign * apart });
            assert.equal(outcomesOf(result).clock, outcome, String(sign * apart));
          }
        }
      });

      test('and names the one of the three that differs', async () => {
        assert.equal(
          foundBy('clock', await lookWith({ storage: hour })),
          "The app's clock agrees with that of the database to within a minute. The app's clock is 60 minutes behind that of the storage.",
        );
        assert.equal(
          foundBy('clock', await lookWith({ app: hour + 10 * second, storage: hour })),
          "The app's clock is 60 minutes ahead of that of the database. The app's clock agrees with that of the storage to within a minute.",
        );
      });

      test('and does not take a slow answer for a wrong clock', async () => {
        const time = Date.now();
        let passed = 0;
        const result = await look({
          now: () => new Date(time + passed),
          blobs: {
            ...world.parts().blobs,
            time: () => {
              passed = 10 * minute;
              return Promise.resolve(new Date(time + 5 * minute));
            },
          },
        });
        assert.equal(outcomesOf(result).clock, 'pass');
      });

      test('and warns when storage does not give the time, and still compares the database', async () => {
        const code = Object.assign(new Error('AccountKey=seeded'), { code: 'ECONNREFUSED' });
        for (const [time, why] of [
          [() => Promise.reject(code), 'It failed with ECONNREFUSED.'],
          [() => Promise.resolve(undefined), 'The answer does not give the time.'],
          [() => Promise.resolve(new Date('seeded')), 'The answer does not give the time.'],
        ] as const) {
          const result = await look({ blobs: { ...world.parts().blobs, time } });
          assert.equal(outcomesOf(result).clock, 'warn');
          assert.equal(
            foundBy('clock', result),
            `The app's clock agrees with that of the database to within a minute. The clock of the storage could not be compared. ${why}`,
          );
          assert.doesNotMatch(JSON.stringify(result), seeded);
        }
      });

      test('and fails also when storage does not give the time and the database gives another', async () => {
        const result = await look({
          now: () => new Date(Date.now() + hour),
          blobs: { ...world.parts().blobs, time: () => Promise.resolve(undefined) },
        });
        assert.equal(outcomesOf(result).clock, 'fail');
      });
    });
  });
}
