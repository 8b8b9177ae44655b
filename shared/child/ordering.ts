/** Code unit order: the same on every machine and in every locale, so that payload bytes never depend on row order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders by one text after another; a missing text comes first. */
export function byTexts<T>(...keys: readonly ((item: T) => string | null | undefined)[]) {
  return (a: T, b: T): number => {
    for (const key of keys) {
      const order = compareText(key(a) ?? '', key(b) ?? '');
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The items under each key; items without a key are left out. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** The items under one key of `groupBy`. */
export function under<T>(groups: ReadonlyMap<string, T[]>, key: string | null): readonly T[] {
  return (key === null ? undefined : groups.get(key)) ?? [];
}
