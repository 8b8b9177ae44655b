import type { CodedField } from './adapter.js';
import type { TableName } from '../../infra/syntheticSsd/columns.js';
import type { Cms, Row } from './input.js';
import type { Owners } from './owners.js';
import {
  cellOf,
  dateOf,
  flagOf,
  isPlaceholder,
  outcomeOf,
  postcodeKey,
  saysCode,
  textOf,
  valueOf,
} from './values.js';

/** A value of the payload and the column it must come from. */
export interface Field {
  readonly key: string;
  readonly column: string;
  readonly kind: 'text' | 'name' | 'upn' | 'date' | 'end' | 'flag' | 'outcome' | 'postcode' | CodedKind;
  /** For an end: the column of the start. */
  readonly start?: string;
}

/** A coded value, with its list. */
interface CodedKind {
  readonly code: CodedField;
}

/** What is wrong with one value of the payload, or silent about one of the row. */
interface FieldAnswer {
  readonly fault?: string;
  readonly silent?: string;
}

const fine: FieldAnswer = {};

/** Compares one value of the payload with the column it must come from. */
export function compare(
  { key, column, kind, start }: Field,
  item: Readonly<Record<string, unknown>>,
  table: TableName,
  row: Row,
  owners: Owners,
  cms: Cms,
): FieldAnswer {
  const exists = owners.hasColumn(table, column);
  const cell = exists ? cellOf(row, column) : undefined;
  const value = item[key];
  const shown = `${table}.${column} is ${JSON.stringify(cell ?? null)}`;
  if (typeof kind === 'object') {
    if (value === undefined) return valueOf(cell) === undefined ? fine : { silent: shown };
    if (typeof value !== 'string') return { fault: `${key} is no text` };
    const said = saysCode(cms, kind.code, cell, value);
    if (said === 'yes') return fine;
    const how = said === 'guessed' ? 'is guessed: the text only begins so' : 'comes from nowhere';
    return { fault: `${key} ${value} ${how}; ${shown}` };
  }
  switch (kind) {
    case 'date':
    case 'end':
      return compareDate(
        { key, column, kind, ...(start === undefined ? {} : { start }) },
        value,
        table,
        row,
        owners,
      );
    case 'flag': {
      const said = flagOf(cell);
      if (value === undefined) return valueOf(cell) === undefined ? fine : { silent: shown };
      return value === said
        ? fine
        : { fault: `${key} ${JSON.stringify(value)} is not what the source says; ${shown}` };
    }
    case 'outcome': {
      const said = outcomeOf(cms, cell, exists);
      if (value === undefined)
        return valueOf(cell) === undefined || said === 'nothing' ? fine : { silent: shown };
      if (value === true && (said === 'yes' || said === 'perhaps yes')) return fine;
      if (value === false && said === 'no') return fine;
      return { fault: `${key} ${JSON.stringify(value)} is not what the source says (${said}); ${shown}` };
    }
    case 'postcode': {
      const text = valueOf(cell);
      if (value === undefined) return text === undefined ? fine : { silent: shown };
      return typeof value === 'string' && text !== undefined && postcodeKey(value) === postcodeKey(text)
        ? fine
        : { fault: `${key} comes from nowhere; ${shown}` };
    }
    case 'name':
    case 'text':
    case 'upn': {
      const text = textOf(cell);
      if (value === undefined) return valueOf(cell) === undefined ? fine : { silent: shown };
      if (typeof value === 'string' && isPlaceholder(value.trim()))
        return { fault: `${key} is a placeholder; ${shown}` };
      return typeof value === 'string' && text !== undefined && value.trim() === text
        ? fine
        : { fault: `${key} ${JSON.stringify(value)} comes from nowhere; ${shown}` };
    }
  }
}

function compareDate(
  { key, column, kind, start: startColumn }: Field,
  value: unknown,
  table: TableName,
  row: Row,
  owners: Owners,
): FieldAnswer {
  const exists = owners.hasColumn(table, column);
  const said = dateOf(cellOf(row, column), exists);
  const shown = `${table}.${column} is ${exists ? JSON.stringify(cellOf(row, column) ?? null) : 'no column of this SSD'}`;
  const start =
    startColumn === undefined
      ? undefined
      : dateOf(cellOf(row, startColumn), owners.hasColumn(table, startColumn));
  const isReversed = said.is === 'date' && start?.is === 'date' && said.date < start.date;
  if (kind === 'end' && isReversed) {
    return value === undefined
      ? { fault: `${key} is left out, which says that it is open, but the end is before the start; ${shown}` }
      : { fault: `${key} is sent although it is before the start; ${shown}` };
  }
  if (value === undefined) {
    if (said.is === 'none') return fine;
    if (said.is === 'date') {
      return kind === 'end'
        ? { fault: `${key} is left out, which says that it is open; ${shown}` }
        : { silent: shown };
    }
    if (!exists && kind === 'date') return fine;
    return kind === 'end'
      ? { fault: `${key} is left out, which says that it is open, but the end cannot be read; ${shown}` }
      : { silent: shown };
  }
  return said.is === 'date' && said.date === value
    ? fine
    : { fault: `${key} ${JSON.stringify(value)} comes from nowhere; ${shown}` };
}
