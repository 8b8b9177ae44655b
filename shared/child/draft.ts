import type { ItemList, ItemOf, NestedList } from './lists.js';
import type { Child, Episode } from './payload.js';

/** What the source does not say: neither a value nor "none". What DfE holds of it is repeated (`settle.ts`). */
export const unknown: unique symbol = Symbol('unknown');
export type Unknown = typeof unknown;

/** A value, none, or unknown. */
export type Maybe<Value> = Value | undefined | Unknown;

/**
 * A list without ids, some of whose elements are unknown.
 * `merged` gives what is sent, from what DfE holds; nothing when nothing can be said.
 */
export class PartlyKnown {
  readonly merged: (held: readonly unknown[]) => readonly unknown[];

  constructor(merged: (held: readonly unknown[]) => readonly unknown[]) {
    this.merged = merged;
  }
}

/** A block or item as far as the source gives it. */
export type Drafted<Item> = {
  readonly [Key in keyof Item]: Item[Key] extends readonly (infer Value)[] | undefined
    ? readonly Value[] | undefined | Unknown | PartlyKnown
    : Item[Key] | Unknown;
};

type NestedDrafts = { readonly [List in NestedList]: readonly Drafted<ItemOf<List>>[] };

/** An episode as far as the source gives it. */
export type EpisodeDraft = Drafted<Omit<Episode, NestedList | 'adoption' | 'care_leavers'>> &
  NestedDrafts & {
    readonly adoption: Maybe<Drafted<NonNullable<Episode['adoption']>>>;
    readonly care_leavers: Maybe<Drafted<NonNullable<Episode['care_leavers']>>>;
  };

/** A child as far as the source gives it. */
export interface ChildDraft {
  readonly la_child_id: string;
  readonly mis_child_id: Maybe<string>;
  readonly purge: false;
  readonly child_details: Drafted<Child['child_details']>;
  readonly health_and_wellbeing: Maybe<Drafted<NonNullable<Child['health_and_wellbeing']>>>;
  readonly social_care_episodes: readonly EpisodeDraft[];
}

/** Ids of items, by list. */
export class IdsByList {
  readonly #ids = new Map<ItemList, Set<string>>();

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  add(list: ItemList, id: string): void {
    const ids = this.#ids.get(list);
    if (ids === undefined) this.#ids.set(list, new Set([id]));
    else ids.add(id);
  }

  has(list: ItemList, id: string): boolean {
    return this.#ids.get(list)?.has(id) === true;
  }
}

/** The items where we cannot tell whether they are there, or what they say: none of them is gone. */
export class UnknownItems {
  readonly #ids = new IdsByList();
  readonly #any = new Set<ItemList>();
  readonly #lost: IdsByList;
  readonly #contradicted = new IdsByList();

  /** @param lost the rows that lead to no person: any of them may be this child's */
  constructor(lost: IdsByList) {
    this.#lost = lost;
  }

  add(list: ItemList, id: string): void {
    this.#ids.add(list, id);
  }

  /** Two rows of one id that say different things: what DfE holds of it stays. */
  addContradicted(list: ItemList, id: string): void {
    this.#contradicted.add(list, id);
  }

  isContradicted(list: ItemList, id: string): boolean {
    return this.#contradicted.has(list, id);
  }

  /** A row that may be any item of the list, or a table that is not there. */
  addAny(list: ItemList): void {
    this.#any.add(list);
  }

  has(list: ItemList, id: string): boolean {
    return this.#any.has(list) || this.#lost.has(list, id) || this.#ids.has(list, id);
  }
}
