import { ssdColumnOf, type SsdPlace } from '../child/ssdPlaces.js';
import { fieldsNamedIn, type RefusalRule } from '../dfe/refusalRule.js';

/** What is wrong by a rule of refusal, and what to do about it. */
interface RefusalText {
  readonly meaning: string;
  readonly remedy: string;
  /** The table and the column of the SSD that fill the field, where there is one and only one. */
  readonly place: SsdPlace | undefined;
}

const whichChildren = 'The list of refused children holds DfE’s words for each child.';
const whichRows =
  'The list of refused children holds DfE’s words for each child, and the row to look at where DfE says which.';

/** @param rule DfE's status, and the field where DfE names one; see `refusalRule.ts` */
export function refusalTextOf(rule: RefusalRule): RefusalText {
  const [status = ''] = rule.split(' ');
  const [field] = fieldsNamedIn(rule);
  if (field === undefined) return { ...textOfStatus(status), place: undefined };
  return {
    meaning: `DfE does not accept what is sent in the field ${field}.`,
    remedy: `Correct it in the case management system. ${whichRows} The next run sends the corrected record.`,
    place: ssdColumnOf(field),
  };
}

function textOfStatus(status: string): Omit<RefusalText, 'place'> {
  switch (status) {
    case '403':
      return {
        meaning: 'DfE’s firewall treats something in the record as an attack.',
        remedy: `Often it is an id or a name that looks like code, such as 0x1234 in an id. ${whichChildren}`,
      };
    case '413':
      return {
        meaning: 'The child’s record is too large for DfE, even when sent alone.',
        remedy: 'Look for episodes, placements or assessments that appear in the SSD many times.',
      };
    default:
      return {
        meaning: 'DfE does not accept the record, and does not name a field.',
        remedy: `${whichChildren} Correct the record in the case management system; the next run then sends it.`,
      };
  }
}
