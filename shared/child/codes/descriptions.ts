import { z } from 'zod';
import file from './descriptions.json';
import { isCodedField, type CodedField } from './codeLists.js';

const descriptionsSchema = z.strictObject({
  checked: z.strictObject({ on: z.string(), note: z.string() }),
  fields: z.partialRecord(
    z.string().refine(isCodedField, { error: 'is not a coded field' }),
    z.strictObject({
      /** Where the wording is published, and which codes have none that could be found. */
      source: z.string(),
      descriptions: z.record(z.string(), z.array(z.string())),
    }),
  ),
});

/** What the guidance of the national returns calls a code. */
interface NationalDescription {
  readonly field: CodedField;
  readonly code: string;
  readonly text: string;
}

/** The descriptions of the national codes, by which a council's text is recognised. */
export const nationalDescriptions: readonly NationalDescription[] = Object.entries(
  descriptionsSchema.parse(file).fields,
).flatMap(([field, { descriptions }]) =>
  Object.entries(descriptions).flatMap(([code, texts]) =>
    isCodedField(field) ? texts.map((text) => ({ field, code, text })) : [],
  ),
);
