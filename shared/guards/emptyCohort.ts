import type { Guard } from './guard.js';

export const emptyCohort: Guard = ({ cohort, acknowledged }) => {
  if (cohort > 0 || acknowledged === 0) return undefined;
  return `The SSD has no child of the cohort, while DfE holds ${String(acknowledged)}: the SSD's tables are empty or being rebuilt.`;
};
