import { QueueServiceClient, type DequeuedMessageItem, type QueueClient } from '@azure/storage-queue';
import type { FunctionRunner } from './functionRunner.js';
import type { QueueSettings } from './hostJson.js';
import type { IndexedFunction, QueueTrigger } from './indexing.js';
import { addMessage, decodeMessage, isMissing, triggerMetadata } from './queueMessage.js';
import { WakeableSleep } from './wakeableSleep.js';

/** Waits between two empty polls: from this up to `maxPollingInterval`, doubling. Milliseconds. */
const shortestPollingInterval = 100;

interface QueueListenerOptions {
  readonly indexed: IndexedFunction<QueueTrigger>;
  readonly runner: FunctionRunner;
  readonly settings: QueueSettings;
  /** For how long a running message is hidden, in whole seconds; renewed at half of it. */
  readonly hiddenWhileRunning: number;
}

/**
 * Brings the messages of one queue to one function: at least once, in no order, in batches, with the retries and the
 * poison queue of the storage queue extension. A queue that does not exist counts as empty.
 */
export class QueueListener {
  readonly #options: QueueListenerOptions;
  readonly #queue: QueueClient;
  /** None for a `-poison` queue: a message that fails there stays hidden until its visibility ends, then comes again. */
  readonly #poisonQueue: QueueClient | undefined;
  readonly #pause = new WakeableSleep();
  #running = 0;
  #stopped = false;
  #listening: Promise<void> = Promise.resolve();
  #lastRequest: Promise<unknown> = Promise.resolve();

  constructor(options: QueueListenerOptions) {
    const { queue, connectionString } = options.indexed.trigger;
    const service = QueueServiceClient.fromConnectionString(connectionString);
    this.#options = options;
    this.#queue = service.getQueueClient(queue);
    this.#poisonQueue = queue.endsWith('-poison') ? undefined : service.getQueueClient(`${queue}-poison`);
  }

  get queueName(): string {
    return this.#queue.name;
  }

  start(): void {
    this.#listening = this.#listen();
  }

  /** Polls at once if it is waiting to poll. */
  wake(): void {
    this.#pause.wake();
  }

  /** Fetches no more messages; those that are running go on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#listening;
  }

  /** Whether a message waits that a poll would get now. */
  async hasVisibleMessage(): Promise<boolean> {
    return this.#inTurn(async () => {
      const { peekedMessageItems } = await this.#queue.peekMessages();
      return peekedMessageItems.length > 0;
    }, false);
  }

  async #listen(): Promise<void> {
    const { batchSize, newBatchThreshold, maxPollingInterval } = this.#options.settings;
    const longestPollingInterval = Math.max(shortestPollingInterval, maxPollingInterval * 1000);
    let interval = shortestPollingInterval;
    while (!this.#stopped) {
      if (this.#running > newBatchThreshold) {
        await this.#pause.sleep(longestPollingInterval); // ended by the next message that is done
        continue;
      }
      if (await this.#receiveBatch(batchSize)) {
        interval = shortestPollingInterval;
      } else {
        await this.#pause.sleep(interval);
        interval = Math.min(interval * 2, longestPollingInterval);
      }
    }
  }

  /** Starts what it receives; counted before any peek can follow, so that no message is overlooked in between. */
  async #receiveBatch(numberOfMessages: number): Promise<boolean> {
    return this.#inTurn(async () => {
      const { receivedMessageItems } = await this.#queue.receiveMessages({
        numberOfMessages,
        visibilityTimeout: this.#options.hiddenWhileRunning,
      });
      for (const message of receivedMessageItems) void this.#process(message);
      return receivedMessageItems.length > 0;
    }, false);
  }

  /** One request to the queue at a time; `otherwise` when it fails, which is a warning unless the queue is missing. */
  async #inTurn<T>(request: () => Promise<T>, otherwise: T): Promise<T> {
    const turn = this.#lastRequest.then(request).catch((error: unknown) => {
      if (!isMissing(error)) this.#warn('reading', error);
      return otherwise;
    });
    this.#lastRequest = turn;
    return turn;
  }

  async #process(message: DequeuedMessageItem): Promise<void> {
    this.#running += 1;
    try {
      await this.#options.runner.inFlight.track(() => this.#runAndSettle(message));
    } catch (error) {
      // It becomes visible again by itself; or the app has removed it, which the real host passes over.
      if (!isMissing(error)) this.#warn('settling a message of', error);
    } finally {
      this.#running -= 1;
      this.wake();
    }
  }

  async #runAndSettle(message: DequeuedMessageItem): Promise<void> {
    const { indexed, runner, settings } = this.#options;
    const text = decodeMessage(message.messageText);
    if (text === undefined || message.dequeueCount > settings.maxDequeueCount) {
      if (text === undefined) runner.warn('Message decoding has failed: it is not base64.', indexed.name);
      await this.#giveUp(message, message.popReceipt);
      return;
    }
    const hold = this.#keepHidden(message);
    const outcome = await runner.run(indexed, {
      inputData: [{ name: indexed.trigger.name, data: { string: text } }],
      triggerMetadata: triggerMetadata(message, text),
    });
    const popReceipt = await hold.release();

    // What it has fetched is hidden until its time has run out.
    if ('hostGone' in outcome) return;
    if ('response' in outcome) await this.#queue.deleteMessage(message.messageId, popReceipt);
    else if (message.dequeueCount >= settings.maxDequeueCount) await this.#giveUp(message, popReceipt);
    else if (this.#poisonQueue !== undefined) {
      await this.#queue.updateMessage(message.messageId, popReceipt, undefined, settings.visibilityTimeout);
    }
  }

  async #giveUp(message: DequeuedMessageItem, popReceipt: string): Promise<void> {
    const { indexed, runner, settings } = this.#options;
    const poison = this.#poisonQueue;
    if (poison === undefined) return;
    runner.warn(
      `Message has reached MaxDequeueCount of ${settings.maxDequeueCount}. ` +
        `Moving message to queue '${poison.name}'.`,
      indexed.name,
    );
    await addMessage(poison, message.messageText);
    await this.#queue.deleteMessage(message.messageId, popReceipt);
    runner.queueWritten(poison.name);
  }

  /** Renews the visibility at half-time until released; `release` gives the pop receipt that is then valid. */
  #keepHidden({ messageId, popReceipt }: DequeuedMessageItem): { release: () => Promise<string> } {
    const hold = { popReceipt, released: false, halfTime: new WakeableSleep() };
    const renewing = this.#renew(messageId, hold);
    return {
      release: async () => {
        hold.released = true;
        hold.halfTime.wake();
        await renewing;
        return hold.popReceipt;
      },
    };
  }

  async #renew(
    messageId: string,
    hold: { popReceipt: string; readonly released: boolean; readonly halfTime: WakeableSleep },
  ): Promise<void> {
    const { hiddenWhileRunning } = this.#options;
    for (;;) {
      await hold.halfTime.sleep(hiddenWhileRunning * 500);
      if (hold.released) return;
      try {
        const renewed = await this.#queue.updateMessage(
          messageId,
          hold.popReceipt,
          undefined,
          hiddenWhileRunning,
        );
        hold.popReceipt = renewed.popReceipt ?? hold.popReceipt;
      } catch (error) {
        this.#warn('renewing the visibility of a message of', error);
      }
    }
  }

  #warn(doing: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const { indexed, runner } = this.#options;
    runner.warn(`Failed when ${doing} the queue '${this.queueName}': ${reason}`, indexed.name);
  }
}
