import type { BuildRules } from '../buildRules.js';
import type { Child } from '../payload.js';
import type { SsdColumn } from '../sourceRows.js';

type PathsUnder<Block, Before extends string> = {
  [Key in keyof Block & string]-?: Key extends 'purge'
    ? never
    : `${Before}${Key}` | PathsOf<NonNullable<Block[Key]>, `${Before}${Key}.`>;
}[keyof Block & string];

type PathsOf<Value, Before extends string> = Value extends readonly (infer Item)[]
  ? PathsOf<Item, Before>
  : Value extends object
    ? PathsUnder<Value, Before>
    : never;

/**
 * The keys to an attribute, lists passed through: `social_care_episodes.adoption.matched_date`. `child` is the record
 * itself. `purge` is no attribute of its own: it belongs to its block.
 */
export type AttributePath = 'child' | PathsOf<Child, ''>;

/** What a profile says that decides what is sent, in addition to names and codes. */
export type ProfileEntry = Extract<
  keyof BuildRules,
  | 'uascStatuses'
  | 'careWorkerRoles'
  | 'formerUpnTypes'
  | 'conferenceFlagKeys'
  | 'conferenceOutcomes'
  | 'otherOutcomes'
  | 'placementIdsRepeat'
>;

/**
 * What an analyst needs to know of an attribute of the payload, or of a block or list of them, that its schema
 * (`payload.ts`) does not say. `docs/reference/` is made from it by `npm run docs`.
 */
export interface Attribute {
  /** Its number in DfE's list of attributes. Blocks, lists and `mis_child_id` have none. */
  readonly number?: number;
  /** What it is. */
  readonly meaning: string;
  /** Which row of the SSD it is made of, and when it is not sent. */
  readonly rule: string;
  /** The column that fills it, then those that decide which row it is. */
  readonly columns: readonly [SsdColumn, ...SsdColumn[]];
  /** The settings that change it. */
  readonly settings?: readonly string[];
  readonly profileEntries?: readonly ProfileEntry[];
  /** What is published of how DfE checks it, except types, lengths, code lists and census rules. */
  readonly dfe?: string;
  /** DfE's endpoint probably compares it with the code list. */
  readonly isListAtEndpoint?: true;
  /** The matters in `docs/departures-from-d2i.md` that are about it. */
  readonly departures?: readonly string[];
  /** It is there whenever its block or item is, or says no more than what is in it: its fill rate says nothing. */
  readonly isNotCounted?: true;
}

/** Some of the attributes, by path. */
export type Attributes<Path extends AttributePath> = Readonly<Record<Path, Attribute>>;

/** The attributes below a block, and the block itself. */
export type PathsAt<Block extends AttributePath> = Block | Extract<AttributePath, `${Block}.${string}`>;
