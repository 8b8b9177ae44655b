import { createRequire } from 'node:module';
import { z } from 'zod';

const workerSchema = z.object({ hostVersion: z.string().regex(/^\d+(\.\d+){1,3}$/) });

/** The version of the Functions host, as its Node.js worker says it; `undefined` elsewhere. */
export function hostVersion(): string | undefined {
  try {
    // Exists in the worker only, and is not for importing.
    const worker: unknown = createRequire(__filename)('@azure/functions-core');
    return workerSchema.parse(worker).hostVersion;
  } catch {
    return undefined;
  }
}
