/** The values of the parameters in a path, by name. */
export type RouteParams = Record<string, string>;

interface Segment {
  readonly kind: 'literal' | 'constrained' | 'parameter' | 'rest';
  readonly text: string;
  readonly optional: boolean;
  readonly accepts: (value: string) => boolean;
}

/** The inline constraints that are checked; others are ignored. */
const constraints: Readonly<Record<string, RegExp>> = {
  int: /^-?\d+$/,
  long: /^-?\d+$/,
  bool: /^(true|false)$/i,
  alpha: /^[a-z]+$/i,
  guid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

const specificity = { literal: 0, constrained: 1, parameter: 2, rest: 3 } as const;

/** A route template such as `runs/{runId:guid}/{part?}` or `files/{*path}`; letter case does not matter. */
export class Route {
  readonly #segments: readonly Segment[];

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
    for (const { kind, text, optional, accepts } of this.#segments) {
      const value = decoded(kind === 'rest' ? values.splice(0).join('/') : values.shift());
      if (value === undefined || (value === '' && kind === 'rest')) {
        if (!optional) return undefined;
      } else if (value === '') {
        return undefined;
      } else if (!accepts(value)) {
        return undefined;
      } else if (kind !== 'literal') {
        params[text] = value;
      }
    }
    return values.length === 0 ? params : undefined;
  }

  /** Orders routes so that the more specific one is tried first: a literal before a parameter. */
  static compare(a: Route, b: Route): number {
    for (const [index, { kind }] of a.#segments.entries()) {
      const other = b.#segments[index];
      if (other === undefined) return 1;
      if (kind !== other.kind) return specificity[kind] - specificity[other.kind];
    }
    return a.#segments.length - b.#segments.length;
  }
}

function segment(part: string): Segment {
  const [, star, name = '', constraint, optional] =
    /^\{(\*{0,2})([^:?}]+)(?::([^?}]+))?(\?)?\}$/.exec(part) ?? [];
  if (name === '') {
    const literal = part.toLowerCase();
    return {
      kind: 'literal',
      text: part,
      optional: false,
      accepts: (value) => value.toLowerCase() === literal,
    };
  }
  const pattern = constraint === undefined ? undefined : constraints[constraint];
  return {
    kind: star !== '' ? 'rest' : pattern !== undefined ? 'constrained' : 'parameter',
    text: name,
    optional: star !== '' || optional !== undefined,
    accepts: (value) => pattern?.test(value) ?? true,
  };
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value; // as it came, when its percent signs encode nothing
  }
}
