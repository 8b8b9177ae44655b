import { z } from 'zod';
import { categoryNames, isCategory, type Category } from '../child/categories.js';
import { isPlainDate } from '../child/dates.js';
import { itsValue, seenBySupport } from './seenBySupport.js';
import { commaList, isOneOf, wholeNumber } from './fields.js';

const receivers = ['test', 'live'] as const;

const names = (text: string) => text.split(',').map((name) => name.trim());
const categoryList = (what: string) =>
  `a comma list of ${categoryNames.join(', ')}${what === '' ? '' : `, or ${what}`}`;

/** What the data-sharing agreement with DfE says, and what is left out of it. */
export const agreementSettings = {
  AGREEMENT_REFERENCE: z
    .string()
    .trim()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,99}$/,
      'must be at most 100 letters, digits, blanks and the symbols . / _ -, such as DSA-2026-014',
    )
    .optional()
    .describe(
      "The council's reference of the signed data-sharing agreement with DfE. Nothing that comes from a real child's record leaves the authority, not even under pseudonyms, until the five settings that begin with `AGREEMENT_` are given: runs are paused and say so. Not needed where every row is invented (`SSD_SYNTHETIC`). It is shown on the pages, in the ledger and in the evidence file.",
    ),
  AGREEMENT_DATE: z
    .string()
    .refine(isPlainDate, 'must be a date yyyy-MM-dd')
    .optional()
    .describe('The date on which the agreement was signed, `yyyy-MM-dd`. Nothing is sent before it.')
    .register(seenBySupport, itsValue),
  AGREEMENT_CATEGORIES: z
    .string()
    .transform((text): readonly string[] => (text.trim() === 'all' ? categoryNames : names(text)))
    .refine((list): list is readonly Category[] => list.every(isCategory), `must be ${categoryList('all')}`)
    .optional()
    .describe(
      `The categories of data that the agreement covers: \`all\`, or a comma list of ${categoryNames.map((name) => `\`${name}\``).join(', ')}. A category that is not on the list is left out, as by \`CATEGORIES_LEFT_OUT\`. Who the child is, its UPN and its referrals belong to every record.`,
    )
    .register(seenBySupport, itsValue),
  AGREEMENT_WINDOW_MONTHS: wholeNumber(1, 36)
    .optional()
    .describe(
      'The months of history that the agreement covers. A run is paused while `COHORT_WINDOW_MONTHS` is greater.',
    )
    .register(seenBySupport, itsValue),
  AGREEMENT_RECEIVERS: z
    .string()
    .transform(names)
    .refine(
      (list): list is (typeof receivers)[number][] => list.every(isOneOf(receivers)),
      'must be test, live, or both as a comma list',
    )
    .optional()
    .describe(
      "The receivers of DfE that the agreement covers, as a comma list of `test` and `live`. To a test receiver real children's records go under pseudonyms only.",
    )
    .register(seenBySupport, itsValue),
  CATEGORIES_LEFT_OUT: commaList(['none'])
    .transform((list): readonly string[] => (list.length === 1 && list[0] === 'none' ? [] : list))
    .refine((list): list is readonly Category[] => list.every(isCategory), `must be ${categoryList('none')}`)
    .describe(
      'Categories that are left out although the agreement covers them, as a comma list; `none`: no category. What is left out is not read, staged or sent, and inclusion sets of the cohort that rest on it are off. When a category is left out later, the next run is paused, and once it is approved DfE is asked to remove what it has of it ([agreement.md](agreement.md)).',
    )
    .register(seenBySupport, itsValue),
};
