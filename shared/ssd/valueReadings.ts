import { newestCodeLists, type CodedField } from '../child/codes/codeLists.js';
import { CodeReader } from '../child/codes/codeReader.js';
import { isPlaceholder, normalised } from '../child/codes/localValues.js';
import { factorsIn, outcomeIn } from '../child/values/jsonColumns.js';
import type { Profile } from './profile.js';
import type { KnownTable } from './tables.js';
import type { ValueCounts } from './valueCounts.js';

/** What of a profile reads values: each value map, and each list of words. */
export type ValueUse =
  CodedField | 'uascStatuses' | 'careWorkerRoles' | 'formerUpnTypes' | 'conferenceOutcomes';

/** The columns that a use reads; two are those of codes and of descriptions. */
export const columnsOfUses: Readonly<
  Record<ValueUse, { readonly table: KnownTable; readonly columns: readonly string[] }>
> = {
  sex: { table: 'ssd_person', columns: ['pers_sex'] },
  ethnicity: { table: 'ssd_person', columns: ['pers_ethnicity'] },
  uniquePupilNumberUnknownReason: { table: 'ssd_person', columns: ['pers_upn_unknown'] },
  disability: { table: 'ssd_disability', columns: ['disa_disability_code'] },
  referralSource: {
    table: 'ssd_cin_episodes',
    columns: ['cine_referral_source_code', 'cine_referral_source_desc'],
  },
  closureReason: { table: 'ssd_cin_episodes', columns: ['cine_close_reason'] },
  assessmentFactor: { table: 'ssd_assessment_factors', columns: ['cinf_assessment_factors_json'] },
  placementStartReason: { table: 'ssd_cla_episodes', columns: ['clae_cla_episode_start_reason'] },
  placementEndReason: { table: 'ssd_cla_episodes', columns: ['clae_cla_episode_ceased_reason'] },
  placementType: { table: 'ssd_cla_placement', columns: ['clap_cla_placement_type'] },
  placementChangeReason: { table: 'ssd_cla_placement', columns: ['clap_cla_placement_change_reason'] },
  careLeaverActivity: { table: 'ssd_care_leavers', columns: ['clea_care_leaver_activity'] },
  careLeaverAccommodation: { table: 'ssd_care_leavers', columns: ['clea_care_leaver_accommodation'] },
  uascStatuses: { table: 'ssd_immigration_status', columns: ['immi_immigration_status'] },
  careWorkerRoles: { table: 'ssd_involvements', columns: ['invo_professional_role_id'] },
  formerUpnTypes: { table: 'ssd_linked_identifiers', columns: ['link_identifier_type'] },
  conferenceOutcomes: { table: 'ssd_s47_enquiry', columns: ['s47e_s47_outcome_json'] },
};

export const valueUses: readonly ValueUse[] = Object.keys(columnsOfUses).filter(isValueUse);

function isValueUse(name: string): name is ValueUse {
  return Object.hasOwn(columnsOfUses, name);
}

/** What the profile does with the values of a column. */
export interface ValueReading {
  /** Values that a row has; empty ones and placeholders are not among them. */
  readonly values: number;
  /** Those that give a code, or are in the list. */
  readonly read: number;
  /** The others, the most frequent first. */
  readonly others: readonly { readonly text: string; readonly rows: number }[];
}

type Said = 'nothing' | 'read' | 'other';

/** A code that has ended counts as read: whether it is sent, the date of each row decides. */
export function readingOf(use: ValueUse, counts: ValueCounts, profile: Profile): ValueReading {
  const reader = new CodeReader(newestCodeLists, profile);
  let read = 0;
  const others = new Map<string, number>();
  for (const { texts, rows } of counts.values) {
    for (const { text, said } of partsOf(use, texts, profile, reader)) {
      if (said === 'read') read += rows;
      if (said === 'other') others.set(text, (others.get(text) ?? 0) + rows);
    }
  }
  const inOrder = [...others]
    .map(([text, rows]) => ({ text, rows }))
    .sort((one, other) => other.rows - one.rows);
  return { values: read + inOrder.reduce((sum, { rows }) => sum + rows, 0), read, others: inOrder };
}

/** A value, or each entry of a list of factors. */
function partsOf(
  use: ValueUse,
  texts: readonly (string | null)[],
  profile: Profile,
  reader: CodeReader,
): readonly { readonly text: string; readonly said: Said }[] {
  const text = texts.filter((one) => one !== null).join(' / ');
  const [first = null, second = null] = texts;
  switch (use) {
    case 'uascStatuses':
    case 'careWorkerRoles':
    case 'formerUpnTypes':
      return [{ text, said: saidByList(text, profile[use], profile) }];
    case 'conferenceOutcomes': {
      if (text === '') return [];
      const { is } = outcomeIn(text, profile, normalised);
      return [{ text, said: is === 'nothing' ? is : is === 'yes' || is === 'no' ? 'read' : 'other' }];
    }
    case 'assessmentFactor': {
      const list = factorsIn(first);
      if (list.is === 'unreadable') return [{ text: 'lists that cannot be read', said: 'other' }];
      return list.entries.map((entry) => ({ text: entry, said: saidBy(reader.read(use, entry, null)) }));
    }
    case 'referralSource':
      return [{ text, said: saidBy(reader.readPair(use, first, second, null)) }];
    default:
      return [{ text, said: saidBy(reader.read(use, first, null)) }];
  }
}

function saidBy(reading: ReturnType<CodeReader['read']>): Said {
  if (reading.is === 'nothing') return 'nothing';
  if (reading.is === 'code' || reading.rule === 'code-retired') return 'read';
  return reading.rule === 'placeholder' ? 'nothing' : 'other';
}

function saidByList(text: string, list: ReadonlySet<string>, { placeholders }: Profile): Said {
  if (text === '' || isPlaceholder(placeholders, text)) return 'nothing';
  return list.has(normalised(text)) ? 'read' : 'other';
}
