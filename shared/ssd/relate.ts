import type { Row } from '../database/database.js';
import { idOf } from './cellsOf.js';
import type { IdForm } from '../database/idForm.js';
import { parentFinder, type FindParent } from './parentFinder.js';
import type { Professionals } from './professionals.js';
import { idColumnsOf, type Relation, type Relations } from './relations.js';
import type { Ids } from './sideValue.js';
import { detailTables, rowIdOf, type SsdDetailTable } from '../child/sourceRows.js';
import { type TableRecord, personColumnOf } from './tables.js';
import { recordOf } from '../child/recordOf.js';

/** What is needed to bring the ids of one person's rows into one spelling. */
export interface Relating {
  readonly form: IdForm;
  readonly relations: Relations;
  readonly professionals: Professionals;
  readonly placeholders: ReadonlySet<string>;
  /** Texts in the place of an id that are not ids. */
  readonly placeholderIds: readonly string[];
}

/** A row as the driver gave it, with its ids. */
export interface Draft {
  readonly row: Row;
  readonly ids: Ids;
}

/**
 * Brings the ids of one person's rows into one spelling, so that equal ids are equal texts: first the ids of each column
 * that the database takes for one (the first in text order), then each key as the parent that it meets among these
 * rows, by the first alternative that leads to one.
 */
export class Relater {
  readonly #how: Relating;
  readonly #columns: TableRecord<readonly string[]>;
  readonly #placeholders: ReadonlySet<string>;

  constructor(how: Relating) {
    this.#how = how;
    this.#placeholders = new Set(how.placeholderIds.map(how.form));
    this.#columns = recordOf(detailTables, (table) => idColumnsOf(how.relations, table));
  }

  related(rows: TableRecord<readonly Row[]>, personId: string): TableRecord<readonly Draft[]> {
    const raw = recordOf(detailTables, (table) =>
      rows[table].map((row) => ({ row, ids: this.#idsOf(table, row) })),
    );
    const spelled = recordOf(detailTables, (table) => this.#inOneSpelling(table, raw[table], personId));
    const keys = recordOf(detailTables, () => new Map<number, Record<string, string>>());
    for (const relation of this.#how.relations.all) {
      const { table, key } = relation;
      if (key === undefined || raw[table].length === 0) continue;
      const find = this.#finder(relation, raw, spelled);
      for (const [at, draft] of raw[table].entries()) {
        const found = find(draft);
        if (found === undefined || found === spelled[table][at]?.ids[key]) continue;
        keys[table].set(at, { ...keys[table].get(at), [key]: found });
      }
    }
    return recordOf(detailTables, (table) =>
      keys[table].size === 0
        ? spelled[table]
        : spelled[table].map(({ row, ids }, at) => ({ row, ids: { ...ids, ...keys[table].get(at) } })),
    );
  }

  #idsOf(table: SsdDetailTable, row: Row): Ids {
    const own = rowIdOf(table);
    return Object.fromEntries(
      this.#columns[table].map((column) => {
        const id = idOf(row[column]);
        // As a key a placeholder leads nowhere; as the row's own id a finding names it.
        const isNone = column !== own && id !== null && this.#placeholders.has(this.#how.form(id));
        return [column, isNone ? null : id];
      }),
    );
  }

  #finder(
    { parent, id, alternatives }: Relation,
    raw: TableRecord<readonly Draft[]>,
    spelled: TableRecord<readonly Draft[]>,
  ): FindParent {
    const { professionals, form, placeholders } = this.#how;
    if (parent === 'ssd_professionals') return ({ ids }) => professionals.of(ids)?.id ?? undefined;
    if (parent === 'ssd_person' || id === undefined) return () => undefined;
    const parents = raw[parent].map((draft, at) => ({ ...draft, id: spelled[parent][at]?.ids[id] ?? null }));
    return parentFinder(alternatives, parents, { form, placeholders });
  }

  #inOneSpelling(table: SsdDetailTable, drafts: readonly Draft[], personId: string): Draft[] {
    if (drafts.length === 0) return [];
    const { form } = this.#how;
    const person = personColumnOf(table);
    const spellings = new Map(this.#columns[table].map((column) => [column, new Map<string, string>()]));
    for (const { ids } of drafts) {
      for (const [column, spelling] of spellings) {
        const id = ids[column] ?? undefined;
        if (id === undefined) continue;
        const known = spelling.get(form(id));
        if (known === undefined || id < known) spelling.set(form(id), id);
      }
    }
    if (person !== undefined) spellings.get(person)?.set(form(personId), personId);
    return drafts.map(({ row, ids }) => {
      const changed: Record<string, string> = {};
      for (const [column, spelling] of spellings) {
        const id = ids[column] ?? undefined;
        const spelled = id === undefined ? undefined : spelling.get(form(id));
        if (spelled !== undefined && spelled !== id) changed[column] = spelled;
      }
      return Object.keys(changed).length === 0 ? { row, ids } : { row, ids: { ...ids, ...changed } };
    });
  }
}
