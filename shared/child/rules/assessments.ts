import { readable } from '../cells.js';
import type { Check } from './check.js';

/** CIN rule 8608. */
export const authorisationAfterStart: Check = ({ assessments }) =>
  assessments
    .filter(({ row }) => {
      const [start, authorised] = [
        readable(row.cina_assessment_start_date),
        readable(row.cina_assessment_auth_date),
      ];
      return start !== null && authorised !== null && authorised < start;
    })
    .map(({ row }) => ({
      rule: 'authorisation-before-start',
      table: 'ssd_cin_assessments',
      row,
      column: 'cina_assessment_auth_date',
      found: 'a date before the start',
    }));
