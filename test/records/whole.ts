import assert from 'node:assert/strict';
import { noDeadline, Rest } from '../../shared/records/inTime.js';

/** For lists that are to be whole. */
export const unhurried = { deadline: noDeadline } as const;

/** Every item of a list for which there was enough time. */
export async function whole<Item>(items: AsyncIterable<Item | Rest<number> | Rest<string>>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) {
    if (item instanceof Rest) assert.fail(`the list breaks off before ${String(item.from)}`);
    list.push(item);
  }
  return list;
}
