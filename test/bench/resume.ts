import { extractRun } from '../../shared/runs/extractRun.js';
import { failRun } from '../../shared/runs/finishRun.js';
import type { Interference } from '../runs/interference.js';
import { World } from '../runs/world.js';

/**
 * The time of the extract of a first run that is killed after nine tenths of its ranges: without a stop, resumed, and
 * begun anew, as by another version. `npm run bench:resume [children]`
 */
async function main(): Promise<void> {
  const world = new World(Number(process.argv[2] ?? '10000'), 'Azurite');
  await world.start();
  try {
    await world.database.query('ANALYZE');
    const options = { rangeSize: 500, chunkLimits: { maxChildren: 100, maxBytes: 190_000 } };
    const { ssd } = world.dependencies('first', options);
    const ranges = (await ssd.ranges(options.rangeSize)).length;
    const seconds = async (second: string | undefined): Promise<string> => {
      const dependencies = world.dependencies('first', options);
      const runId = await world.begin(dependencies);
      const begun = performance.now();
      if (second !== undefined) {
        const killer = killedAfterCheckpoint(Math.floor(ranges * 0.9));
        await extractRun(runId, world.dependencies('first', options, killer)).catch(() => undefined);
      }
      const killed = performance.now();
      const version = second ?? dependencies.version;
      await extractRun(runId, world.dependencies('first', { ...options, version }));
      const times = [killed - begun, performance.now() - killed];
      await failRun(runId, 'a measurement', dependencies);
      return times.map((ms) => (ms / 1000).toFixed(1)).join(' | ');
    };
    console.log(
      `${String(ranges)} ranges\n\n| | until it is killed, s | afterwards, s |\n| --- | --- | --- |`,
    );
    // The first attempt fills the staging table.
    await seconds(undefined);
    console.log(`| in one go | ${await seconds(undefined)} |`);
    console.log(`| gone on with | ${await seconds(world.dependencies('first').version)} |`);
    console.log(`| begun anew | ${await seconds('another')} |`);
  } finally {
    await world.stop();
  }
}

function killedAfterCheckpoint(nth: number): Interference {
  let checkpoints = 0;
  return {
    around: async (write, name) => {
      if (name?.endsWith('checkpoint.json') === true) checkpoints += 1;
      const result = await write();
      if (checkpoints >= nth) throw new Error('killed after a checkpoint');
      return result;
    },
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
