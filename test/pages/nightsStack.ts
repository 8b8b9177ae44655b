import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { roles } from '../../shared/access/principal.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { FunctionsHost } from '../local/host/functionsHost.js';
import type { SignedIn } from '../local/host/signedIn.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const firstNight = plainDate('2026-08-11');
const secondNight = addToDate(firstNight, { days: 1 });
const source = { kind: 'synthetic', children: 40, seed: 'pages' } as const;

/** Everyone may see and do everything. */
export const analyst: SignedIn = { name: 'Alex Analyst', roles };

/**
 * The app after a night of which DfE refused some children, with a second run that a guard holds; and whoever is
 * signed in.
 */
export interface NightsStack {
  readonly stack: Stack;
  readonly host: FunctionsHost;
  readonly runs: RunStore;
  /** The date of the held run. */
  readonly today: PlainDate;
  readonly night: RunId;
  readonly held: RunId;
  /** What stands in the blobs below a folder, in order of their names. */
  blobsIn(folder: string): Promise<string[]>;
  /** Plays Entra ID from now on; `undefined` signs out. */
  signIn(person: SignedIn | undefined): void;
}

export async function startNights(): Promise<NightsStack> {
  let person: SignedIn | undefined = analyst;
  const stack = await Stack.start({
    faults: parseFaults('refuse=8%'),
    signedIn: () => person,
    settings: { CHUNK_MAX_CHILDREN: '10' },
  });
  await stack.withDatabase(async (database) => {
    await fillSsd(database, stack.schema, source, firstNight);
    // A finding for each person.
    await database.query(`UPDATE ${stack.schema}.ssd_person SET pers_upn = 'ABC123'`);
  });
  let host = await stack.startApp(firstNight);
  const { runId: night } = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
  // The case management system has lost most of its children over night, and the guards object.
  await stack.withDatabase(async (database) => {
    const kept = `SELECT pers_person_id FROM ${stack.schema}.ssd_person ORDER BY pers_person_id LIMIT 15`;
    await database.query(`DELETE FROM ${stack.schema}.ssd_person WHERE pers_person_id NOT IN (${kept})`);
  });
  host = await stack.startApp(secondNight);
  const { runId: held } = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
  const service = BlobServiceClient.fromConnectionString(stack.storage);
  const blobs = new AzureBlobStore(service.getContainerClient('csc-runs'));
  return {
    stack,
    host,
    runs: runStore(blobs),
    today: secondNight,
    night,
    held,
    blobsIn: async (folder) =>
      Promise.all((await blobs.list(folder)).map(async ({ name }) => (await blobs.read(name)) ?? '')),
    signIn: (other) => (person = other),
  };
}
