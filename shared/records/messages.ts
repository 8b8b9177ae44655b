import { z } from 'zod';
import { chunkMessageSchema, type ChunkMessage } from './chunk.js';
import { runIdSchema } from './runId.js';

/** The message that starts an extract. */
export const extractMessageSchema = z.object({ runId: runIdSchema });
export type ExtractMessage = z.output<typeof extractMessageSchema>;

/** @throws Error when this app did not write the message; nothing of it is quoted */
export function readExtractMessage(entry: unknown): ExtractMessage {
  return readMessage(extractMessageSchema, entry, 'run');
}

/** @throws Error when this app did not write the message; nothing of it is quoted */
export function readChunkMessage(entry: unknown): ChunkMessage {
  return readMessage(chunkMessageSchema, entry, 'chunk');
}

function readMessage<Schema extends z.ZodType>(
  schema: Schema,
  entry: unknown,
  what: string,
): z.output<Schema> {
  const message = schema.safeParse(entry);
  if (message.success) return message.data;
  throw new Error(`The message names no ${what}: this app does not write such messages. Nothing was sent.`);
}
