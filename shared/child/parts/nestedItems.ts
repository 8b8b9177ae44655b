import { distinct } from './distinct.js';
import { nestedIds, type Drafted, type ItemOf, type NestedList } from '../draft.js';
import { notTold, type Building, type Built, type ItemReading } from './building.js';
import { groupBy, under } from '../ordering.js';
import type { SsdRow, SsdTable } from '../sourceRows.js';

/** How the rows of a table become the items of a list under the episodes. */
export interface ListReading<Table extends SsdTable, List extends NestedList> {
  readonly table: Table;
  readonly list: List;
  readonly idColumn: string;
  readonly referralColumn: string;
  /** The id under which the row is sent, null when it has none. */
  readonly idOf: (row: SsdRow<Table>) => string | null;
  readonly referralOf: (row: SsdRow<Table>) => string | null;
  /** The referrals it may belong under, where that cannot be told. */
  readonly mayBeUnder?: (row: SsdRow<Table>) => readonly string[];
  readonly read: (row: SsdRow<Table>) => ItemReading<Drafted<ItemOf<List>>>;
  /** Names the rows that hang on one that is not sent. */
  readonly reportBelow?: (row: SsdRow<Table>) => void;
}

/** The items of one list of a child, by the referral they belong under. */
export class NestedItems<Table extends SsdTable, List extends NestedList> {
  readonly #reading: ListReading<Table, List>;
  readonly #building: Building;
  readonly #inWindow: Built<SsdRow<Table>, Drafted<ItemOf<List>>>[] = [];
  readonly #referralsInDoubt = new Set<string>();
  #byReferral: ReadonlyMap<string, Built<SsdRow<Table>, Drafted<ItemOf<List>>>[]> = new Map();

  constructor(reading: ListReading<Table, List>, rows: readonly SsdRow<Table>[], building: Building) {
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
    const { table, list, referralColumn, idColumn, referralOf, idOf, reportBelow } = this.#reading;
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
      asDuplicate: (row: SsdRow<Table>) => {
        const source = values.places.of(table, row);
        values.leaveOut('duplicate-id', source, idColumn, 'an id that another row has, too');
        const id = idOf(row);
        if (id !== null) unknownItems.addContradicted(list, id);
        reportBelow?.(row);
      },
      asTheSame: (row: SsdRow<Table>) => {
        values.outOfScope(table, 'sameAsAnother', row);
      },
    };
    const sentId = (item: object) => String(Reflect.get(item, nestedIds[list]));
    const groups = groupBy(placed, ({ row }) => referralOf(row));
    this.#byReferral = new Map(
      [...groups].map(([referral, items]) => [referral, distinct(items, sentId, dropped)]),
    );
  }

  under(referral: string): readonly Drafted<ItemOf<List>>[] {
    return under(this.#byReferral, referral).map(({ item }) => item);
  }

  /** The items that are sent, under whichever episode. */
  get sent(): readonly Built<SsdRow<Table>, Drafted<ItemOf<List>>>[] {
    return [...this.#byReferral.values()].flat();
  }
}
