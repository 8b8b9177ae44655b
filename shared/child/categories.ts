import type { SsdTable } from './sourceRows.js';

type Table = SsdTable | 'ssd_professionals';
/** `table.column` */
type TableColumn = `${Table}.${string}`;

/** A category of a data-sharing agreement: what is left out together. */
interface CategoryFacts {
  /** In a sentence such as "The categories disabilities and section 47 enquiries are not shared". */
  readonly title: string;
  /** What of a payload it is, by the paths of `attributes.ts`. What is under a path goes with it. */
  readonly paths: readonly string[];
  /** The tables of the SSD that serve no other category: they are not read while it is left out. */
  readonly tables: readonly Table[];
  /** The columns that are not read of tables that serve other categories. */
  readonly columns?: readonly TableColumn[];
}

const episode = 'social_care_episodes';

/**
 * The categories that a data-sharing agreement may leave out. What is in none of them (who the child is, the UPN, the
 * referrals) is what any record needs.
 */
export const categories = {
  disabilities: {
    title: 'disabilities',
    paths: ['child_details.disabilities'],
    tables: ['ssd_disability'],
  },
  uasc: {
    title: 'unaccompanied asylum-seeking children',
    paths: ['child_details.uasc_flag', 'child_details.uasc_end_date'],
    tables: ['ssd_immigration_status'],
  },
  postcodes: {
    title: 'postcodes',
    paths: ['child_details.postcode', `${episode}.child_looked_after_placements.postcode`],
    tables: ['ssd_address'],
    columns: ['ssd_cla_placement.clap_cla_placement_postcode'],
  },
  sdq: {
    title: 'scores of the strengths and difficulties questionnaire',
    paths: ['health_and_wellbeing'],
    tables: ['ssd_sdq_scores'],
  },
  assessments: {
    title: 'assessments, with their factors',
    paths: [`${episode}.child_and_family_assessments`],
    tables: ['ssd_cin_assessments', 'ssd_assessment_factors'],
  },
  assessmentFactors: {
    title: 'factors of assessments',
    paths: [`${episode}.child_and_family_assessments.factors`],
    tables: ['ssd_assessment_factors'],
  },
  section47: {
    title: 'section 47 enquiries, with their conferences',
    paths: [`${episode}.section_47_assessments`],
    tables: ['ssd_s47_enquiry', 'ssd_initial_cp_conference'],
  },
  childInNeedPlans: {
    title: 'child in need plans',
    paths: [`${episode}.child_in_need_plans`],
    tables: ['ssd_cin_plans'],
  },
  childProtectionPlans: {
    title: 'child protection plans',
    paths: [`${episode}.child_protection_plans`],
    tables: ['ssd_cp_plans'],
  },
  placements: {
    title: 'placements of looked-after children',
    paths: [`${episode}.child_looked_after_placements`],
    tables: ['ssd_cla_placement'],
    columns: [
      'ssd_cla_episodes.clae_cla_episode_start_reason',
      'ssd_cla_episodes.clae_cla_episode_ceased_reason',
    ],
  },
  adoption: {
    title: 'adoption',
    paths: [`${episode}.adoption`],
    tables: ['ssd_permanence'],
  },
  careLeavers: {
    title: 'care leavers',
    paths: [`${episode}.care_leavers`],
    tables: ['ssd_care_leavers'],
  },
  careWorkers: {
    title: 'care workers',
    paths: [`${episode}.care_worker_details`],
    tables: ['ssd_involvements', 'ssd_professionals'],
  },
} as const satisfies Readonly<Record<string, CategoryFacts>>;

export type Category = keyof typeof categories;

export const categoryNames: readonly Category[] = Object.keys(categories).filter(isCategory);

export function isCategory(name: string): name is Category {
  return Object.hasOwn(categories, name);
}

export function factsOfCategory(category: Category): CategoryFacts {
  return categories[category];
}

/** The paths of what is left out. */
export function pathsOf(leftOut: readonly Category[]): readonly string[] {
  return leftOut.flatMap((category) => factsOfCategory(category).paths);
}

/** The tables that are not read. */
export function tablesNotRead(leftOut: readonly Category[]): ReadonlySet<Table> {
  return new Set(leftOut.flatMap((category) => factsOfCategory(category).tables));
}

/** The tables, and the columns of other tables, that are not read. */
export function notReadBy(leftOut: readonly Category[]): ReadonlySet<Table | TableColumn> {
  const columns = leftOut.flatMap((category) => factsOfCategory(category).columns ?? []);
  return new Set([...tablesNotRead(leftOut), ...columns]);
}

/** Whether a path is one of `paths`, or under one. */
export function isUnder(paths: readonly string[], path: string): boolean {
  return paths.some((one) => path === one || path.startsWith(`${one}.`));
}

/** `disabilities, child in need plans and care workers`. */
export function titlesOf(some: readonly Category[]): string {
  return new Intl.ListFormat('en-GB').format(some.map((category) => factsOfCategory(category).title));
}
