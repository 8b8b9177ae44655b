import { z } from 'zod';
import { isPlainDate } from '../dates.js';

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

/** How many there are, also by age group and by sex (see `bands.ts`); a group of none is not there. */
export const countedSchema = z.object({ total: count, ages: counts, sexes: counts });
export type Counted = z.output<typeof countedSchema>;

/** Why a figure is not known, in words for a person. */
const notKnownSchema = z.object({ notKnown: z.string() });

const figuresOfDaySchema = z.record(z.string(), z.union([countedSchema, notKnownSchema]));
/** By the code of each figure. */
export type FiguresOfDay = z.output<typeof figuresOfDaySchema>;

/** The figures of a run on each of its days. It holds counts and nothing about one child. */
export const rehearsalSchema = z.object({
  /** The children who were counted: those whose record can be sent. */
  children: count,
  days: z.array(z.object({ day: z.string().refine(isPlainDate), figures: figuresOfDaySchema })),
});
export type Rehearsal = z.output<typeof rehearsalSchema>;
