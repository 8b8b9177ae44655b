import type { CodedField, CodeLists } from './codes.js';
import { normalised, type ValueMaps } from './localValues.js';
import { classOf, type Finding, type FindingRule } from './findings.js';
import { idLength, isSendableId, limits, postcodeShape, upnShape } from './payload.js';
import type { SsdTable } from '../ssd/tables.js';

/** The place of a source value, for findings. */
export interface Source {
  readonly table: SsdTable;
  readonly rowId: string | null;
}

/**
 * Turns source values into sendable ones, by the value rules of the specification: never cut, never guess, never
 * send what DfE would refuse. A value that cannot be sent is `undefined` and leaves a finding; a missing value
 * (null or only blanks) is `undefined` and leaves none.
 */
export class ValueReader {
  readonly #codes: CodeLists;
  readonly #valueMaps: ValueMaps;
  readonly #findings: Finding[] = [];

  constructor(codes: CodeLists, valueMaps: ValueMaps) {
    this.#codes = codes;
    this.#valueMaps = valueMaps;
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /**
   * Records a finding and gives `undefined`, so that a rule can end with it.
   * @param found the class of the value, see `classOf`; never the value
   */
  leaveOut(rule: FindingRule, source: Source, column: string, found: string): undefined {
    this.#findings.push({ rule, ...source, column, found });
    return undefined;
  }

  /**
   * A code of the list: as it is; by the value map of the profile; or the leading code of `1A - Individual`,
   * `RC7: other`, `X1 Episode ceases`.
   */
  code(field: CodedField, value: string | null, source: Source, column: string): string | undefined {
    const text = presentText(value)?.toUpperCase();
    if (text === undefined) return undefined;
    return this.#codeIn(field, text) ?? this.#leaveOutCode(field, value, source, column);
  }

  #codeIn(field: CodedField, text: string): string | undefined {
    const list = this.#codes[field];
    if (list.has(text)) return text;
    const mapped = this.#valueMaps[field]?.get(normalised(text));
    if (mapped !== undefined) return mapped;
    const leading = leadingCodeOf(text);
    return leading !== undefined && list.has(leading) ? leading : undefined;
  }

  #leaveOutCode(field: CodedField, value: string | null, source: Source, column: string): undefined {
    const text = presentText(value)?.toUpperCase() ?? '';
    const retired = this.#codes.retired[field];
    return [text, leadingCodeOf(text)].some((code) => code !== undefined && retired?.has(code))
      ? this.leaveOut('code-retired', source, column, 'a code of an earlier collection year')
      : this.leaveOut('code-unknown', source, column, classOf(value));
  }

  /** The code of the first value that gives one; a finding when there are values and none does. */
  codeOfEither(
    field: CodedField,
    given: readonly (string | null)[],
    source: Source,
    column: string,
  ): string | undefined {
    const texts = given.map((value) => presentText(value)).filter((text) => text !== undefined);
    const code = texts
      .map((text) => this.#codeIn(field, text.toUpperCase()))
      .find((found) => found !== undefined);
    if (code !== undefined || texts.length === 0) return code;
    return this.#leaveOutCode(field, texts.at(-1) ?? null, source, column);
  }

  /** Like `code` for each value; distinct, in code order. */
  codes(field: CodedField, values: readonly string[], source: Source, column: string): string[] {
    const codes = values.map((value) => this.code(field, value, source, column));
    return [...new Set(codes.filter((code) => code !== undefined))].sort();
  }

  /** The id of a nested item, at most 36 characters. */
  itemId(value: string | null, source: Source, column: string): string | undefined {
    const text = presentText(value);
    return text !== undefined && isSendableId(text, idLength.other)
      ? text
      : this.leaveOut('item-id', source, column, classOf(value));
  }

  /** An id that may be missing. */
  optionalId(value: string | null, longest: number, source: Source, column: string): string | undefined {
    const text = presentText(value);
    if (text === undefined || isSendableId(text, longest)) return text;
    return this.leaveOut('item-id', source, column, classOf(value));
  }

  /** A name, byte for byte, at most 128 characters; half a character (cut by the source) cannot be sent. */
  name(value: string | null, source: Source, column: string): string | undefined {
    if (value === null || presentText(value) === undefined) return undefined;
    if (!value.isWellFormed()) return this.leaveOut('text-broken', source, column, classOf(value));
    return value.length <= limits.name
      ? value
      : this.leaveOut('text-too-long', source, column, classOf(value));
  }

  upn(value: string | null, source: Source, column: string): string | undefined {
    const text = presentText(value);
    if (text === undefined || upnShape.test(text)) return text;
    return this.leaveOut('upn-shape', source, column, classOf(value));
  }

  /** A postcode in capitals with one space before its last three characters. */
  postcode(value: string | null, source: Source, column: string): string | undefined {
    const text = presentText(value);
    if (text === undefined) return undefined;
    const compact = text.toUpperCase().replace(/\s/g, '');
    const postcode = `${compact.slice(0, -3)} ${compact.slice(-3)}`;
    return postcodeShape.test(postcode)
      ? postcode
      : this.leaveOut('postcode-shape', source, column, classOf(value));
  }

  /** Y, T, 1, TRUE or N, F, 0, FALSE in any case. */
  flag(value: string | null, source: Source, column: string): boolean | undefined {
    const text = presentText(value);
    if (text === undefined) return undefined;
    return flagOf(text) ?? this.leaveOut('flag-unknown', source, column, classOf(value));
  }

  /** A Strengths and Difficulties Questionnaire score, 0 to 40. */
  sdqScore(value: string | null, source: Source, column: string): number | undefined {
    const text = presentText(value);
    if (text === undefined) return undefined;
    const score = Number(text);
    return /^\d+(\.0+)?$/.test(text) && score <= limits.sdqScore
      ? score
      : this.leaveOut('sdq-score', source, column, classOf(value));
  }
}

/** `1A` of `1A - Individual`. */
function leadingCodeOf(text: string): string | undefined {
  return /^([A-Z0-9]+)(?:\s|[-–—:])/.exec(text)?.[1];
}

/** The text without blanks around it; `undefined` when nothing is left. */
export function presentText(value: string | null): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

/** True for Y, T, 1, TRUE, YES; false for N, F, 0, FALSE, NO; else undefined. */
export function flagOf(value: string): boolean | undefined {
  const text = value.trim().toUpperCase();
  if (['Y', 'T', '1', 'TRUE', 'YES'].includes(text)) return true;
  if (['N', 'F', '0', 'FALSE', 'NO'].includes(text)) return false;
  return undefined;
}
