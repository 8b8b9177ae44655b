import { output, type InvocationContext } from '@azure/functions';
import { chunkQueue, extractQueue } from '../host/queues.js';
import type { Messages } from '../runs/resumeStalledRuns.js';
import type { Container } from './container.js';

/** What a handler gets in addition to its input. */
export interface Invocation<Dependencies = Container> {
  /** Made when first used. @throws SettingsError */
  readonly container: () => Dependencies;
  /** Messages that are queued when the handler has succeeded; once in an invocation. */
  readonly queue: (messages: Partial<Messages>) => void;
  readonly log: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly error: (problem: unknown) => void;
}

/** The `extraOutputs` of a function whose handler queues messages. */
export const outputs = {
  extracts: output.storageQueue(extractQueue),
  chunks: output.storageQueue(chunkQueue),
} as const;

/**
 * The handler of a function, loaded at its first invocation: start is quick, and a module that is broken keeps no other
 * function from being registered.
 */
export function handledBy<Input, Result>(
  load: () => Promise<(input: Input, invocation: Invocation) => Promise<Result>>,
): (input: Input, context: InvocationContext) => Promise<Result> {
  return async (input, context) => {
    const [handler, { theContainer }] = await Promise.all([load(), import('./container.js')]);
    return handler(input, {
      container: theContainer,
      queue: ({ extracts = [], chunks = [] }) => {
        if (extracts.length > 0) context.extraOutputs.set(outputs.extracts, extracts);
        if (chunks.length > 0) context.extraOutputs.set(outputs.chunks, chunks);
      },
      log: (text) => context.log(text),
      warn: (text) => context.warn(text),
      error: (problem) => context.error(problem),
    });
  };
}
