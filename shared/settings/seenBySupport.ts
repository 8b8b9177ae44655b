import { z } from 'zod';

/** The words in which support sees the value of a setting; `undefined` for a value that it must not see. */
interface Seen {
  readonly words: (value: string) => string | undefined;
}

/**
 * The settings whose values a support bundle shows. This is decided where each setting is described. Of every other one
 * the bundle only says whether it is given: a secret, an address of the council, or a text in which anything may stand.
 */
export const seenBySupport = z.registry<Seen>();

export const itsValue: Seen = { words: (value) => value };
