import { z } from 'zod';
import type { Child } from '../payload.js';
import { ageBandOn, sexOf } from './bands.js';
import { rehearsalDays, type RehearsalDay } from './days.js';
import { countedOf } from './figure.js';
import { figures, whyNotKnown, type Known } from './figures.js';
import { countedSchema, type Counted, type FiguresOfDay, type Rehearsal } from './rehearsal.js';

/** What a `RehearsalTally` has counted, as it is stored: by day and code; what is 0 is not there. */
export const rehearsalTallySchema = z.strictObject({
  children: z.int().nonnegative(),
  days: z.record(z.string(), z.record(z.string(), countedSchema)),
});
type RehearsalCounts = z.output<typeof rehearsalTallySchema>;

/** Counts the figures of the dress rehearsal over the children of a run, on each of its days. */
export class RehearsalTally {
  readonly #known: Known;
  readonly #days: readonly RehearsalDay[];
  readonly #counts: RehearsalCounts;

  /** @param soFar what another one has counted */
  constructor(known: Known, soFar: RehearsalCounts = { children: 0, days: {} }) {
    this.#known = known;
    this.#days = rehearsalDays(known.window);
    this.#counts = structuredClone(soFar);
  }

  counts(): RehearsalCounts {
    return structuredClone(this.#counts);
  }

  add(child: Child): void {
    this.#counts.children += 1;
    const sex = sexOf(child.child_details);
    for (const figure of figures) {
      const countedOn = countedOf(figure, child);
      if (countedOn === undefined) continue;
      for (const day of this.#days) {
        for (const date of countedOn(day)) {
          const counted = this.#countedOn(day, figure.code);
          counted.total += 1;
          addTo(counted.ages, ageBandOn(child.child_details, date));
          addTo(counted.sexes, sex);
        }
      }
    }
  }

  #countedOn({ day }: RehearsalDay, code: string): Counted {
    const ofDay = (this.#counts.days[day] ??= {});
    return (ofDay[code] ??= noneCounted());
  }

  /** Every figure on every day. */
  rehearsal(): Rehearsal {
    return {
      children: this.#counts.children,
      days: this.#days.map((day) => ({ day: day.day, figures: this.#figuresOf(day) })),
    };
  }

  #figuresOf(day: RehearsalDay): FiguresOfDay {
    return Object.fromEntries(
      figures.map((figure) => {
        const notKnown = whyNotKnown(figure, day, this.#known);
        const counted = this.#counts.days[day.day]?.[figure.code];
        return [figure.code, notKnown === undefined ? (counted ?? noneCounted()) : { notKnown }];
      }),
    );
  }
}

function noneCounted(): Counted {
  return { total: 0, ages: {}, sexes: {} };
}

function addTo(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
