import { chunkQueue, extractQueue, poisonOf } from '../../host/queues.js';
import { count, list, pass, shortMs, warn, type Check } from '../check.js';

const poisonQueues = [extractQueue, chunkQueue].map((queue) => poisonOf(queue).queueName);

export const queues = {
  name: 'queues',
  leavesTraces: true,
  limitMs: shortMs,
  look: async ({ openQueues }) => {
    const queues = openQueues();
    const name = await queues.tryMessage();
    const found = `A message was put into the queue ${name} and removed.`;
    const poison = await Promise.all(
      poisonQueues.map(async (queue) => ({ queue, messages: await queues.messagesIn(queue) })),
    );
    const left = poison.filter(({ messages }) => messages > 0);
    if (left.length === 0) return pass(`${found} There is none in ${list(poisonQueues)}.`);
    return warn(
      `${found} ${left.map(({ queue, messages }) => `${queue} holds ${count(messages, 'message')}.`).join(' ')}`,
      "The app's functions poisonedExtract and poisonedChunk deal with these within minutes. If the messages are still there, check that both functions are enabled, and what they log.",
    );
  },
  remedy:
    "Check the settings AzureWebJobsStorage…, give the app's identity the role Storage Queue Data Contributor on that account, and let its network through the account's firewall and to the private endpoint of its queues.",
} as const satisfies Check;
