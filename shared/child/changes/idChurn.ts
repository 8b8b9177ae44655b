import { z } from 'zod';
import { idsIn, outlineIn } from './outline.js';
import { itemLists, lists, type ItemList } from '../lists.js';
import type { Child } from '../payload.js';
import { recordBy } from '../recordOf.js';

/** A kind of thing that the source system gives an id of its own. */
export type IdKind = (typeof lists)[ItemList]['kind'];

/**
 * How the ids of one kind have changed, in numbers of ids. An id counts once for a child, even under several
 * episodes. One that the source system renewed is in `gone` and its successor in `new`; one whose record only left
 * the window, as many do on 1 April, is in `gone` alone.
 */
export interface IdChange {
  /** Ids that DfE has acknowledged. */
  readonly held: number;
  /** Those among `held` that the child does not have any more. */
  readonly gone: number;
  /** Ids that the child has now and DfE has not acknowledged. */
  readonly new: number;
}

export type IdChanges = Readonly<Record<IdKind, IdChange>>;

/**
 * The change of one child's ids since DfE acknowledged it. Nothing is counted of a child that is new to DfE or has left:
 * its ids come or go with the child, and leavers have a guard of their own. An acknowledged text that cannot be read
 * counts as none.
 * @param child the child as it is now, `undefined` for a leaver
 * @param acknowledged the JSON text of the payload DfE acknowledged last, `undefined` for a new child
 */
export function idChangeOf(child: Child | undefined, acknowledged: string | undefined): IdChanges {
  const before = acknowledged === undefined ? undefined : outlineIn(acknowledged);
  if (child === undefined || before === undefined) return ofEachKind(() => none);
  const [then, now] = [idsIn(before), idsIn(child)];
  return ofEachKind((_, list) => ({
    held: then[list].size,
    gone: countOutside(then[list], now[list]),
    new: countOutside(now[list], then[list]),
  }));
}

/** The same as `idChangeOf` for a child that is exactly as DfE acknowledged it, without reading the acknowledged text. */
export function idsHeld(child: Child): IdChanges {
  const ids = idsIn(child);
  return ofEachKind((_, list) => ({ held: ids[list].size, gone: 0, new: 0 }));
}

/** What `IdChurn.figures` gives, as it is stored. */
export const idChangesSchema = z.strictObject(
  ofEachKind(() => z.strictObject({ held: count(), gone: count(), new: count() })),
);

/** Adds up the changes of many children. */
export class IdChurn {
  #total: IdChanges;

  /** @param soFar what another one has added up */
  constructor(soFar: IdChanges = ofEachKind(() => none)) {
    this.#total = soFar;
  }

  add(change: IdChanges): void {
    const before = this.#total;
    this.#total = ofEachKind((kind) => ({
      held: before[kind].held + change[kind].held,
      gone: before[kind].gone + change[kind].gone,
      new: before[kind].new + change[kind].new,
    }));
  }

  /** The sum of what has been added so far; later additions do not change it. */
  figures(): IdChanges {
    return this.#total;
  }
}

function count() {
  return z.int().nonnegative();
}

const none: IdChange = { held: 0, gone: 0, new: 0 };

function ofEachKind<Value>(of: (kind: IdKind, list: ItemList) => Value): Readonly<Record<IdKind, Value>> {
  return recordBy(
    itemLists,
    (list) => lists[list].kind,
    (list) => of(lists[list].kind, list),
  );
}
function countOutside(ids: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...ids].filter((id) => !others.has(id)).length;
}
