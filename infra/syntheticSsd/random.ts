/** A stream of pseudo-random choices that is the same for the same key, on every machine. */
export interface Random {
  /** A whole number from `least` to `most`, both possible. With `most` below `least`, always `least`. */
  int(least: number, most: number): number;
  /** True in `share` of the cases (0 to 1). */
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** One of the items, each as often as its weight says. */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item;
}

/**
 * A stream that depends on the key alone: `randomFrom('seed', 'child', 17)`.
 *
 * A counter in steps of the golden ratio, scrambled (the "splitmix" construction with MurmurHash3's finaliser): good
 * enough to spread children over personas, and cheap enough to make one stream a child. Not for secrets.
 */
export function randomFrom(...key: readonly (string | number)[]): Random {
  let state = hash(key.join('\u0000'));
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state);
  };
  const int = (least: number, most: number): number =>
    most <= least ? least : least + Math.floor((next() / 0x1_0000_0000) * (most - least + 1));
  return {
    int,
    chance: (share) => next() < share * 0x1_0000_0000,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError('there is nothing to pick from');
      return item;
    },
    weighted: (items) => {
      let left = (next() / 0x1_0000_0000) * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      throw new RangeError('there is nothing to pick from');
    },
  };
}

/** FNV-1a over UTF-16 code units, scrambled so that neighbouring keys start far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return scramble(value);
}

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
function scramble(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
