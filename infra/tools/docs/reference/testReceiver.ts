import type { AttributePath } from '../../../../shared/child/attributes/attribute.js';
import { treatments, type Treatment } from '../../../../shared/child/pseudonyms/treatments.js';

const invented = 'an invented one, the same in every run';
const moved = "moved back by whole weeks, the same number for all of the child's dates";

const texts: Readonly<Record<Treatment, string>> = {
  kept: 'as it is',
  childId: invented,
  misChildId: invented,
  itemId: invented,
  workerId: invented,
  upn: invented,
  firstName: invented,
  surname: invented,
  postcode: invented,
  date: moved,
  birthDate: `${moved}, and only the month unless \`PSEUDONYMS_GENERALISE\` says otherwise`,
};

/** What a test receiver gets in the place of an attribute of a real child; `undefined` for a block. */
export function atTestReceiver(path: AttributePath): string | undefined {
  let found: unknown = treatments;
  for (const key of path.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  return typeof found === 'string' && isTreatment(found) ? texts[found] : undefined;
}

function isTreatment(word: string): word is Treatment {
  return Object.hasOwn(texts, word);
}
