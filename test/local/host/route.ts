/** The values of the parameters in a path, by name. */
type RouteParams = Record<string, string>;

interface Segment {
  readonly kind: 'literal' | 'parameter';
  /** The name of a parameter, or the literal in small letters. */
  readonly text: string;
}

/** A route template such as `runs/{runId}/findings`; letter case does not matter. */
export class Route {
  readonly #segments: readonly Segment[];

  /** @throws Error for a parameter that is more than a name. */
  constructor(template: string) {
    this.#segments = template
      .split('/')
      .filter((part) => part !== '')
      .map(segment);
  }

  /** The parameters of a path (percent-encoded, without query), or undefined when the path is not of this route. */
  match(path: string): RouteParams | undefined {
    // One slash at the end does not matter; a double one is a part without a name, which no route has.
    const values = path.replace(/\/$/, '').split('/').slice(1);
    const params: RouteParams = {};
    for (const { kind, text } of this.#segments) {
      const value = decoded(values.shift());
      if (value === undefined || value === '') return undefined;
      if (kind === 'parameter') params[text] = value;
      else if (value.toLowerCase() !== text) return undefined;
    }
    return values.length === 0 ? params : undefined;
  }

  /** Orders routes so that the more specific one is tried first: a literal before a parameter. */
  static compare(a: Route, b: Route): number {
    for (const [index, { kind }] of a.#segments.entries()) {
      const other = b.#segments[index];
      if (other === undefined) return 1;
      if (kind !== other.kind) return kind === 'literal' ? -1 : 1;
    }
    return a.#segments.length - b.#segments.length;
  }
}

function segment(part: string): Segment {
  if (!part.includes('{')) return { kind: 'literal', text: part.toLowerCase() };
  const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
  if (name === undefined) {
    throw new Error(`The stand-in knows route parameters such as {runId}, and not ${part}.`);
  }
  return { kind: 'parameter', text: name };
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value; // as it came, when its percent signs encode nothing
  }
}
