import { z } from 'zod';
import { countedAttributes } from '../attributes/attributes.js';
import { isUnder } from '../categories.js';
import { jsonIn } from '../json.js';
import type { Child } from '../payload.js';

/** In how many of the blocks or items that could have it an attribute is there. */
export interface Fill {
  readonly filled: number;
  readonly of: number;
}

/** By the path of each attribute, see `attributes.ts`. */
export type FillRates = Readonly<Record<string, Fill>>;

const counts = z.record(z.string(), z.int().nonnegative());

/** What a `FillTally` has counted, as it is stored. */
export const fillTallySchema = z.strictObject({ filled: counts, blocks: counts, now: counts, held: counts });
type FillCounts = z.output<typeof fillTallySchema>;

/** Counts attributes over the children of a run: in what is sent, and in what DfE holds about those that it holds. */
export class FillTally {
  readonly #filled: Map<string, number>;
  readonly #blocks: Map<string, number>;
  readonly #now: Map<string, number>;
  readonly #held: Map<string, number>;

  /** @param soFar what another one has counted */
  constructor(soFar: FillCounts = { filled: {}, blocks: {}, now: {}, held: {} }) {
    this.#filled = new Map(Object.entries(soFar.filled));
    this.#blocks = new Map(Object.entries(soFar.blocks));
    this.#now = new Map(Object.entries(soFar.now));
    this.#held = new Map(Object.entries(soFar.held));
  }

  counts(): FillCounts {
    return {
      filled: Object.fromEntries(this.#filled),
      blocks: Object.fromEntries(this.#blocks),
      now: Object.fromEntries(this.#now),
      held: Object.fromEntries(this.#held),
    };
  }

  /**
   * @param held the JSON text of the payload that DfE acknowledged last, `undefined` when there is none; true for an
   *   unchanged child, whose text need not be read
   */
  add(child: Child, held: string | true | undefined): void {
    const present = new Set<string>();
    this.#count(child, '', present);
    if (held === undefined) return;
    addAll(this.#now, present);
    addAll(this.#held, held === true ? present : pathsIn(held));
  }

  #count(block: object, path: string, present: Set<string>): void {
    add(this.#blocks, path);
    for (const [key, value] of Object.entries(block)) {
      if (!isThere(value)) continue;
      const itsPath = path === '' ? key : `${path}.${key}`;
      add(this.#filled, itsPath);
      present.add(itsPath);
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) {
        if (typeof item === 'object' && item !== null) this.#count(item, itsPath, present);
      }
    }
  }

  /** @param leftOut the paths of what is not shared, and so has no rate */
  rates(leftOut: readonly string[] = []): FillRates {
    const shared = countedAttributes.filter(({ path }) => !isUnder(leftOut, path));
    return Object.fromEntries(
      shared.map(({ path }) => {
        const block = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
        return [path, { filled: this.#filled.get(path) ?? 0, of: this.#blocks.get(block) ?? 0 }];
      }),
    );
  }

  /**
   * What DfE holds about children who are still in the cohort, and none of them has any more: by the path of the
   * attribute, for how many children DfE holds it.
   */
  vanished(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      countedAttributes
        .map(({ path }) => [path, this.#held.get(path) ?? 0] as const)
        .filter(([path, held]) => held > 0 && (this.#now.get(path) ?? 0) === 0),
    );
  }
}

/** Nothing, and a list that says "none", fill nothing. */
function isThere(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return !Array.isArray(value) || (value.length > 0 && value.some((item) => item !== 'NONE'));
}

/** The paths of the attributes in a payload; none when it cannot be read. */
function pathsIn(text: string): ReadonlySet<string> {
  const paths = new Set<string>();
  collect(jsonIn(text), '', paths);
  return paths;
}

function collect(block: unknown, path: string, paths: Set<string>): void {
  if (typeof block !== 'object' || block === null) return;
  for (const [key, value] of Object.entries(block)) {
    if (!isThere(value)) continue;
    const itsPath = path === '' ? key : `${path}.${key}`;
    paths.add(itsPath);
    for (const item of Array.isArray(value) ? value : [value]) collect(item, itsPath, paths);
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function addAll(counts: Map<string, number>, keys: Iterable<string>): void {
  for (const key of keys) add(counts, key);
}

/** An attribute that is not filled, or much less than in the run before. */
export interface FillWarning {
  readonly path: string;
  readonly table: string;
  readonly column: string;
  readonly now: Fill;
  /** In the run before; absent when there is none, or it did not count. */
  readonly before?: Fill;
}

/** Too few blocks to judge by. */
const tooFewToJudge = 20;
/** Filled in less than half as many of a hundred as before. */
const sharpFall = 0.5;
/** An attribute that was this rare may be missing by chance. */
const rare = 0.02;

/** What is wrong with how the payload is filled. */
export function fillWarnings(now: FillRates, before: FillRates | undefined): FillWarning[] {
  return countedAttributes.flatMap(({ path, table, column }) => {
    const fill = now[path];
    const earlier = before?.[path];
    if (fill === undefined || fill.of < tooFewToJudge) return [];
    const rate = fill.filled / fill.of;
    const hasFallen =
      earlier !== undefined &&
      earlier.of >= tooFewToJudge &&
      earlier.filled / earlier.of > rare &&
      rate < sharpFall * (earlier.filled / earlier.of);
    if (fill.filled > 0 && !hasFallen) return [];
    return [{ path, table, column, now: fill, ...(earlier === undefined ? {} : { before: earlier }) }];
  });
}
