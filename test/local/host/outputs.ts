import { QueueServiceClient } from '@azure/storage-queue';
import type { IndexedFunction } from './indexing.js';
import { addMessage, encodeMessage, messagesOf } from './queueMessage.js';
import type { InvocationResponse } from './workerApi.js';

/**
 * Writes what a handler that succeeded has put into its outputs: one message after the other, in no transaction. Missing
 * queues are created.
 *
 * @param onWritten called with the name of each queue that got messages.
 * @throws Error of the first message that cannot be written; those before it are written.
 */
export async function writeOutputs(
  { outputs }: IndexedFunction,
  response: InvocationResponse,
  onWritten: (queue: string) => void,
): Promise<void> {
  for (const { name, queue, connectionString } of outputs) {
    const value = response.outputData?.find((output) => output.name === name)?.data;
    if (value === undefined) continue;
    const client = QueueServiceClient.fromConnectionString(connectionString).getQueueClient(queue);
    for (const content of messagesOf(value)) {
      await addMessage(client, encodeMessage(content));
      onWritten(queue);
    }
  }
}
