import type { Engine } from './database.js';

/**
 * What two ids have in common that the database takes for one: SQL Server compares without regard to case and trailing
 * blanks under the collations that councils use, PostgreSQL to the letter.
 */
export function idKeyOf(engine: Engine): (id: string) => string {
  return engine === 'sqlserver' ? (id) => id.toLowerCase().replace(/ +$/, '') : (id) => id;
}
