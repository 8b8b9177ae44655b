import { normalised } from '../child/localValues.js';

/** Lists of entries, and maps from an entry to what it means, by names. */
type Entries = readonly string[] | { readonly [name: string]: Entries | string | boolean | undefined };

/** The entries to take out: as what they are taken out of, with a list of entries in place of each map. */
type Taken = readonly string[] | { readonly [name: string]: Taken | undefined };

/** One of the entries to take out, and where it is looked for (`valueMaps.sex`). */
export interface TakenEntry {
  readonly place: string;
  readonly entry: string;
}

/**
 * A layer of a profile without some of its entries. Entries are compared as local values are: without blanks around
 * them, in any case, with any dash.
 */
export function shortened(layer: Entries, taken: Taken): Entries {
  if (isList(taken)) {
    const gone = new Set(taken.map(normalised));
    return isList(layer)
      ? layer.filter((entry) => !gone.has(normalised(entry)))
      : Object.fromEntries(Object.entries(layer).filter(([entry]) => !gone.has(normalised(entry))));
  }
  if (isList(layer)) return layer;
  return Object.fromEntries(
    Object.entries(layer).map(([name, value]) => {
      const takenHere = taken[name];
      return [name, takenHere === undefined || !isEntries(value) ? value : shortened(value, takenHere)];
    }),
  );
}

/** Of the entries to take out those that some layer has, and those that none has. */
export function lookedUp(
  layers: readonly Entries[],
  taken: Taken,
  path: readonly string[] = [],
): { readonly there: readonly TakenEntry[]; readonly notThere: readonly TakenEntry[] } {
  if (isList(taken)) {
    const had = new Set(
      layers.flatMap((layer) => (isList(layer) ? layer : Object.keys(layer))).map(normalised),
    );
    const entries = taken.map((entry) => ({ place: path.join('.'), entry }));
    return {
      there: entries.filter(({ entry }) => had.has(normalised(entry))),
      notThere: entries.filter(({ entry }) => !had.has(normalised(entry))),
    };
  }
  const inside = Object.entries(taken).flatMap(([name, takenHere]) => {
    if (takenHere === undefined) return [];
    const layersHere = layers.map((layer) => (isList(layer) ? undefined : layer[name])).filter(isEntries);
    return [lookedUp(layersHere, takenHere, [...path, name])];
  });
  return {
    there: inside.flatMap(({ there }) => there),
    notThere: inside.flatMap(({ notThere }) => notThere),
  };
}

function isEntries(value: Entries | string | boolean | undefined): value is Entries {
  return typeof value === 'object';
}

/** `Array.isArray` does not narrow a list that cannot be changed. */
function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
