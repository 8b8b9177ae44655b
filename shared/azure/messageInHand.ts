import type { InvocationContext } from '@azure/functions';
import { z } from 'zod';
import type { MessageInHand } from '../host/invocations.js';
import type { AzureQueues, NewMessage } from './azureQueues.js';

const triggerSchema = z.object({ type: z.literal('queueTrigger'), queueName: z.string() });
const metadataSchema = z.object({ id: z.string(), popReceipt: z.string() });
const outputSchema = z.object({ type: z.literal('queue'), name: z.string(), queueName: z.string() });

/** The part of an `InvocationContext` that is used. */
type Context = Pick<InvocationContext, 'options' | 'triggerMetadata' | 'extraOutputs' | 'warn'>;

/** The message that started an invocation; `undefined` when it was not a queue that started it. */
export function messageInHand(
  content: unknown,
  context: Context,
  openQueues: () => Promise<Pick<AzureQueues, 'replace'>>,
): MessageInHand | undefined {
  const { options, extraOutputs } = context;
  const trigger = triggerSchema.safeParse(options.trigger);
  const metadata = metadataSchema.safeParse(context.triggerMetadata);
  if (!trigger.success || !metadata.success) return undefined;
  const { queueName: queue } = trigger.data;
  const held = { queue, ...metadata.data };
  const replaceBy = async (messages: readonly NewMessage[]) => (await openQueues()).replace(held, messages);
  return {
    putBack: async () => {
      const isBack = await replaceBy([{ queue, content }]);
      if (isBack)
        context.warn('The process is ending: the message went back to its queue, for the next process.');
      return isBack;
    },
    finish: async () => {
      const outputs = options.extraOutputs.map((output) => outputSchema.parse(output));
      const isFinished = await replaceBy(
        outputs.flatMap(({ name, queueName }) =>
          listOf(extraOutputs.get(name)).map((one) => ({ queue: queueName, content: one })),
        ),
      );
      // Otherwise the host would write them again.
      if (isFinished) for (const { name } of outputs) extraOutputs.set(name, undefined);
      return isFinished;
    },
  };
}

/** An array becomes one message for each element. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
