import type { z } from 'zod';
import { record } from './record.js';
import type { RunId } from './runId.js';

/** The folders of the runs. */
export const runsRoot = 'runs/';

/** A chunk of a run. */
export interface ChunkKey {
  readonly runId: RunId;
  readonly chunk: number;
}

/** The name of a blob in the folder of a run. */
export function nameIn(runId: RunId, rest: string): string {
  return `${runsRoot}${runId}/${rest}`;
}

/** As blobs are named by numbers: in the order of their names they are in the order of the numbers. */
export function numbered(number: number): string {
  return String(number).padStart(5, '0');
}

/** The number that a blob is named by. */
export function numberIn(name: string): number {
  return Number(/(\d+)\.jsonl?$/.exec(name)?.[1]);
}

/** A record that each run has once. */
export function ofRun<Schema extends z.ZodType>(file: string, schema: Schema) {
  return record((runId: RunId) => nameIn(runId, file), schema);
}

/** A record that each chunk of a run has once. */
export function ofChunk<Schema extends z.ZodType>(folder: string, schema: Schema) {
  return record(({ runId, chunk }: ChunkKey) => nameIn(runId, `${folder}/${numbered(chunk)}.json`), schema);
}
