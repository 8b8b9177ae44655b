import { recordBy } from './recordOf.js';
import { allRules, type RuleCode } from './rules/catalogue.js';
import { nameOf, type Published } from './rules/rule.js';

/*
 * One table of texts, longer than other files on purpose: analysts and docs/findings.md read it as one list. What returns
 * would ask about is in rules/.
 */

/** What a finding means for the child's record, the most serious first. */
export const severities = ['child held', 'item left out', 'value left out', 'remark'] as const;
export type Severity = (typeof severities)[number];

/** What is wrong, and what the analyst can do about it at the source. */
export interface FindingRuleText {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
  /** The returns that ask about it; absent for what keeps something from being sent. */
  readonly published?: readonly Published[];
}

/** What keeps something from being sent as it is, and what is told about the source besides. */
const ownRules = {
  'child-id': {
    severity: 'child held',
    meaning: 'The child id is missing, longer than 20 characters or contains a character that DfE refuses.',
    remedy: 'Give the child an id of at most 20 letters, digits, - and _, without 0x before digits.',
  },
  'child-id-twice': {
    severity: 'child held',
    meaning: 'Two people have ids that differ only in capital letters. The database treats them as the same.',
    remedy: 'Find out whether the two are the same child, and give each child one id.',
  },
  'payload-unfit': {
    severity: 'child held',
    meaning: 'The payload breaks a published rule that no other finding names.',
    remedy: 'Report this to the maintainers. Nothing to correct was found in the SSD.',
  },
  'payload-too-large': {
    severity: 'child held',
    meaning: 'The payload of this child alone is larger than one POST may be (CHUNK_MAX_BYTES).',
    remedy:
      'Look for episodes, placements or assessments that are in the SSD many times. If all are right, ask DfE, then raise CHUNK_MAX_BYTES.',
  },
  'in-cohort-not-listed': {
    severity: 'child held',
    meaning:
      "The child is in the cohort but not on the council's own list of it (COHORT_LIST_TABLE), so it is not sent.",
    remedy: 'Add the child to the list, or correct what puts the child into the cohort in the SSD.',
  },
  'listed-not-in-cohort': {
    severity: 'remark',
    meaning:
      "The child is on the council's own list of the cohort (COHORT_LIST_TABLE), but is not in the cohort by what the SSD says.",
    remedy:
      "Check the child's date of birth and episodes in the SSD. The cohort report counts what each rule leaves out.",
  },
  'item-id': {
    severity: 'item left out',
    meaning: 'The id is missing, longer than DfE accepts or contains a character that DfE refuses.',
    remedy:
      'Give the row an id of at most 36 letters, digits, - and _ (a worker 12), without 0x before digits.',
  },
  'duplicate-id': {
    severity: 'item left out',
    meaning: 'Another row has the same id and different values. Only one of them is sent.',
    remedy: 'Remove the wrong row, or give it an id of its own.',
  },
  'no-episode': {
    severity: 'item left out',
    meaning: 'DfE needs this record under a referral, and the child has no referral that it can go under.',
    remedy: 'Link the row to a referral of this child.',
  },
  'no-person': {
    severity: 'item left out',
    meaning:
      'No key of the row leads to a person in ssd_person: neither its person id nor the record it belongs to.',
    remedy:
      'Correct the person id, or the id of the record it belongs to (assessment factors have only that one), or add the person.',
  },
  'date-missing': {
    severity: 'item left out',
    meaning: 'The date is missing, so we cannot tell whether the record is in the reporting period.',
    remedy:
      'Enter the start date. An assessment needs its start or its authorisation, a score the day it was completed.',
  },
  'worker-unregistered': {
    severity: 'item left out',
    meaning: 'A worker who should be sent has no Social Work England number, or is not in ssd_professionals.',
    remedy: 'Enter the registration number of the worker.',
  },
  'code-unknown': {
    severity: 'value left out',
    meaning: 'The value is not a national code, and it is not in the value maps of the profile.',
    remedy: 'Use a national code at the source, or add the value to the value map of the profile.',
  },
  'code-retired': {
    severity: 'value left out',
    meaning:
      'The value is a national code that had ended by the date of its row, or that has ended and has no date on its row.',
    remedy: 'Use the code that replaced it.',
  },
  'codes-contradict': {
    severity: 'value left out',
    meaning:
      'The value gives two different national codes: the code column and the description differ, or one text contains both.',
    remedy:
      'Correct the code or the description. If the description means the code here, add it to the value map of the profile.',
  },
  placeholder: {
    severity: 'value left out',
    meaning:
      'The value is a placeholder of the SSD or of the case management system, such as SSD_PH, and not a real value.',
    remedy:
      'Record the value in the case management system. If the placeholder has a meaning here, add it to the value map of the profile.',
  },
  'text-too-long': {
    severity: 'value left out',
    meaning: 'The text is longer than DfE accepts. It is left out, because texts are never cut.',
    remedy: 'Shorten it to at most 128 characters.',
  },
  'text-broken': {
    severity: 'value left out',
    meaning: 'The text contains half a character, probably because it was cut to fit.',
    remedy: 'Enter the text again.',
  },
  'upn-shape': {
    severity: 'value left out',
    meaning: 'The UPN is not 13 letters and digits.',
    remedy: 'Enter the UPN as the school has it, or the reason why there is none (UN1 to UN10).',
  },
  'upn-and-reason': {
    severity: 'value left out',
    meaning: 'The child has a UPN and also a reason why there is none. The UPN is sent.',
    remedy: 'Remove the reason.',
  },
  'no-enquiry': {
    severity: 'item left out',
    meaning:
      'An initial child protection conference in the window does not belong to any section 47 enquiry of the child, so its date is not sent.',
    remedy: 'Link the conference to the enquiry that led to it.',
  },
  'postcode-shape': {
    severity: 'value left out',
    meaning: 'The value is not a postcode.',
    remedy: 'Enter the whole postcode, or leave it empty.',
  },
  'flag-unknown': {
    severity: 'value left out',
    meaning: 'The value is neither yes nor no.',
    remedy: 'Use Y or N.',
  },
  'sdq-score': {
    severity: 'item left out',
    meaning: 'The score is not a whole number from 0 to 40.',
    remedy: 'Enter the total difficulties score, or remove the row.',
  },
  'factors-unreadable': {
    severity: 'value left out',
    meaning: 'The assessment factors are not a list that can be read.',
    remedy: 'Store them as a JSON array of codes, such as ["1A","2B"].',
  },
  'factors-too-many': {
    severity: 'value left out',
    meaning: 'There are more than the 41 assessment factors that DfE accepts. The whole list is left out.',
    remedy: 'Record only the factors that were found.',
  },
  'disabilities-too-many': {
    severity: 'value left out',
    meaning: 'There are more than the 12 disabilities that DfE accepts. The whole list is left out.',
    remedy: 'Record each disability once.',
  },
  'outcome-unreadable': {
    severity: 'value left out',
    meaning:
      'The outcome of the section 47 enquiry cannot be read, so we cannot tell whether a conference is required.',
    remedy: 'Store the outcome as the SSD specifies it.',
  },
  'end-before-start': {
    severity: 'item left out',
    meaning:
      'The end is before the start, so we cannot tell whether the record is open. It is not sent, and DfE keeps the version it has (CIN census rules 8630, 4011 and 8925 ask about this).',
    remedy: 'Correct the start or the end.',
  },
  'value-unreadable': {
    severity: 'value left out',
    meaning:
      'The value does not fit the column, such as a text in a column of dates. DfE keeps the value it has. A record whose end cannot be read is not sent.',
    remedy:
      'Enter a date as a date, or ask the team that fills the SSD to give the column the type in the specification.',
  },
  'column-absent': {
    severity: 'value left out',
    meaning:
      'The SSD does not have this column or table. Its values are not sent, and DfE keeps the values it has.',
    remedy:
      'If the council wants it sent, ask the team that fills the SSD to add the column. If the column has another name, add that name to a profile (docs/profiles.md says what each column adds).',
  },
  'date-in-future': {
    severity: 'item left out',
    meaning: 'The record starts after tomorrow.',
    remedy: 'Correct the date, or wait: the record is sent when the date comes.',
  },
  'belongs-to-two': {
    severity: 'item left out',
    meaning:
      'The keys of the row lead to more than one child. The row is not sent for any of them, and what DfE holds of it is removed.',
    remedy:
      'Correct the person id, or the id of the referral, the period of care, the assessment or the enquiry that it names.',
  },
  'parent-left-out': {
    severity: 'item left out',
    meaning:
      'The record this row belongs to is not sent. Another finding gives the reason. DfE keeps what it has of the row.',
    remedy: 'Correct the record that it belongs to.',
  },
  'no-assessment': {
    severity: 'item left out',
    meaning: 'The factors do not belong to any assessment of this child.',
    remedy: 'Correct the assessment id of the factors.',
  },
  'no-placement': {
    severity: 'item left out',
    meaning:
      'A care episode in the window names a placement that is not in the SSD. DfE keeps what it has of that placement.',
    remedy:
      'Ask the team that fills the SSD why the placement is missing. (The extract for SystemC leaves out the types K3, P3, T2 to T4 and Z11 to Z14.)',
  },
  'second-adoption': {
    severity: 'item left out',
    meaning:
      'The episode has a later adoption with other dates, and DfE accepts one adoption for each episode.',
    remedy: 'Remove the wrong row, or enter its own period of care.',
  },
  'status-unclear': {
    severity: 'value left out',
    meaning:
      'The immigration status is empty, or seems to say that the child is unaccompanied in words that the profile does not have. The flag for unaccompanied asylum-seeking children is not sent.',
    remedy: 'Enter the status, or add its words to uascStatuses in the profile.',
  },
  'cohort-unclear': {
    severity: 'child held',
    meaning:
      'Whether the child is in the cohort depends on a value that is missing or cannot be read. The child is neither sent to DfE nor removed there.',
    remedy:
      'Enter the date of birth, or the dates of the referral, plan or placement that other findings name.',
  },
  'code-retired-since': {
    severity: 'remark',
    meaning: 'The national code was valid on the date of its row and has ended since. It is sent unchanged.',
    remedy: 'Do nothing, unless the row should have a later date.',
  },
} as const satisfies Record<string, FindingRuleText>;

type OwnRule = keyof typeof ownRules;
export type FindingRule = OwnRule | RuleCode;

/**
 * What may be wrong with a source value. The codes are stable: reports and downloads refer to them.
 * `docs/findings.md` is made from this by `npm run docs`.
 */
export const findingRules: Readonly<Record<FindingRule, FindingRuleText>> = {
  ...ownRules,
  ...recordBy(
    allRules,
    ({ code }) => code,
    ({ meaning, remedy, published }) => ({ severity: 'remark', meaning, remedy, published }),
  ),
};

export function isFindingRule(name: string): name is FindingRule {
  return Object.hasOwn(findingRules, name);
}

/** The rules of the returns that ask about it: `CIN census 8815, CIN census 8816`; nothing for others. */
export function askedBy({ published = [] }: FindingRuleText): string {
  return published.map(nameOf).join(', ');
}
