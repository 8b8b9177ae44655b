import { randomUUID } from 'node:crypto';
import { Explained, pass, shortMs, type Check } from '../check.js';

const blobName = 'preflight.json';

export const storage = {
  name: 'storage',
  leavesTraces: true,
  limitMs: shortMs,
  look: async ({ blobs, ledger }) => {
    const id = randomUUID();
    const content = JSON.stringify({ preflight: id });
    await blobs.write(blobName, content);
    const read = await blobs.read(blobName);
    // Another preflight may have written it in the meantime.
    if (read === undefined) throw new Explained(`The blob ${blobName} was written and is not there.`);
    // A new name each time: an app that may only add cannot delete it. It is deleted when the ledger's retention
    // period ends.
    const entry = `preflights/${id}.json`;
    await ledger.create(entry, content);
    if ((await ledger.read(entry)) === undefined) {
      throw new Explained(`The blob ${entry} was added to the ledger's container and is not there.`);
    }
    return pass(`The blob ${blobName} was written and read back, and entries can be added to the ledger.`);
  },
  remedy:
    "Give the app's identity the roles on the containers csc-runs and csc-ledger that the output roles of the deployment lists (docs/deploy.md, Role assignments denied), and let its network through the firewall of the account that RESULTS_STORAGE__blobServiceUri names.",
} as const satisfies Check;
