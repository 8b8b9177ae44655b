import { z } from 'zod';
import year2025to26 from './codes/2025-26.json';

const codeList = z.array(z.string()).transform((codes) => new Set(codes));

/** The national code lists of one collection year. A new year is a new data file in `codes/`. */
export const codeListsSchema = z.strictObject({
  collectionYear: z.string(),
  source: z.string(),
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
});

export type CodeLists = z.output<typeof codeListsSchema>;

/** The fields whose values come from a national code list. */
export type CodedField = Exclude<keyof CodeLists, 'collectionYear' | 'source'>;

export const codeLists2025to26: CodeLists = codeListsSchema.parse(year2025to26);
