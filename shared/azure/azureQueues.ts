import { RestError, type QueueServiceClient } from '@azure/storage-queue';
import type { QueueProbe } from '../preflight/parts.js';

/** A queue of its own: no function listens to it. */
const queueName = 'csc-preflight';

/** A message that the host has given to a function, and hides from everyone else until the function ends. */
interface HeldMessage {
  readonly queue: string;
  readonly id: string;
  readonly popReceipt: string;
}

/** A message for a queue, as an object. */
export interface NewMessage {
  readonly queue: string;
  readonly content: unknown;
}

/** If the process ends between adding and removing, the message is visible again after this time. */
const shortlySeconds = 60;

/** What storage answers for a message that someone else has taken since, or that is gone. */
const notInHand = new Set(['MessageNotFound', 'PopReceiptMismatch', 'QueueNotFound']);

/** The queues of the storage account through which the app's functions call each other. */
export class AzureQueues implements QueueProbe {
  readonly #service: QueueServiceClient;

  constructor(service: QueueServiceClient) {
    this.#service = service;
  }

  async tryMessage(): Promise<string> {
    const queue = this.#service.getQueueClient(queueName);
    await queue.createIfNotExists();
    // If it is not removed, the message expires by itself.
    const { messageId, popReceipt } = await queue.sendMessage('preflight', { messageTimeToLive: 60 });
    await queue.deleteMessage(messageId, popReceipt);
    return queueName;
  }

  /**
   * Replaces a message with others; each is new and visible at once. If the process ends halfway, the message and
   * perhaps some of the others are on the queue.
   * @returns false, and does nothing, when the receipt of the message is no longer valid: after five minutes the host
   *   renews its lease of a message
   */
  async replace({ queue, id, popReceipt }: HeldMessage, by: readonly NewMessage[]): Promise<boolean> {
    const from = this.#service.getQueueClient(queue);
    try {
      const held = await from.updateMessage(id, popReceipt, undefined, shortlySeconds);
      for (const { queue: name, content } of by) await this.#add(name, content);
      await from.deleteMessage(id, held.popReceipt ?? popReceipt);
      return true;
    } catch (error) {
      if (error instanceof RestError && notInHand.has(error.code ?? '')) return false;
      throw error;
    }
  }

  async #add(name: string, content: unknown): Promise<void> {
    const queue = this.#service.getQueueClient(name);
    await queue.createIfNotExists();
    // In the encoding that host.json sets.
    await queue.sendMessage(Buffer.from(JSON.stringify(content), 'utf8').toString('base64'));
  }

  async messagesIn(queue: string): Promise<number> {
    try {
      return (await this.#service.getQueueClient(queue).getProperties()).approximateMessagesCount ?? 0;
    } catch (error) {
      // The host makes a poison queue only when it needs one.
      if (error instanceof RestError && error.statusCode === 404) return 0;
      throw error;
    }
  }
}
