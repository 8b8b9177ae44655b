import { z } from 'zod';
import { codeListFiles } from './years.js';
import { addToDate, isPlainDate, type PlainDate } from '../dates.js';

const codeList = z.array(z.string()).transform((codes): ReadonlySet<string> => new Set(codes));
const date = z.string().refine(isPlainDate, 'must be a date yyyy-MM-dd');

/** A code list for each field whose values come from one. */
const byField = {
  uniquePupilNumberUnknownReason: codeList,
  sex: codeList,
  ethnicity: codeList,
  disability: codeList,
  referralSource: codeList,
  closureReason: codeList,
  assessmentFactor: codeList,
  placementStartReason: codeList,
  placementType: codeList,
  placementEndReason: codeList,
  placementChangeReason: codeList,
  careLeaverActivity: codeList,
  careLeaverAccommodation: codeList,
};

/** The fields whose values come from a national code list. */
export type CodedField = keyof typeof byField;

export function isCodedField(name: string): name is CodedField {
  return Object.hasOwn(byField, name);
}
const codedField = z.string().refine(isCodedField, { error: 'is not a coded field' });

export const codedFields: readonly CodedField[] = Object.keys(byField).filter(isCodedField);

/** A code of earlier collection years. */
const retiredCode = z.strictObject({
  /** The last day on which a row may begin to use it. */
  lastDay: date,
  /** What is recorded in its place since; empty where no single code took its place. */
  replacedBy: z.array(z.string()),
  /** Where the day is published, or why this day was taken. */
  source: z.string(),
});
type RetiredCode = Readonly<z.output<typeof retiredCode>>;

const yearShape = /^(\d{4})-(\d{2})$/;

/** A collection year, 1 April to 31 March, such as `2025-26`. */
export type CollectionYear = `${number}-${number}`;

function isYear(text: string): text is CollectionYear {
  const [, first = '', second = ''] = yearShape.exec(text) ?? [];
  return first !== '' && (Number(first) + 1) % 100 === Number(second);
}

/** The national code lists of one collection year. A new year is a new file in `codes/`. */
export const codeListsSchema = z
  .strictObject({
    collectionYear: z.string().refine(isYear, 'must be a collection year'),
    source: z.string(),
    /** When the lists were compared, and each with what. */
    checked: z.strictObject({ on: date, note: z.string(), against: z.record(codedField, z.string()) }),
    ...byField,
    /** Codes of earlier years: right for a row of their time, and not for a later one. */
    retired: z
      .partialRecord(codedField, z.record(z.string(), retiredCode))
      .transform((fields): Readonly<Partial<Record<CodedField, ReadonlyMap<string, RetiredCode>>>> =>
        Object.fromEntries(
          Object.entries(fields).map(([field, codes]) => [field, new Map(Object.entries(codes))] as const),
        ),
      ),
  })
  .refine(
    (lists) =>
      codedFields.every((field) =>
        [...(lists.retired[field]?.keys() ?? [])].every((code) => !lists[field].has(code)),
      ),
    'a code is both current and retired',
  );

export type CodeLists = Readonly<z.output<typeof codeListsSchema>>;

/** Every year's lists, the oldest first. */
export const codeListsByYear: readonly CodeLists[] = codeListFiles
  .map((file) => codeListsSchema.parse(file))
  .sort((one, other) => (one.collectionYear < other.collectionYear ? -1 : 1));

function endOf(lists: readonly CodeLists[], index: 0 | -1): CodeLists {
  const found = lists.at(index);
  if (found === undefined) throw new Error('no code list file is there');
  return found;
}

/** The newest lists that this release has. */
export const newestCodeLists: CodeLists = endOf(codeListsByYear, -1);

/** The collection years that this release has lists for, the oldest first. */
export const collectionYears: readonly CollectionYear[] = codeListsByYear.map(
  ({ collectionYear }) => collectionYear,
);

/** True for a collection year that this release has lists for. */
export function isCollectionYear(text: string): text is CollectionYear {
  return collectionYears.some((year) => year === text);
}

/** The collection year of a date: it begins on 1 April. */
export function collectionYearOf(day: PlainDate): CollectionYear {
  const first = Number(addToDate(day, { months: -3 }).slice(0, 4));
  const year = `${String(first).padStart(4, '0')}-${String((first + 1) % 100).padStart(2, '0')}`;
  if (!isYear(year)) throw new RangeError('the date is in no collection year');
  return year;
}

/** The code lists that a run uses, and whether they are those of its year. */
export interface CodeListsOfRun {
  readonly lists: CodeLists;
  /** The collection year that was asked for, or that the run's date is in. */
  readonly year: CollectionYear;
  /** Of the year itself; or, where this release has none for it, the nearest that are older, or else newer. */
  readonly fit: 'exact' | 'older' | 'newer';
}

/**
 * The code lists of the collection year that a date is in. It never fails: without lists for the year it gives the
 * newest that are older, or for a date before the first the oldest, and the preflight warns (`codeListsRemark`).
 * @param year the year to use for any date, from the setting COLLECTION_YEAR
 */
export function codeListsOn(day: PlainDate, year: CollectionYear = collectionYearOf(day)): CodeListsOfRun {
  const older = codeListsByYear.findLast(({ collectionYear }) => collectionYear <= year);
  if (older === undefined) return { lists: endOf(codeListsByYear, 0), year, fit: 'newer' };
  return { lists: older, year, fit: older.collectionYear === year ? 'exact' : 'older' };
}

/** What the preflight says of the code lists; undefined when they are those of the year. */
export function codeListsRemark({ lists, year, fit }: CodeListsOfRun): string | undefined {
  if (fit === 'exact') return undefined;
  return `This release has no code lists for the collection year ${year}. It uses those of ${lists.collectionYear}. A code that is new in ${year} is left out with a finding, and one that ended before it may still be sent.`;
}

/** True for a code that may be sent in some row: current, or retired and right for an earlier one. */
export function isSendableCode(lists: CodeLists, field: CodedField, code: string): boolean {
  return lists[field].has(code) || (lists.retired[field]?.has(code) ?? false);
}
