import type { Guard } from './guard.js';
import { changesOf, listed } from './tableChanges.js';

export const ssdChanging: Guard = ({ rowsAtBegin, rowsAtEnd, idsAsAtBegin }) => {
  const changed = changesOf(rowsAtBegin, rowsAtEnd).filter(({ from, to }) => from !== to);
  if (changed.length === 0 && idsAsAtBegin) return undefined;
  const what = [
    ...(changed.length === 0 ? [] : [listed(changed)]),
    ...(idsAsAtBegin
      ? []
      : ['the ids in ssd_person, or on a list of children, are not the same as at the start']),
  ];
  return `The SSD changed while it was read: ${what.join('; ')}. It is being refreshed, and some children were read before their rows changed, others after. Do not approve this run. Request another one when the refresh has ended, and set RUN_SCHEDULE to a time when it always has.`;
};
