import type { Engine } from '../database/database.js';
import type { Side, Term } from './equation.js';
import type { SsdLayout } from './layout.js';
import type { KnownTable } from './tables.js';

/** One side of an equation as an expression over the table `alias`: a text that may be empty or NULL. */
export function sideText(layout: SsdLayout, table: KnownTable, side: Side, alias: string): string {
  const [first, ...more] = side;
  // A bare column, so that an index can serve.
  if (more.length === 0 && first.kind === 'column') return layout.id(table, first.column, alias);
  const sign = layout.engine === 'sqlserver' ? ' + ' : ' || ';
  return side.map((term) => termText(layout, table, term, alias)).join(sign);
}

/** NULL for an empty column, so that a text that is put together is empty with any of its parts. */
function termText(layout: SsdLayout, table: KnownTable, term: Term, alias: string): string {
  const trimmed = (column: string) => {
    const id = layout.id(table, column, alias);
    return layout.engine === 'sqlserver' ? `RTRIM(${id})` : id;
  };
  switch (term.kind) {
    case 'text':
      return `'${term.text}'`;
    case 'column':
      return `NULLIF(${trimmed(term.column)}, '')`;
    case 'without':
      return withoutText(layout.engine, trimmed(term.column), trimmed(term.front));
  }
}

function withoutText(engine: Engine, whole: string, front: string): string {
  const length = engine === 'sqlserver' ? `LEN(${front})` : `LENGTH(${front})`;
  const rest =
    engine === 'sqlserver' ? `SUBSTRING(${whole}, ${length} + 1, 4000)` : `SUBSTR(${whole}, ${length} + 1)`;
  return `CASE WHEN LEFT(${whole}, ${length}) = ${front} AND ${front} <> '' THEN NULLIF(${rest}, '') END`;
}

/** Whether a column has nothing in it. */
export function isEmpty(layout: SsdLayout, table: KnownTable, column: string, alias: string): string {
  const id = layout.id(table, column, alias);
  return `(${id} IS NULL OR ${id} = '')`;
}
