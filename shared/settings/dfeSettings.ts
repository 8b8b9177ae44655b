import { z } from 'zod';
import { vocabularyWord } from '../dfe/keptWords.js';
import { longestRetrySeconds, longestTimeoutSeconds } from '../host/durations.js';
import { addressOf } from './addresses.js';
import { environmentPattern } from './environmentName.js';
import { commaList, needed, plain, url, wholeNumber } from './fields.js';

/** Where children are sent, and how. */
export const dfeSettings = {
  LA_CODE: needed
    .regex(/^\d{3}$/, 'must be the three digits of the local authority')
    .describe('The three-digit code of the local authority; part of the address DfE is posted to.'),
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
      'Addresses that DfE has given the authority and this release does not know, as a comma list. `DFE_API_BASE_URL` and `DFE_TOKEN_URL` may then be one of them, whole: no part is left open. Children and credentials go there, so compare each with what DfE wrote. The preflight warns of it.',
    ),
  DFE_SCOPE: needed.describe('The scope of the token, `api://<app>/.default`, as DfE gives it.'),
  ENVIRONMENT: z
    .string()
    .regex(environmentPattern, 'must be at most 20 lower-case letters, digits and hyphens')
    .optional()
    .describe(
      'What you call the place where the app runs, such as `test` or `prod`: stands in every event in Application Insights. Without it, `DFE_RECEIVER`.',
    ),
  DFE_RECEIVER: z
    .enum(['test', 'live'], {
      error: ({ input }) => (input === undefined ? 'is missing' : 'must be test or live'),
    })
    .describe(
      'Which receiver `DFE_API_BASE_URL` is. To a test receiver every child goes under pseudonyms, unless the SSD is synthetic (`SSD_SYNTHETIC`).',
    ),
  DFE_USER_AGENT: needed
    // It travels as a header: with any other sign no POST could be made.
    .regex(/^[\x20-\x7e]+$/, 'must be plain letters, digits and signs (ASCII), such as csc-api-sender/0.1')
    .default('csc-api-sender/0.1')
    .describe("The User-Agent header; DfE's firewall has turned away some."),
  DFE_TIMEOUT_SECONDS: wholeNumber(1, longestTimeoutSeconds)
    .default(100)
    .describe('How long one POST may take before it counts as failed and is sent again.'),
  DFE_RETRY_SECONDS: wholeNumber(
    1,
    longestRetrySeconds,
    ', since longer attempts could outlast functionTimeout in host.json: give less, and the queue repeats the chunk',
  )
    .default(180)
    .describe(
      'How long a POST that DfE cannot take is repeated, with growing waits, before the chunk goes back to the queue, which gives it up to four more tries. When DfE asks to wait for longer (`Retry-After`), the run waits, and goes on by itself.',
    ),
  DFE_POSTS_IN_FLIGHT: wholeNumber(1, 32)
    .default(2)
    .describe(
      'The most POSTs under way at a time, over all instances of the app. More than two need a higher `batchSize` in host.json, too.',
    ),
  DFE_POSTS_PER_SECOND: z.coerce
    .number('must be a number')
    .min(0.01, 'must be at least 0.01')
    .max(100, 'must be at most 100')
    .default(2)
    .describe(
      "The most POSTs a second, over all instances of the app; Data to Insight's sender makes at most 2.5.",
    ),
  DFE_VOCABULARY: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
    .refine(
      (words) => words.every((word) => vocabularyWord.test(word.toLowerCase())),
      'must be a list of words of English letters only',
    )
    .describe(
      "Words that are kept of DfE's refusals besides those of the published messages (`shared/dfe/vocabulary.json`), as a list with commas. Every other word is left out and counted, since it may be a child's. The run's page has DfE's full answers for the data officer. Never add a name, or a word that only a child's record holds.",
    ),
};
