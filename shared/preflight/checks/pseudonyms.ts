import { StagingTable } from '../../staging/stagingTable.js';
import { count, Explained, longMs, pass, type Check, type CheckAnswer, type Opened } from '../check.js';

export const pseudonyms = {
  name: 'pseudonyms',
  limitMs: longMs,
  look: async (parts) => {
    if (parts.readPseudonyms !== undefined) {
      await parts.readPseudonyms();
      return pass(
        'The key of the pseudonyms can be read. Children are sent to the test receiver under pseudonyms only.',
      );
    }
    if (parts.receiver.receiver === 'live')
      return pass('No pseudonyms are needed: the receiver is the live one.');
    return provenInvented(parts);
  },
  remedy:
    "Real children go to the test receiver under pseudonyms only: set SSD_SYNTHETIC to false, put the key into the Key Vault as the secret PSEUDONYM-KEY (docs/deploy.md, Secrets), and check that the app's identity may read it. If all children are invented, make them again (npm run synthetic-ssd, or npm run evaluate) and give the app its rights (npm run grant). Until then nothing is sent to the test receiver.",
} as const satisfies Check;

/** How many ids are in memory at a time. */
const idsAtATime = 50_000;

/** SSD_SYNTHETIC is true. A run looks again, at every id that it reads. */
async function provenInvented(parts: Opened): Promise<CheckAnswer> {
  const database = await parts.database();
  const invented = await parts.readInvented(database);
  if (invented === undefined) {
    throw new Explained(
      'SSD_SYNTHETIC is true, and the SSD has no mark of the generator of invented children that counts for this receiver. A run would fail and send nothing.',
    );
  }
  const ssd = await parts.ssd();
  const inSsd = { all: 0, others: 0 };
  const inStaging = { all: 0, others: 0 };
  const add = (ids: typeof inSsd, id: string): void => {
    ids.all += 1;
    if (!invented.includes(id)) ids.others += 1;
  };
  for (const range of await ssd.ranges(idsAtATime)) {
    for (const id of (await ssd.ids(range)).ssd_person) if (id.trim() !== '') add(inSsd, id);
  }
  for await (const { personId } of new StagingTable(database, parts.stagingTable).children()) {
    add(inStaging, personId);
  }
  if (inSsd.others + inStaging.others > 0) {
    throw new Explained(
      `SSD_SYNTHETIC is true, and the generator of invented children did not make ${String(inSsd.others)} of ${count(inSsd.all, 'id')} in the SSD and ${String(inStaging.others)} of ${String(inStaging.all)} in the staging table: they may be those of real children. A run would fail and send nothing.`,
    );
  }
  const proof =
    invented.seeds.length === 0
      ? 'because the receiver is on this machine, the mark in the SSD is believed, which lists'
      : `the mark in the SSD has the seed ${invented.seeds.join(', ')}, which gives`;
  return pass(
    `No pseudonyms are needed: ${proof} all ${count(inSsd.all, 'id')} in the SSD and ${String(inStaging.all)} in the staging table.`,
  );
}
