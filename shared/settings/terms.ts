import { categoryNames, tablesNotRead, type Category } from '../child/categories.js';
import type { PlainDate } from '../child/dates.js';
import type { WindowMonths } from '../child/window.js';
import { restsOnAbsentTable, type InclusionSet } from '../ssd/cohort.js';
import { readSomeSettings, SettingsError } from './readSettings.js';
import { settingsSchema, type Settings } from './settings.js';

/** What the signed data-sharing agreement with DfE covers. */
export interface Agreement {
  readonly reference: string;
  /** yyyy-MM-dd */
  readonly date: PlainDate;
  readonly windowMonths: number;
  readonly receivers: readonly ('test' | 'live')[];
}

/** On what terms this app shares children's records. */
export interface Terms {
  /** `undefined` while it is not given in full. */
  readonly agreement: Agreement | undefined;
  /** The settings that say what is agreed and are not given. */
  readonly missing: readonly string[];
  /** Every row is said to be invented, so no agreement is needed. */
  readonly isInvented: boolean;
  /** The categories that are not shared. */
  readonly leftOut: readonly Category[];
  /** How far back what is sent goes. */
  readonly window: WindowMonths;
  readonly receiver: 'test' | 'live';
}

/** The settings that say what is agreed. */
export const agreementAsked = [
  'AGREEMENT_REFERENCE',
  'AGREEMENT_DATE',
  'AGREEMENT_CATEGORIES',
  'AGREEMENT_WINDOW_MONTHS',
  'AGREEMENT_RECEIVERS',
] as const;

type LeftOutSetting = 'AGREEMENT_CATEGORIES' | 'CATEGORIES_LEFT_OUT' | 'CARE_WORKER_GATES';

export type TermsSettings = Pick<
  Settings,
  | (typeof agreementAsked)[number]
  | LeftOutSetting
  | 'SSD_SYNTHETIC'
  | 'DFE_RECEIVER'
  | 'COHORT_WINDOW_MONTHS'
  | 'COHORT_PLANS_MONTHS'
  | 'COHORT_PLACEMENTS_MONTHS'
>;

export function termsOf(settings: TermsSettings): Terms {
  const {
    AGREEMENT_REFERENCE: reference,
    AGREEMENT_DATE: date,
    AGREEMENT_WINDOW_MONTHS: windowMonths,
    AGREEMENT_RECEIVERS: receivers,
  } = settings;
  const missing = agreementAsked.filter((setting) => settings[setting] === undefined);
  const isWhole =
    missing.length === 0 &&
    reference !== undefined &&
    date !== undefined &&
    windowMonths !== undefined &&
    receivers !== undefined;
  return {
    agreement: isWhole ? { reference, date, windowMonths, receivers } : undefined,
    missing,
    isInvented: settings.SSD_SYNTHETIC,
    leftOut: leftOutBy(settings),
    window: windowMonthsOf(settings),
    receiver: settings.DFE_RECEIVER,
  };
}

export function windowMonthsOf(
  settings: Pick<Settings, 'COHORT_WINDOW_MONTHS' | 'COHORT_PLANS_MONTHS' | 'COHORT_PLACEMENTS_MONTHS'>,
): WindowMonths {
  return {
    months: settings.COHORT_WINDOW_MONTHS,
    plans: settings.COHORT_PLANS_MONTHS,
    placements: settings.COHORT_PLACEMENTS_MONTHS,
  };
}

/**
 * The categories that are not shared: what the agreement does not cover, what the council leaves out, and what goes with one of
 * these. The gate of the care workers would show who has a plan.
 */
export function leftOutBy({
  AGREEMENT_CATEGORIES: agreed = categoryNames,
  CATEGORIES_LEFT_OUT: leftOut,
  CARE_WORKER_GATES: gates,
}: Pick<Settings, LeftOutSetting>): Category[] {
  const isOut = (category: Category) => !agreed.includes(category) || leftOut.includes(category);
  const goesWith: Readonly<Partial<Record<Category, Category>>> = {
    assessmentFactors: 'assessments',
    ...(gates.includes('childInNeedPlan') ? { careWorkers: 'childInNeedPlans' } : {}),
  };
  return categoryNames.filter((category) => isOut(category) || isOut(goesWith[category] ?? category));
}

/** The same, also where other settings are wrong; none where these are. */
export function leftOutIn(environment: Readonly<Record<string, string | undefined>>): Category[] {
  try {
    return leftOutBy(readSomeSettings(leftOutSchema, environment));
  } catch (error) {
    if (error instanceof SettingsError) return [];
    throw error;
  }
}

const leftOutSchema = settingsSchema.pick({
  AGREEMENT_CATEGORIES: true,
  CATEGORIES_LEFT_OUT: true,
  CARE_WORKER_GATES: true,
});

/** The inclusion sets that are on, without those that rest on a category that is not shared. */
export function inclusionSetsBy(
  settings: Pick<Settings, 'COHORT_INCLUSION_SETS' | LeftOutSetting>,
): InclusionSet[] {
  const notRead = tablesNotRead(leftOutBy(settings));
  const sets: readonly InclusionSet[] = settings.COHORT_INCLUSION_SETS;
  return sets.filter((set) => !restsOnAbsentTable([set], notRead));
}

/**
 * Why nothing that comes from a real child's record may leave the authority; `undefined` when it may.
 * @param today the date in Europe/London, whatever date a run reports on
 */
export function whyNotAgreed(
  { agreement, missing, isInvented, window: { months }, receiver }: Terms,
  today: PlainDate,
): string | undefined {
  if (isInvented) return undefined;
  if (agreement === undefined) {
    return `Nothing about a real child leaves the authority before a data-sharing agreement with DfE is signed, and the settings do not say that one is: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not given. Give what the signed agreement says, and then approve the run or request another one. docs/agreement.md explains each.`;
  }
  if (agreement.date > today) {
    return `The data-sharing agreement ${agreement.reference} is dated ${agreement.date}, and today is ${today}: nothing about a real child leaves the authority before it is signed. Check AGREEMENT_DATE.`;
  }
  if (!agreement.receivers.includes(receiver)) {
    return `The data-sharing agreement ${agreement.reference} does not cover the ${receiver} receiver of DfE (AGREEMENT_RECEIVERS), and DFE_RECEIVER names it.`;
  }
  if (months > agreement.windowMonths) {
    return `The data-sharing agreement ${agreement.reference} covers ${String(agreement.windowMonths)} months of history (AGREEMENT_WINDOW_MONTHS), and COHORT_WINDOW_MONTHS asks for ${String(months)}.`;
  }
  return undefined;
}
