/** Something for each of several keys, in their order. */
export function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  of: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  return recordBy(keys, (key) => key, of);
}

/** Something for each of several items, under a key of its own. */
export function recordBy<Item, Key extends string, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  of: (item: Item) => Value,
): Readonly<Record<Key, Value>> {
  const entries = items.map((item): [string, Value] => [keyOf(item), of(item)]);
  const record: Readonly<Record<string, Value>> = Object.fromEntries(entries);
  if (!hasAll(record, items.map(keyOf))) throw new TypeError('a record lacks one of its keys');
  return record;
}

function hasAll<Key extends string, Value>(
  record: Readonly<Record<string, Value>>,
  keys: readonly Key[],
): record is Readonly<Record<Key, Value>> {
  return keys.every((key) => Object.hasOwn(record, key));
}
