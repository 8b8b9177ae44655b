import { parseArgs } from 'node:util';
import { World } from '../runs/world.js';
import { playLeg, quietNights, ways, type Tally, type Troubles } from '../campaign/campaign.js';
import { ChangingSsd } from '../campaign/changingSsd.js';

/**
 * Nights by the hundred on which everything goes wrong that may, and whether DfE holds what the SSD says in the end.
 * `npm run campaign -- --nights 300 --kills --duplicates --seed S`
 */
const children = 30;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nights: { type: 'string', default: '60' },
      seed: { type: 'string', default: 'campaign' },
      kills: { type: 'boolean', default: false },
      duplicates: { type: 'boolean', default: false },
      late: { type: 'boolean', default: false },
      clock: { type: 'boolean', default: false },
    },
  });
  const nights = Number(values.nights);
  if (!Number.isInteger(nights) || nights < 1) throw new Error('--nights must be a whole number above 0.');
  const { kills, duplicates, late, clock } = values;
  const troubles: Troubles = { kills, duplicates, late, clock };

  const world = new World(1);
  await world.start();
  try {
    const ssd = new ChangingSsd(world.database, 'ssd_campaign', children, values.seed);
    await ssd.start();
    console.log(`Seed ${values.seed}; each leg ends with ${String(quietNights)} quiet nights.`);
    console.log(line(Object.keys(columns)));
    console.log(line(Object.keys(columns).map(() => '---')));
    const tallies: Tally[] = [];
    for (const [index, way] of ways.entries()) {
      const share = Math.floor(nights / ways.length) + (index < nights % ways.length ? 1 : 0);
      if (share === 0) continue;
      const tally = await playLeg({ ...way, nights: share, seed: values.seed, troubles }, world, ssd);
      tallies.push(tally);
      console.log(line([way.mode, way.arrays, ...cells([tally])]));
    }
    console.log(line(['all', '', ...cells(tallies)]));
    const wrong = tallies.flatMap((tally) => [
      ...tally.wrong,
      ...tally.atTheEnd.map((id) => `at the end: ${id}`),
    ]);
    for (const each of wrong) console.log(each);
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await world.stop();
  }
}

/** The columns of the table after mode and arrays, each with its sum. */
const columns: Readonly<Record<string, ((tally: Tally) => number) | undefined>> = {
  mode: undefined,
  'DfE’s arrays': undefined,
  nights: ({ nights }) => nights,
  kills: ({ kills }) => kills,
  duplicates: ({ duplicates }) => duplicates,
  'late POSTs': ({ late }) => late,
  'clock jumps': ({ clocks }) => clocks,
  reruns: ({ reruns }) => reruns,
  'nights with a refusal': ({ refusals }) => refusals,
  posts: ({ posts }) => posts,
  'green evenings': ({ green }) => green,
  'of which DfE differs': ({ wrong }) => wrong.length,
  'children that differ at the end': ({ atTheEnd }) => atTheEnd.length,
};

function cells(tallies: readonly Tally[]): string[] {
  return Object.values(columns)
    .filter((of) => of !== undefined)
    .map((of) => String(tallies.reduce((sum, tally) => sum + of(tally), 0)));
}

function line(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
