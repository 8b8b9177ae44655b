import { z } from 'zod';
import { vocabularyWord } from '../dfe/keptWords.js';
import { longestRetrySeconds, longestTimeoutSeconds } from '../host/durations.js';
import { addressOf } from './addresses.js';
import { environmentPattern } from './environmentName.js';
import { commaList, needed, plain, url, wholeNumber } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** Where children are sent, and how. */
export const dfeSettings = {
  LA_CODE: needed
    .regex(/^\d{3}$/, 'must be the three digits of the local authority')
    .describe('The three-digit code of the local authority; part of the address DfE is posted to.')
    .register(seenBySupport, itsValue),
  DFE_API_BASE_URL: url.describe(
    "The base address of DfE's receiver, without the part that names the authority: below `education.gov.uk`, with one of the two published paths (`/children-in-social-care-data-receiver/1` or `…-receiver-test/1`); on this machine; or in `DFE_FURTHER_ADDRESSES`.",
  ),
  DFE_TOKEN_URL: url.describe(
    'The token endpoint, as DfE gives it with the credentials: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`; below `education.gov.uk`, ending in `/token`; on this machine; or in `DFE_FURTHER_ADDRESSES`.',
  ),
  DFE_FURTHER_ADDRESSES: commaList([])
    .transform((addresses) => addresses.filter((address) => address !== ''))
    .refine((addresses) => addresses.every((address) => addressOf(address) !== undefined), plain)
    .describe(
      'Addresses that DfE has given the authority and this release does not know, as a comma list. `DFE_API_BASE_URL` and `DFE_TOKEN_URL` may then be one of them, exactly as it is listed. Records of children and credentials are sent there, so compare each address with what DfE wrote. The preflight warns about them.',
    ),
  DFE_SCOPE: needed.describe('The scope of the token, `api://<app>/.default`, as DfE gives it.'),
  ENVIRONMENT: z
    .string()
    .regex(environmentPattern, 'must be at most 20 lower-case letters, digits and hyphens')
    .optional()
    .describe(
      'What you call the place where the app runs, such as `test` or `prod`: part of every event in Application Insights. Without it, `DFE_RECEIVER`.',
    )
    .register(seenBySupport, itsValue),
  DFE_RECEIVER: z
    .enum(['test', 'live'], {
      error: ({ input }) => (input === undefined ? 'is missing' : 'must be test or live'),
    })
    .describe(
      'Which receiver `DFE_API_BASE_URL` is. Every child is sent to a test receiver under pseudonyms, unless the SSD is proven to be invented (`SSD_SYNTHETIC`).',
    )
    .register(seenBySupport, itsValue),
  DFE_USER_AGENT: needed
    // It is sent as a header: with any other character no POST could be made.
    .regex(/^[\x20-\x7e]+$/, 'must be plain letters, digits and symbols (ASCII), such as csc-api-sender/0.1')
    .default('csc-api-sender/0.1')
    .describe("The User-Agent header; DfE's firewall has blocked some."),
  DFE_TIMEOUT_SECONDS: wholeNumber(1, longestTimeoutSeconds)
    .default(100)
    .describe('How long one POST may take before it counts as failed and is sent again.')
    .register(seenBySupport, itsValue),
  DFE_RETRY_SECONDS: wholeNumber(
    1,
    longestRetrySeconds,
    ', since longer attempts could take longer than functionTimeout in host.json: give less, and the queue repeats the chunk',
  )
    .default(180)
    .describe(
      'How long a POST that DfE cannot take is repeated, with growing waits, before the chunk goes back to the queue, which tries it up to four more times. When DfE asks for a longer wait (`Retry-After`), the run waits, and continues by itself.',
    )
    .register(seenBySupport, itsValue),
  DFE_POSTS_IN_FLIGHT: wholeNumber(1, 32)
    .default(2)
    .describe(
      'The most POSTs at a time, over all instances of the app. More than two need a higher `batchSize` in host.json, too.',
    )
    .register(seenBySupport, itsValue),
  DFE_POSTS_PER_SECOND: z.coerce
    .number('must be a number')
    .min(0.01, 'must be at least 0.01')
    .max(100, 'must be at most 100')
    .default(2)
    .describe(
      "The most POSTs a second, over all instances of the app; Data to Insight's sender makes at most 2.5.",
    )
    .register(seenBySupport, itsValue),
  DFE_VOCABULARY: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
    .refine(
      (words) => words.every((word) => vocabularyWord.test(word.toLowerCase())),
      'must be a list of words of English letters only',
    )
    .describe(
      "Words that are kept from DfE's refusals, in addition to those of the published messages (`shared/dfe/vocabulary.json`), as a comma list. Every other word is left out and counted, since it may come from a child's record. The run's page has DfE's full answers for the data officer. Never add a name, or a word that only a child's record holds.",
    ),
};
