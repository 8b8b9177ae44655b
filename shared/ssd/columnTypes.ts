import type { Engine } from '../database/database.js';
import { joins } from './joins.js';
import { knownTables, type SsdLayout } from './layout.js';
import { columnsOf, type KnownTable, type SsdNames } from './profile.js';
import { ssdTables } from './tables.js';

/** A column whose type is not the one that is read, and what comes of it. */
export interface UnfitColumn {
  /** `table.column` as they are called here. */
  readonly column: string;
  /** As the database calls it. */
  readonly type: string;
  readonly expected: 'text' | 'a date';
  /** A sentence without its full stop. */
  readonly effect: string;
  /** No night can run as long as it is so. */
  readonly stops: boolean;
}

/**
 * `float`: holds about 15 digits, `real` 7. `document`: text that cannot be compared or joined by. `mixed`: each value
 * has a type of its own. `unreadable`: bytes, times, lists.
 */
type Kind =
  'text' | 'date' | 'zoned date' | 'number' | 'float' | 'flag' | 'guid' | 'document' | 'mixed' | 'unreadable';

const kinds: Readonly<Record<Engine, Readonly<Record<string, Kind>>>> = {
  sqlserver: {
    ...kindOf('text', ['char', 'varchar', 'nchar', 'nvarchar']),
    ...kindOf('date', ['date', 'datetime', 'datetime2', 'smalldatetime']),
    ...kindOf('zoned date', ['datetimeoffset']),
    ...kindOf('number', ['tinyint', 'smallint', 'int', 'bigint']),
    ...kindOf('number', ['decimal', 'numeric', 'money', 'smallmoney']),
    ...kindOf('float', ['float', 'real']),
    ...kindOf('flag', ['bit']),
    ...kindOf('guid', ['uniqueidentifier']),
    ...kindOf('document', ['text', 'ntext', 'xml']),
    ...kindOf('mixed', ['sql_variant']),
    ...kindOf('unreadable', ['image', 'binary', 'varbinary', 'timestamp', 'time']),
  },
  postgres: {
    ...kindOf('text', ['character', 'character varying', 'text']),
    // The session of the app gives a moment as the day in England.
    ...kindOf('date', ['date', 'timestamp without time zone', 'timestamp with time zone']),
    ...kindOf('number', ['smallint', 'integer', 'bigint', 'numeric']),
    ...kindOf('float', ['real', 'double precision']),
    ...kindOf('flag', ['boolean']),
    ...kindOf('guid', ['uuid']),
    ...kindOf('document', ['json', 'jsonb', 'xml']),
    ...kindOf('unreadable', ['bytea', 'array', 'time without time zone', 'time with time zone', 'interval']),
  },
};

function kindOf(kind: Kind, types: readonly string[]): Readonly<Record<string, Kind>> {
  return Object.fromEntries(types.map((type) => [type, kind]));
}

/** Whether every value of the type can be cast to a date. */
export function isDateType(engine: Engine, type: string | undefined): boolean {
  const kind = type === undefined ? undefined : kinds[engine][type];
  return kind === 'date' || kind === 'zoned date';
}

/** Compared with dates in SQL, by the age gate; the other dates are only read. */
const gateDates: ReadonlySet<string> = new Set(['pers_dob', 'pers_expected_dob']);

interface Effect {
  readonly effect: string;
  readonly stops?: true;
}

/** The columns that are there with a type that loses values or stops a night. A type that is not known is passed over. */
export function unfitColumns(layout: SsdLayout, names: SsdNames, engine: Engine): UnfitColumn[] {
  const kind = (table: KnownTable, column: string) => kinds[engine][layout.type(table, column) ?? ''];
  const unfit = (table: KnownTable, column: string, found: Effect): UnfitColumn => ({
    column: `${names.tableName(table)}.${names.columnName(table, column)}`,
    type: layout.type(table, column) ?? '',
    expected: isDate(table, column) ? 'a date' : 'text',
    effect: found.effect,
    stops: found.stops === true,
  });
  const alone = knownTables.flatMap((table) =>
    columnsOf(table).flatMap((column) => {
      const itsKind = kind(table, column);
      const found = itsKind && effectOf(table, column, itsKind, engine);
      return found === undefined ? [] : [unfit(table, column, found)];
    }),
  );
  const joined = joins.flatMap(([table, column, other, otherColumn, how]) => {
    const compared = (itsTable: KnownTable, itsColumn: string) =>
      how === 'as text' && names.isInteger(itsTable, itsColumn) ? 'text' : kind(itsTable, itsColumn);
    const [one, two] = [compared(table, column), compared(other, otherColumn)];
    if (one === undefined || two === undefined || one === two) return [];
    const partner = `${names.tableName(other)}.${names.columnName(other, otherColumn)}`;
    const it = `it is joined to ${partner}, which is ${layout.type(other, otherColumn) ?? ''}`;
    return [
      unfit(
        table,
        column,
        engine === 'postgres'
          ? { effect: `${it}: the two cannot be compared, and no night can run`, stops: true }
          : {
              effect: `${it}: a night fails at the first value of the one that the other's type cannot hold`,
            },
      ),
    ];
  });
  return [...alone, ...joined];
}

function isDate(table: KnownTable, column: string): boolean {
  return (
    table !== 'ssd_professionals' &&
    Object.entries(ssdTables[table]).some(([name, is]) => name === column && is === 'date')
  );
}

function effectOf(table: KnownTable, column: string, kind: Kind, engine: Engine): Effect | undefined {
  if (isDate(table, column)) return gateDates.has(column) ? gateEffect(kind, engine) : dateEffect(kind);
  if (column.endsWith('_person_id')) return personEffect(kind);
  if (column.endsWith('_id')) return idEffect(kind);
  return textEffect(column, kind);
}

const inAnotherZone: Effect = { effect: 'its day is read in UTC, in summer time often the day before' };
const stopsComparing: Effect = { effect: 'it cannot be compared, and no night can run', stops: true };
const unread: Effect = { effect: 'no value of it can be read' };
const mixed: Effect = { effect: 'each of its values has a type of its own, and not every one can be read' };
const rounded: Effect = {
  effect: 'long numbers are rounded, so that rows miss what belongs to them or meet what does not',
};

function dateEffect(kind: Kind): Effect | undefined {
  if (kind === 'date') return undefined;
  if (kind === 'zoned date') return inAnotherZone;
  if (kind === 'mixed') return mixed;
  if (kind === 'text' || kind === 'document') {
    return { effect: 'only values that begin as 2026-05-31 does are read, and all others count as empty' };
  }
  return { effect: 'no value of it is a date, and all count as empty' };
}

function gateEffect(kind: Kind, engine: Engine): Effect | undefined {
  if (kind === 'text' && engine === 'sqlserver') {
    return { effect: 'a night fails at the first value that the server does not take for a date' };
  }
  return kind === 'date' || kind === 'zoned date' || kind === 'mixed' ? dateEffect(kind) : stopsComparing;
}

/** Persons are put in order as text and compared with text, range by range; whole numbers become text for it. */
function personEffect(kind: Kind): Effect | undefined {
  if (kind === 'text' || kind === 'number' || kind === 'guid') return undefined;
  return kind === 'float' ? rounded : stopsComparing;
}

function idEffect(kind: Kind): Effect | undefined {
  if (kind === 'float') return rounded;
  if (kind === 'mixed') return mixed;
  return kind === 'date' || kind === 'zoned date' || kind === 'unreadable' ? unread : undefined;
}

function textEffect(column: string, kind: Kind): Effect | undefined {
  // A score is a number wherever it comes from.
  if (kind === 'float' && column !== 'csdq_sdq_score') return rounded;
  return kind === 'float' ? undefined : idEffect(kind);
}
