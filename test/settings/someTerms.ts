import type { Terms } from '../../shared/settings/terms.js';

/** Every row is invented, and everything is shared. */
export const inventedTerms: Terms = {
  agreement: undefined,
  missing: [],
  isInvented: true,
  leftOut: [],
  window: { months: 24 },
  receiver: 'test',
};

/** Children are real, and a signed agreement covers everything. */
export const agreedTerms: Terms = {
  ...inventedTerms,
  isInvented: false,
  agreement: {
    reference: 'DSA-2026-014',
    date: '2020-01-01',
    windowMonths: 36,
    receivers: ['test', 'live'],
  },
};
