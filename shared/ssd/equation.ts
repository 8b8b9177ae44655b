/**
 * How a row of one table finds its parent, as a profile says it:
 *
 * - `cinf_table_id = cina_assessment_id`: an equation, columns of the row on the left, of its parent on the right.
 *   `a + b` puts texts behind one another, `'-'` is a text, and `a - b` is `a` without `b` in front of it (and nothing
 *   where `a` does not begin so); `-` binds first. Padding never counts. A side with an empty column is empty, and an
 *   empty side equals nothing.
 * - `… unless clap_cla_id <> clae_cla_id`: only where the two are the same, or one of them is empty.
 * - `on s47e_s47_start_date`: the parent of the same child that was open on that day.
 */
export type Alternative = Equation | OpenOn;

export interface Equation {
  readonly kind: 'equation';
  readonly child: Side;
  readonly parent: Side;
  readonly unless?: { readonly child: string; readonly parent: string };
}

export interface OpenOn {
  readonly kind: 'on';
  readonly date: string;
}

/** Terms that are put behind one another. */
export type Side = readonly [Term, ...Term[]];

export type Term =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'without'; readonly column: string; readonly front: string };

/** @returns what is wrong, as a text, for an alternative that cannot be read */
export function alternativeOf(text: string): Alternative | string {
  const on = /^\s*on\s+([A-Za-z_]\w*)\s*$/.exec(text);
  if (on?.[1] !== undefined) return { kind: 'on', date: on[1] };
  const [equation = '', condition, ...more] = text.split(/\sunless\s/);
  const unless =
    condition === undefined ? undefined : /^\s*([A-Za-z_]\w*)\s*<>\s*([A-Za-z_]\w*)\s*$/.exec(condition);
  if (more.length > 0 || unless === null) return `"${text}": after "unless" there must be one "a <> b"`;
  const sides = tokensOf(equation);
  const at = sides?.indexOf('=') ?? -1;
  const child = sideOf(sides?.slice(0, at) ?? []);
  const parent = sideOf(sides?.slice(at + 1) ?? []);
  if (at < 0 || child === undefined || parent === undefined) {
    return `"${text}" is not an equation such as "a_id = b_id", nor "on a_date"`;
  }
  const [, one, other] = unless ?? [];
  return one === undefined || other === undefined
    ? { kind: 'equation', child, parent }
    : { kind: 'equation', child, parent, unless: { child: one, parent: other } };
}

/** The columns of the row itself. */
export function childColumns(alternative: Alternative): string[] {
  if (alternative.kind === 'on') return [alternative.date];
  const { child, unless } = alternative;
  return [...columnsOfSide(child), ...(unless === undefined ? [] : [unless.child])];
}

/** The columns of the parent. */
export function parentColumns(alternative: Alternative): string[] {
  if (alternative.kind === 'on') return [];
  const { parent, unless } = alternative;
  return [...columnsOfSide(parent), ...(unless === undefined ? [] : [unless.parent])];
}

function columnsOfSide(side: Side): string[] {
  return side.flatMap((term) => {
    if (term.kind === 'text') return [];
    return term.kind === 'column' ? [term.column] : [term.column, term.front];
  });
}

const token = /\s*(?:([A-Za-z_]\w*)|'([\w./:-]+)'|([-+=]))/y;

/** Names, texts in their quotation marks, and signs; `undefined` where there is anything else. */
function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text);
    if (found === null) return undefined;
    tokens.push(found[0].trim());
  }
  return tokens;
}

function sideOf(tokens: readonly string[]): Side | undefined {
  const terms: Term[] = [];
  let rest = tokens;
  for (;;) {
    const term = termOf(rest);
    if (term === undefined) return undefined;
    terms.push(term);
    rest = rest.slice(term.kind === 'without' ? 3 : 1);
    if (rest.length === 0) break;
    if (rest[0] !== '+') return undefined;
    rest = rest.slice(1);
  }
  const [first, ...more] = terms;
  return first === undefined || terms.every(({ kind }) => kind === 'text') ? undefined : [first, ...more];
}

function termOf([first, sign, second]: readonly string[]): Term | undefined {
  if (first === undefined || isSign(first)) return undefined;
  if (first.startsWith("'")) return { kind: 'text', text: first.slice(1, -1) };
  if (sign !== '-') return { kind: 'column', column: first };
  if (second === undefined || isSign(second) || second.startsWith("'")) return undefined;
  return { kind: 'without', column: first, front: second };
}

function isSign(token: string): boolean {
  return token === '+' || token === '-' || token === '=';
}
