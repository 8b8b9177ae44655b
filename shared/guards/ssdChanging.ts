import type { Guard } from './guard.js';
import { changesOf, listed } from './tableChanges.js';

export const ssdChanging: Guard = ({ rowsAtBegin, rowsAtEnd, idsAsAtBegin }) => {
  const changed = changesOf(rowsAtBegin, rowsAtEnd).filter(({ from, to }) => from !== to);
  if (changed.length === 0 && idsAsAtBegin) return undefined;
  const what = [
    ...(changed.length === 0 ? [] : [listed(changed)]),
    ...(idsAsAtBegin ? [] : ['other ids are in ssd_person, or on a list of children, than at the beginning']),
  ];
  return `The SSD has changed while it was read: ${what.join('; ')}. It is being refreshed, and children were read from before and after. Do not approve this run: ask for one when the refresh has ended, and set RUN_SCHEDULE to a time when it always has.`;
};
