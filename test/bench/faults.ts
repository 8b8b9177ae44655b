import { isDeepStrictEqual } from 'node:util';
import { runStatus } from '../../shared/records/runStatus.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { ArrayMode } from '../local/dfe/state.js';
import { World } from '../runs/world.js';

/**
 * The effect of a DfE with faults: for each fault one run with it and, where something was left, one without. Prints a table.
 * `npm run bench:faults`
 */
const faults: readonly (readonly [string, string])[] = [
  ['none', ''],
  ['408, 20 %', '408=20%'],
  ['429 with Retry-After, 20 %', '429=20%:0'],
  ['500, 20 %', '500=20%'],
  ['503, 20 %', '503=20%'],
  ['reset before the body was received, 20 %', 'reset=20%'],
  ['reset after it was taken, 20 %', 'lost=20%'],
  ['slow answers, 20 % by 300 ms', 'slow=20%:300'],
  ['token withdrawn in mid-run, 20 %', '401=20%'],
  ['token endpoint 503, 30 %', 'token=30%'],
  ['a receipt too few, 20 %', 'count=20%'],
  ['204, 20 %', '204=20%'],
  ['an HTML page with 200, 20 %', 'garbage=20%'],
  ['413 above 60 kB', '413=60000'],
  ['1 % bad children, indexes', 'refuse=1%'],
  ['1 % bad children, no index', 'refuse=1%,refuse-text'],
  ['20 % bad children, indexes', 'refuse=20%'],
  ['20 % bad children, nested paths', 'refuse=20%,refuse-paths'],
  ['20 % bad children, no index', 'refuse=20%,refuse-text'],
  ['2 % trip the firewall', 'firewall=2%'],
  [
    'all of it',
    'refuse=5%,firewall=1%,408=3%,429=5%:0,500=5%,503=3%,reset=3%,lost=5%,401=3%,count=3%,204=3%,garbage=3%,token=5%',
  ],
  ['down', 'down'],
  ['wrong key', '403=100%'],
];

async function main(): Promise<void> {
  const world = new World(600, 'Azurite');
  await world.start();
  const expected = await world.expected('first');
  console.log(
    '| fault | children | accepted | refused | outstanding | posts | seconds | run | DfE as expected |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  try {
    for (const [index, [name, spec]] of faults.entries()) {
      const arrays: ArrayMode = index % 2 === 0 ? 'replace' : 'merge';
      await world.fresh({ arrays });
      world.dfe.setFaults(parseFaults(spec));
      const dependencies = world.dependencies('first', {
        chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
        rangeSize: 500,
      });
      const begun = performance.now();
      const runId = (await world.run(dependencies)) ?? '';
      const seconds = (performance.now() - begun) / 1000;
      const status = await runStatus(runId, dependencies.runs);
      const totals = status?.totals;
      // What was left is sent in the next run, when DfE has no fault; what was refused stays refused.
      world.dfe.setFaults({});
      if ((totals?.outstanding ?? 0) > 0) await world.run(dependencies);
      const refused = new Set(
        (await world.stagingRows())
          .filter((row) => row['submission_status'] === 'Error')
          .map((row) => row['person_id']),
      );
      const wanted = expected.filter(({ la_child_id }) => !refused.has(la_child_id));
      const isRight = isDeepStrictEqual(world.dfe.children(), wanted);
      const { accepted = 0, refused: refusals = 0, outstanding = 0, posts = 0 } = totals ?? {};
      console.log(
        `| ${name} | ${String(expected.length)} | ${String(accepted)} | ${String(refusals)} | ${String(outstanding)} | ${String(posts)} | ${seconds.toFixed(1)} | ${status?.status ?? '-'} | ${isRight ? 'yes' : 'NO'} |`,
      );
      if (!isRight) process.exitCode = 1;
    }
  } finally {
    await world.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
