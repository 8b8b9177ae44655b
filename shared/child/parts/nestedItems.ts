import type { Drafted } from '../draft.js';
import { idIn, lists, type ItemOf, type NestedList, type RowOf } from '../lists.js';
import { groupBy, under } from '../ordering.js';
import { rowIdOf } from '../sourceRows.js';
import { notTold, type Building, type Built, type ItemReading } from './building.js';
import { distinct } from './distinct.js';

/** How the rows of a table become the items of a list under the episodes. */
interface ListReading<List extends NestedList> {
  readonly list: List;
  readonly referralColumn: string;
  /** The id under which the row is sent, null when it has none. */
  readonly idOf: (row: RowOf<List>) => string | null;
  readonly referralOf: (row: RowOf<List>) => string | null;
  /** The referrals it may belong under, where we cannot tell which. */
  readonly mayBeUnder?: (row: RowOf<List>) => readonly string[];
  readonly read: (row: RowOf<List>) => ItemReading<Drafted<ItemOf<List>>>;
  /** Names the rows that depend on one that is not sent. */
  readonly reportBelow?: (row: RowOf<List>) => void;
}

/** The items of one list of a child, by the referral they belong under. */
export class NestedItems<List extends NestedList> {
  readonly #reading: ListReading<List>;
  readonly #building: Building;
  readonly #inWindow: Built<RowOf<List>, Drafted<ItemOf<List>>>[] = [];
  readonly #referralsInDoubt = new Set<string>();
  #byReferral: ReadonlyMap<string, Built<RowOf<List>, Drafted<ItemOf<List>>>[]> = new Map();

  constructor(reading: ListReading<List>, rows: readonly RowOf<List>[], building: Building) {
    this.#reading = reading;
    this.#building = building;
    for (const row of rows) {
      const found = reading.read(row);
      if (found.is === 'in') this.#inWindow.push({ row, item: found.item });
      const referral = reading.referralOf(row);
      if (found.is === 'unknown' && referral !== null) this.#referralsInDoubt.add(referral);
      if (found.is === 'out') continue;
      for (const id of reading.mayBeUnder?.(row) ?? []) this.#referralsInDoubt.add(id);
    }
  }

  /** The referrals under which an item lies in the window. */
  get referrals(): readonly (string | null)[] {
    return this.#inWindow.map(({ row }) => this.#reading.referralOf(row));
  }

  /** The referrals under which an item may lie in the window. */
  get referralsInDoubt(): ReadonlySet<string> {
    return this.#referralsInDoubt;
  }

  /**
   * Puts the items under the episodes that are sent. What belongs under another is named, and DfE keeps what it has of it.
   * @param known the referrals the child has
   */
  putUnder(sent: ReadonlySet<string>, known: ReadonlySet<string>): void {
    const { list, referralColumn, referralOf, idOf, reportBelow } = this.#reading;
    const { table } = lists[list];
    const { values, unknownItems } = this.#building;
    const placed = this.#inWindow.filter(({ row }) => {
      const referral = referralOf(row);
      if (referral !== null && sent.has(referral)) return true;
      const source = values.places.of(table, row);
      if (referral !== null && known.has(referral)) {
        values.leaveOut('parent-left-out', source, referralColumn, 'an episode that is not sent');
      } else {
        const found = referral === null ? 'no referral' : 'a referral that is none of this child';
        values.leaveOut('no-episode', source, referralColumn, found);
      }
      notTold(list, idOf(row), unknownItems);
      reportBelow?.(row);
      return false;
    });
    const dropped = {
      asDuplicate: (row: RowOf<List>) => {
        const source = values.places.of(table, row);
        values.leaveOut('duplicate-id', source, rowIdOf(table), 'an id that another row has, too');
        const id = idOf(row);
        if (id !== null) unknownItems.addContradicted(list, id);
        reportBelow?.(row);
      },
      asTheSame: (row: RowOf<List>) => {
        values.outOfScope(table, 'sameAsAnother', row);
      },
    };
    const sentId = (item: object) => idIn(list, item) ?? '';
    const groups = groupBy(placed, ({ row }) => referralOf(row));
    this.#byReferral = new Map(
      [...groups].map(([referral, items]) => [referral, distinct(items, sentId, dropped)]),
    );
  }

  under(referral: string): readonly Drafted<ItemOf<List>>[] {
    return under(this.#byReferral, referral).map(({ item }) => item);
  }

  /** The items that are sent, under any episode. */
  get sent(): readonly Built<RowOf<List>, Drafted<ItemOf<List>>>[] {
    return [...this.#byReferral.values()].flat();
  }
}
