/** Reads what another service answers, without a package: what is not there is undefined, or empty. */

export function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}

export function textAt(value: unknown, key: string): string {
  const text = valueAt(value, key);
  return typeof text === 'string' ? text : '';
}

export function numberAt(value: unknown, key: string): number | undefined {
  const number = valueAt(value, key);
  return typeof number === 'number' ? number : undefined;
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? list : [];
}
