import type { Engine } from '../database/database.js';

/**
 * What can be done with the values of a type. `float`: holds about 15 digits, `real` 7. `document`: text that cannot be
 * compared as it is. `mixed`: each value has a type of its own. `unreadable`: bytes, times, lists.
 */
export type TypeKind =
  'text' | 'date' | 'zoned date' | 'number' | 'float' | 'flag' | 'guid' | 'document' | 'mixed' | 'unreadable';

const kinds: Readonly<Record<Engine, ReadonlyMap<string, TypeKind>>> = {
  sqlserver: new Map([
    ...those('text', ['char', 'varchar', 'nchar', 'nvarchar']),
    ...those('date', ['date', 'datetime', 'datetime2', 'smalldatetime']),
    ...those('zoned date', ['datetimeoffset']),
    ...those('number', ['tinyint', 'smallint', 'int', 'bigint']),
    ...those('number', ['decimal', 'numeric', 'money', 'smallmoney']),
    ...those('float', ['float', 'real']),
    ...those('flag', ['bit']),
    ...those('guid', ['uniqueidentifier']),
    ...those('document', ['text', 'ntext', 'xml']),
    ...those('mixed', ['sql_variant']),
    ...those('unreadable', ['image', 'binary', 'varbinary', 'timestamp', 'time']),
  ]),
  postgres: new Map([
    ...those('text', ['character', 'character varying', 'text']),
    // The session of the app gives a moment as the day in England.
    ...those('date', ['date', 'timestamp without time zone', 'timestamp with time zone']),
    ...those('number', ['smallint', 'integer', 'bigint', 'numeric']),
    ...those('float', ['real', 'double precision']),
    ...those('flag', ['boolean']),
    ...those('guid', ['uuid']),
    ...those('document', ['json', 'jsonb', 'xml']),
    ...those('unreadable', ['bytea', 'array', 'time without time zone', 'time with time zone', 'interval']),
  ]),
};

function those(kind: TypeKind, types: readonly string[]): (readonly [string, TypeKind])[] {
  return types.map((type) => [type, kind]);
}

/** @param type as the database calls it, in lower case. @returns `undefined` for a type that is not known here */
export function typeKind(engine: Engine, type: string | undefined): TypeKind | undefined {
  return type === undefined ? undefined : kinds[engine].get(type);
}

/** Whether every value of the type can be cast to a date. */
export function isDateType(engine: Engine, type: string | undefined): boolean {
  const kind = typeKind(engine, type);
  return kind === 'date' || kind === 'zoned date';
}
