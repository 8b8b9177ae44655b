/** What JSON can hold: the types of everything in a request body. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** `Array.isArray`, which on its own loses the element type of a readonly array. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

function isJson(value: unknown): value is Json {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'string':
      return true;
    case 'object':
      return value === null || (Array.isArray(value) ? value : Object.values(value)).every(isJson);
    default:
      return false;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads bytes as UTF-8 JSON in the strict sense of RFC 8259: bytes that are not UTF-8, and a byte order mark,
 * are refused, not corrected.
 *
 * @throws Error (TypeError of the decoder, SyntaxError of the parser) for anything else.
 */
export function parseJson(bytes: Uint8Array): Json {
  const value: unknown = JSON.parse(utf8.decode(bytes));
  if (!isJson(value)) throw new SyntaxError('not JSON');
  return value;
}
