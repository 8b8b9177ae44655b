import { titlesOf } from '../../child/categories.js';
import { londonDate } from '../../child/dates.js';
import { whyNotAgreed } from '../../settings/terms.js';
import { pass, shortMs, type Check } from '../check.js';

export const agreement = {
  name: 'agreement',
  limitMs: shortMs,
  look: ({ terms, now }) => {
    const { agreement: signed, isInvented, leftOut } = terms;
    const notShared = leftOut.length === 0 ? '' : ` Not shared: ${titlesOf(leftOut)}.`;
    if (isInvented) {
      return pass(
        `No agreement is needed, because SSD_SYNTHETIC says that every child is invented.${notShared}`,
      );
    }
    const why = whyNotAgreed(terms, londonDate(now()));
    if (why !== undefined || signed === undefined) return { outcome: 'fail', found: why ?? '', remedy };
    return pass(
      `The data-sharing agreement ${signed.reference} of ${signed.date} covers what is shared.${notShared}`,
    );
  },
  remedy: 'Give the settings that begin with AGREEMENT_ what the signed agreement says (docs/agreement.md).',
} as const satisfies Check;

const remedy =
  'Give the settings that begin with AGREEMENT_ what the signed agreement says (docs/agreement.md). Until then each run is paused, and nothing about a real child leaves the authority.';
