/**
 * What goes wrong at the simulated DfE. A spec is a comma-separated list of words, blanks around them allowed; each
 * word comes at most once, and the empty spec means that nothing goes wrong.
 *
 * A share is a percentage of posts (`5%`, `0.5%`), drawn from the seeded sequence of that word. `CHILDREN` is a share
 * of children (chosen by a hash of seed and la_child_id: always the same ones, their purges included), or named
 * children, or both: `2%`, `C1`, `2%+C1+C2`.
 *
 * | word                | what happens                                                               | taken in?     |
 * |---------------------|----------------------------------------------------------------------------|---------------|
 * | `down`              | everything, the token endpoint too, answers 503                            | no            |
 * | `token=SHARE`       | the token endpoint answers 503 (share of token requests)                   | no            |
 * | `reset=SHARE`       | the connection is reset before the body is read                            | no            |
 * | `lost=SHARE`        | the connection is reset instead of the 200                                 | yes           |
 * | `slow=SHARE:MS`     | the answer comes MS milliseconds later                                     | as it would be|
 * | `429=SHARE[:S]`     | 429 with `Retry-After: S` seconds (default 1)                              | no            |
 * | `rate=N`            | 429 above N posts in any one second, with Retry-After                      | no            |
 * | `408`, `500`, `502`, `503`, `504` `=SHARE` | that status                                         | no            |
 * | `401=SHARE`         | 401, and the token is withdrawn. Below 100% a token that has never served  | no            |
 * |                     | is spared: one fresh token must be enough for a client                     |               |
 * | `403=SHARE`         | 403 as for a key without permission                                        | no            |
 * | `413=BYTES`         | 413 for a body of more bytes than that                                     | no            |
 * | `204=SHARE`         | 204 instead of 200                                                         | no            |
 * | `garbage=SHARE`     | 200 with an HTML page                                                      | no            |
 * | `count=SHARE`       | 200 with one receipt missing, somewhere in the list                        | the others    |
 * | `refuse=CHILDREN`   | these children are refused, and their batch with them                      | no            |
 * | `firewall=CHILDREN` | these children trip the firewall: 403 with an HTML page for their batch    | no            |
 * | `refuse-422`        | refusals have status 422 instead of 400                                    |               |
 * | `refuse-problem`    | refusals are a problem document of ASP.NET that names the rejected records |               |
 * | `refuse-paths`      | refusals are a text of nested paths, `body[3].social_care_episodes[0]…`    |               |
 * | `refuse-text`       | refusals are a text without any index: the caller has to halve the batch   |               |
 */
export interface Faults {
  readonly down?: boolean;
  readonly token?: Share;
  readonly reset?: Share;
  readonly lost?: Share;
  readonly slow?: { readonly share: Share; readonly milliseconds: number };
  readonly tooMany?: { readonly share: Share; readonly retryAfterSeconds: number };
  /** Posts a second. */
  readonly rate?: number;
  readonly statuses?: Readonly<Partial<Record<FaultStatus, Share>>>;
  readonly maxBodyBytes?: number;
  readonly garbage?: Share;
  readonly count?: Share;
  readonly refuse?: ChosenChildren;
  readonly firewall?: ChosenChildren;
  readonly refusalStatus?: 400 | 422;
  readonly refusalShape?: RefusalShape;
}

/** 0 to 1. */
type Share = number;

type FaultStatus = 204 | 401 | 403 | 408 | 500 | 502 | 503 | 504;

/** The form of a refusal; refusals.ts shows each. */
export type RefusalShape = 'errors' | 'problem' | 'paths' | 'text';

export interface ChosenChildren {
  readonly share: Share;
  readonly ids: ReadonlySet<string>;
}

interface Word {
  /** The word with its value, as the error message shows it. */
  readonly form: string;
  readonly apply: (faults: Faults, value: string | undefined) => Faults;
}

const words: ReadonlyMap<string, Word> = new Map([
  ['down', bare('down', (faults) => ({ ...faults, down: true }))],
  ['token', share('token', (faults, token) => ({ ...faults, token }))],
  ['reset', share('reset', (faults, reset) => ({ ...faults, reset }))],
  ['lost', share('lost', (faults, lost) => ({ ...faults, lost }))],
  [
    'slow',
    valued('slow=SHARE:MS', (faults, value) => {
      const [first, milliseconds] = split(value, ':');
      return { ...faults, slow: { share: readShare(first), milliseconds: readCount(milliseconds, 0) } };
    }),
  ],
  [
    '429',
    valued('429=SHARE[:SECONDS]', (faults, value) => {
      const [first, seconds] = split(value, ':');
      const retryAfterSeconds = readCount(seconds ?? '1', 0);
      return { ...faults, tooMany: { share: readShare(first), retryAfterSeconds } };
    }),
  ],
  ['rate', valued('rate=N', (faults, value) => ({ ...faults, rate: readCount(value, 1) }))],
  ['204', status(204)],
  ['401', status(401)],
  ['403', status(403)],
  ['408', status(408)],
  ['500', status(500)],
  ['502', status(502)],
  ['503', status(503)],
  ['504', status(504)],
  ['413', valued('413=BYTES', (faults, value) => ({ ...faults, maxBodyBytes: readCount(value, 1) }))],
  ['garbage', share('garbage', (faults, garbage) => ({ ...faults, garbage }))],
  ['count', share('count', (faults, count) => ({ ...faults, count }))],
  ['refuse', valued('refuse=CHILDREN', (faults, value) => ({ ...faults, refuse: readChildren(value) }))],
  [
    'firewall',
    valued('firewall=CHILDREN', (faults, value) => ({ ...faults, firewall: readChildren(value) })),
  ],
  ['refuse-422', bare('refuse-422', (faults) => ({ ...faults, refusalStatus: 422 }))],
  ['refuse-problem', refusalShape('problem')],
  ['refuse-paths', refusalShape('paths')],
  ['refuse-text', refusalShape('text')],
]);

/**
 * Reads a spec such as `refuse=2%,429=10%,413=65536,slow=5%:2000` by the grammar of `Faults`.
 *
 * @throws Error that names the wrong entry, says what is wrong and lists every valid word with its form.
 */
export function parseFaults(spec: string): Faults {
  const seen = new Set<string>();
  let faults: Faults = {};
  for (const entry of spec.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    try {
      const [name, value] = split(entry, '=');
      const word = words.get(name);
      if (word === undefined) throw new Error('there is no such word');
      if (seen.has(name)) throw new Error('the word comes twice');
      seen.add(name);
      const shapes = [...seen].filter((other) => /^refuse-(problem|paths|text)$/.test(other));
      if (shapes.length > 1) throw new Error(`a refusal has one shape, not both ${shapes.join(' and ')}`);
      faults = word.apply(faults, value);
    } catch (error) {
      throw new Error(wrongSpec(entry, error instanceof Error ? error.message : String(error)), {
        cause: error,
      });
    }
  }
  return faults;
}

function wrongSpec(entry: string, reason: string): string {
  return (
    `The fault "${entry}" cannot be read: ${reason}. Valid words, separated by commas: ` +
    `${[...words.values()].map((word) => word.form).join(', ')}. ` +
    'SHARE is a percentage such as 5% or 0.5%; CHILDREN is a SHARE, an la_child_id, or several joined by "+".'
  );
}

function valued(form: string, apply: (faults: Faults, value: string) => Faults): Word {
  return {
    form,
    apply: (faults, value) => {
      if (value === undefined || value === '') throw new Error(`a value is missing (${form})`);
      return apply(faults, value);
    },
  };
}

function bare(form: string, apply: (faults: Faults) => Faults): Word {
  return {
    form,
    apply: (faults, value) => {
      if (value !== undefined) throw new Error('the word takes no value');
      return apply(faults);
    },
  };
}

function share(name: string, apply: (faults: Faults, share: Share) => Faults): Word {
  return valued(`${name}=SHARE`, (faults, value) => apply(faults, readShare(value)));
}

function status(code: FaultStatus): Word {
  return share(String(code), (faults, part) => ({
    ...faults,
    statuses: { ...faults.statuses, [code]: part },
  }));
}

function refusalShape(shape: RefusalShape): Word {
  return bare(`refuse-${shape}`, (faults) => ({ ...faults, refusalShape: shape }));
}

function readShare(text: string): Share {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    throw new Error(`"${text}" is not a percentage from 0% to 100%`);
  }
  return Number(percent) / 100;
}

function readCount(text: string | undefined, least: number): number {
  if (text === undefined || !/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new Error(`"${text ?? ''}" is not a whole number from ${least}`);
  }
  return Number(text);
}

function readChildren(text: string): ChosenChildren {
  const parts = text.split('+');
  const shares = parts.filter((part) => part.includes('%'));
  if (shares.length > 1) throw new Error('there are two percentages of children');
  const ids = parts.filter((part) => !part.includes('%'));
  const wrong = ids.find((id) => !/^[A-Za-z0-9_-]{1,20}$/.test(id));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not an la_child_id`);
  return { share: readShare(shares[0] ?? '0%'), ids: new Set(ids) };
}

/** The text before and after the first separator; `undefined` after it when there is none. */
function split(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
