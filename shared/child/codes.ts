import { z } from 'zod';
import year2025to26 from './codes/2025-26.json';

const codeList = z.array(z.string()).transform((codes) => new Set(codes));

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

/** The national code lists of one collection year. A new year is a new data file in `codes/`. */
export const codeListsSchema = z.strictObject({
  collectionYear: z.string(),
  source: z.string(),
  ...byField,
  /** Codes of earlier years, which are not sent any more; a finding can call them so. */
  retired: z.strictObject(byField).partial(),
});

export type CodeLists = z.output<typeof codeListsSchema>;

/** The fields whose values come from a national code list. */
export type CodedField = keyof typeof byField;

export const codeLists2025to26: CodeLists = codeListsSchema.parse(year2025to26);

/** The code lists that are there, by collection year. */
export const codeListsByYear = { '2025-26': codeLists2025to26 } as const;
export type CollectionYear = keyof typeof codeListsByYear;
