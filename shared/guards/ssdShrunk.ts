import { tooFewToJudge, type Guard } from './guard.js';
import { share } from './share.js';
import { changesOf, listed } from './tableChanges.js';

/** A table of so few rows may be emptied in a normal day. */
const fewRows = 5;

export const ssdShrunk: Guard = ({ rowsBefore, rowsAtEnd }, { maxTableFallPercent }) => {
  const shrunk = changesOf(rowsBefore ?? {}, rowsAtEnd).filter(({ from, to }) => {
    const emptied = to === 0 && from > fewRows;
    return emptied || (from - to > tooFewToJudge && from - to > share(from, maxTableFallPercent));
  });
  if (shrunk.length === 0) return undefined;
  return `The SSD has lost rows since the run before: all rows of a table, or more than the ${String(maxTableFallPercent)} % that the setting MAX_TABLE_FALL_PERCENT allows: ${listed(shrunk)}. Its refresh has failed or is under way, or rows were deleted. This run would ask DfE to remove what these rows say about the children.`;
};
