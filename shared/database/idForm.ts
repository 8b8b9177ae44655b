import type { Engine } from './database.js';

/** What two ids have in common that the database takes for one, for comparing only: what is sent keeps its spelling. */
export type IdForm = (id: string) => string;

/**
 * SQL Server's collations say in their names what they tell apart: `_BIN`, `_BIN2` and `_CS_` capitals from small letters,
 * the others do not; `_AI` takes letters with and without accents for one. PostgreSQL tells all apart. Trailing blanks
 * never count: not on SQL Server, and not on PostgreSQL either, where the SQL trims them.
 * @param collation of the ids of ssd_person, by which all ids are compared
 */
export function idFormOf(engine: Engine, collation: string): IdForm {
  if (engine === 'postgres' || /_BIN2?(_|$)/i.test(collation)) return withoutPadding;
  const isAccentBlind = /_AI(_|$)/i.test(collation);
  const isCaseBlind = !/_CS(_|$)/i.test(collation);
  return (id) => {
    const text = isAccentBlind
      ? withoutPadding(id).normalize('NFD').replace(/\p{M}/gu, '')
      : withoutPadding(id);
    return isCaseBlind ? text.toLowerCase() : text;
  };
}

/** Without the blanks behind it, with which `char` columns are filled up. */
export function withoutPadding(id: string): string {
  return id.replace(/ +$/, '');
}

/** What two ids have in common that a column takes for one: as a key of a map, where the database is not asked. */
export type IdKey = (id: string) => string;

/**
 * SQL Server as `idFormOf` has it. PostgreSQL compares the ids of a text column to the letter, the last blank included.
 * @param collation of the column
 */
export function idKeyOf(engine: Engine, collation: string): IdKey {
  return engine === 'sqlserver' ? idFormOf(engine, collation) : (id) => id;
}
