import type { Engine } from './database.js';

/** The same for two ids that the database treats as one. Only for comparing: an id is sent as it is spelt. */
export type IdForm = (id: string) => string;

/**
 * The names of SQL Server's collations say what they distinguish: `_BIN`, `_BIN2` and `_CS_` distinguish capitals from small
 * letters, the others do not; `_AI` treats letters with and without accents as the same. PostgreSQL distinguishes all of
 * them. Trailing blanks never count: not on SQL Server, and not on PostgreSQL, where the SQL trims them.
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

/** Without the trailing blanks that fill up a `char` column. */
export function withoutPadding(id: string): string {
  return id.replace(/ +$/, '');
}

/** The same for two ids that a column treats as one: for a key of a map, where the database is not asked. */
export type IdKey = (id: string) => string;

/**
 * SQL Server as in `idFormOf`. PostgreSQL compares the ids of a text column letter by letter, trailing blanks included.
 * @param collation of the column
 */
export function idKeyOf(engine: Engine, collation: string): IdKey {
  return engine === 'sqlserver' ? idFormOf(engine, collation) : (id) => id;
}
