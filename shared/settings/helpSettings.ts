import { url } from './fields.js';
import { readAlone } from './readAlone.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** Where people get help outside the council. */
export const helpSettings = {
  HELP_D2I_URL: url
    .default('https://data-to-insight.github.io/dfe-csc-api-data-flows/')
    .describe(
      'The page on which Data to Insight helps with the SSD and the API; linked on every web page and named in support bundles.',
    )
    .register(seenBySupport, itsValue),
  HELP_DFE_URL: url
    .default(
      'https://www.gov.uk/guidance/apply-to-become-a-childrens-social-care-private-dashboard-early-adopter',
    )
    .describe(
      "DfE's guidance for the authorities that send; linked on every web page and named in support bundles.",
    )
    .register(seenBySupport, itsValue),
};

export interface HelpAddresses {
  readonly d2i: string;
  readonly dfe: string;
}

/** Known also when settings are wrong, which is when people look for help. */
export function helpAddresses(environment: Readonly<Record<string, string | undefined>>): HelpAddresses {
  const { HELP_D2I_URL: d2i, HELP_DFE_URL: dfe } = helpSettings;
  return {
    d2i: readAlone(d2i, environment['HELP_D2I_URL']) ?? d2i.parse(undefined),
    dfe: readAlone(dfe, environment['HELP_DFE_URL']) ?? dfe.parse(undefined),
  };
}
