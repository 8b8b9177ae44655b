import type { Database } from '../../shared/database/database.js';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { personIdOf } from '../../infra/syntheticSsd/child.js';
import type { SsdEntry } from '../../infra/syntheticSsd/columns.js';
import { Difference } from '../../infra/syntheticSsd/evolve.js';
import { entriesOfIndex, generateSsd, originOf } from '../../infra/syntheticSsd/generate.js';
import { applyChanges, loadSsd } from '../../infra/syntheticSsd/load.js';
import { isTouched, type Origin } from '../../infra/syntheticSsd/nights.js';
import type { Random } from '../../infra/syntheticSsd/random.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';

const made = plainDate('2026-01-10');
/** The versions of a child are those of so many nights of the generator. */
const nights = 240;

/** The day of the first night: every version of every child lies before it. */
export const firstDay: PlainDate = addToDate(made, { days: nights });

/** A version of a child: a night of the generator, or the child is not in the SSD. */
type Version = number | 'absent';

/**
 * A synthetic SSD in which any number of children changes at once: each has a few versions, which differ as the generator
 * lets a child's record come to differ, and may be absent. A change takes a child from one to another.
 */
export class ChangingSsd {
  readonly schema: string;
  readonly #database: Database;
  readonly #origin: Origin;
  readonly #seed: string;
  readonly #children: number;
  #versions: readonly Version[] = [];

  constructor(database: Database, schema: string, children: number, seed: string) {
    this.#database = database;
    this.schema = schema;
    this.#children = children;
    this.#seed = seed;
    this.#origin = originOf({ children, seed, today: made });
  }

  async start(): Promise<void> {
    const { engine } = this.#database;
    for (const statement of createTables(engine, this.schema, 'systemc')) {
      await this.#database.query(statement);
    }
    const first = generateSsd({ children: this.#children, seed: this.#seed, today: made });
    await loadSsd(this.#database, this.schema, first.entries());
    this.#versions = Array.from({ length: this.#children }, () => 0);
  }

  /** Every child as it was at first. */
  async reset(): Promise<void> {
    await this.#become(this.#versions.map(() => 0));
  }

  /** Changes about a share of the children. */
  async change(share: number, random: Random): Promise<void> {
    const versions = this.#versions.map((before, index) =>
      random.chance(share) ? random.pick<Version>([...this.#versionsOf(index), 'absent']) : before,
    );
    await this.#become(versions);
  }

  async #become(versions: readonly Version[]): Promise<void> {
    const difference = new Difference();
    for (const [index, version] of versions.entries()) {
      const before = this.#versions[index] ?? 0;
      if (version !== before) difference.add(this.#entries(index, before), this.#entries(index, version));
    }
    await applyChanges(this.#database, this.schema, difference.changes());
    this.#versions = versions;
  }

  #versionsOf(index: number): number[] {
    const later = Array.from({ length: nights }, (_, night) => night + 1);
    return [0, ...later.filter((night) => isTouched(this.#origin, index, night))];
  }

  #entries(index: number, version: Version): SsdEntry[] {
    const entries = [...entriesOfIndex(this.#origin, index, version === 'absent' ? 0 : version)];
    if (version !== 'absent') return entries;
    // Workers and parents stay: others refer to them.
    const isOthers = ({ table, row }: SsdEntry) =>
      table === 'ssd_professionals' ||
      (table === 'ssd_person' && row['pers_person_id'] !== personIdOf(this.#seed, index));
    return entries.filter(isOthers);
  }
}
