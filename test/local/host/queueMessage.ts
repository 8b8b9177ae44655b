import { RestError, type QueueClient } from '@azure/storage-queue';
import type { TypedData } from './workerApi.js';

/** The largest message that Azure Storage takes, in bytes: 49,152 bytes of content in base64. */
const largestMessage = 65_536;

/**
 * Encodes the content of one message in base64.
 *
 * @throws Error when the encoded message would be larger than Azure Storage takes.
 */
export function encodeMessage(content: Buffer): string {
  const encoded = content.toString('base64');
  const size = encoded.length;
  if (size > largestMessage) {
    throw new Error(
      `The queue message is too large: ${size} bytes encoded (${content.length} before), ` +
        `and the maximum is ${largestMessage}.`,
    );
  }
  return encoded;
}

/** The text of a received message, or undefined when it is not base64. */
export function decodeMessage(messageText: string): string | undefined {
  const content = Buffer.from(messageText, 'base64');
  return content.toString('base64') === messageText ? content.toString('utf8') : undefined;
}

/** Adds a message to a queue, which is created when it does not exist. */
export async function addMessage(queue: QueueClient, encoded: string): Promise<void> {
  try {
    await queue.sendMessage(encoded);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await queue.createIfNotExists();
    await queue.sendMessage(encoded);
  }
}

/** Whether storage answered that there is no such queue or message. */
export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/**
 * The messages that an output value becomes: indented JSON for an object, and for each object of an array.
 *
 * @throws Error for any other value, which the real host converts in ways that this app does not need.
 */
export function messagesOf({ json }: TypedData): Buffer[] {
  const parsed: unknown = json === undefined ? undefined : JSON.parse(json);
  return (Array.isArray(parsed) ? parsed : [parsed]).map((element: unknown) => {
    if (typeof element === 'object' && element !== null) return Buffer.from(JSON.stringify(element, null, 2));
    throw new Error('The stand-in writes queue messages that are objects, or arrays of objects.');
  });
}

/** A message's facts, from the queue service. */
interface MessageFacts {
  readonly messageId: string;
  readonly popReceipt: string;
  readonly dequeueCount: number;
  readonly insertedOn: Date;
  readonly expiresOn: Date;
  readonly nextVisibleOn: Date;
}

/**
 * The trigger metadata that the real host makes of a message. The trap in it is real as well: the properties of a
 * message that is a JSON object are merged in, arrays left out, so that a field named `id` replaces the message's id.
 */
export function triggerMetadata(facts: MessageFacts, text: string): Record<string, TypedData> {
  const metadata: Record<string, TypedData> = {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(facts.dequeueCount) },
    ExpirationTime: { json: dotNetDate(facts.expiresOn) },
    Id: { string: facts.messageId },
    InsertionTime: { json: dotNetDate(facts.insertedOn) },
    NextVisibleTime: { json: dotNetDate(facts.nextVisibleOn) },
    PopReceipt: { string: facts.popReceipt },
  };
  const known = new Map(Object.keys(metadata).map((key) => [key.toLowerCase(), key]));
  for (const [property, value] of Object.entries(jsonObject(text))) {
    if (Array.isArray(value)) continue;
    const key = known.get(property.toLowerCase()) ?? property;
    known.set(key.toLowerCase(), key);
    if (value === null) metadata[key] = {};
    else if (typeof value === 'object') metadata[key] = { json: JSON.stringify(value) };
    else metadata[key] = { string: dotNetText(value) };
  }
  return metadata;
}

/** The properties of a text that is a JSON object; none for any other text. */
function jsonObject(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function dotNetText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

function dotNetDate(date: Date): string {
  return JSON.stringify(date.toISOString().replace(/(\.000)?Z$/, '+00:00'));
}
