import type { Guard } from './guard.js';

export const agreement: Guard = ({ notAgreed }) =>
  notAgreed === undefined ? undefined : `${notAgreed} Nothing of this run has left the authority.`;
