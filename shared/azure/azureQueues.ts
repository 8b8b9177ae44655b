import { RestError, type QueueServiceClient } from '@azure/storage-queue';
import type { QueueProbe } from '../run/preflight.js';

/** A queue of its own: no function listens to it. */
const queueName = 'csc-preflight';

/** The queues of the storage account through which the app's functions call each other. */
export class AzureQueues implements QueueProbe {
  readonly #service: QueueServiceClient;

  constructor(service: QueueServiceClient) {
    this.#service = service;
  }

  async tryMessage(): Promise<string> {
    const queue = this.#service.getQueueClient(queueName);
    await queue.createIfNotExists();
    // Should it not come to the removal, the message goes by itself.
    const { messageId, popReceipt } = await queue.sendMessage('preflight', { messageTimeToLive: 60 });
    await queue.deleteMessage(messageId, popReceipt);
    return queueName;
  }

  async messagesIn(queue: string): Promise<number> {
    try {
      return (await this.#service.getQueueClient(queue).getProperties()).approximateMessagesCount ?? 0;
    } catch (error) {
      // The host makes a poison queue when it needs one.
      if (error instanceof RestError && error.statusCode === 404) return 0;
      throw error;
    }
  }
}
