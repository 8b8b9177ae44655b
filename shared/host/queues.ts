const connection = 'AzureWebJobsStorage';

/** The queue whose messages start an extract. */
export const extractQueue = { queueName: 'csc-extracts', connection };
/** The queue whose messages send a chunk. */
export const chunkQueue = { queueName: 'csc-chunks', connection };

/** The queue to which the host moves a message whose handler has failed too often. */
export function poisonOf(queue: typeof chunkQueue): typeof chunkQueue {
  return { ...queue, queueName: `${queue.queueName}-poison` };
}
