import type { BuildRules } from '../buildRules.js';
import { PartlyKnown, unknown } from '../draft.js';
import { classOf } from '../findings.js';
import { limits } from '../payload.js';
import type { SsdRow } from '../sourceRows.js';
import type { Source, ValueReader } from '../values/valueReader.js';
import type { Built } from './building.js';
import type { Details } from './childDetails.js';

type Row = SsdRow<'ssd_disability'>;

/**
 * Distinct codes, and never NONE with another; NONE when nothing is recorded. While one disability cannot be read,
 * the others are added to those that DfE holds, and NONE is not sent. Source: CIN census rule 8790.
 * @returns what is sent, and each row whose code could be read
 */
export function disabilitiesOf(
  rows: readonly Row[],
  { absentTables }: BuildRules,
  values: ValueReader,
): { readonly sent: Details['disabilities']; readonly read: readonly Built<Row, string>[] } {
  if (absentTables.has('ssd_disability')) return { sent: unknown, read: [] };
  let isComplete = true;
  const codes = new Set<string>();
  const read: Built<Row, string>[] = [];
  for (const row of rows) {
    const source = values.places.of('ssd_disability', row);
    const code = values.code('disability', row.disa_disability_code, null, source, 'disa_disability_code');
    if (code === undefined) {
      values.leaveOut('code-unknown', source, 'disa_disability_code', classOf(null));
      isComplete = false;
    } else if (code === unknown) isComplete = false;
    else {
      read.push({ row, item: code });
      if (codes.has(code)) values.outOfScope('ssd_disability', 'sameAsAnother', row);
      codes.add(code);
    }
  }
  return { sent: listOf(codes, isComplete, values), read };
}

function listOf(
  codes: ReadonlySet<string>,
  isComplete: boolean,
  values: ValueReader,
): Details['disabilities'] {
  const distinct = [...codes].filter((code) => code !== 'NONE').sort();
  if (distinct.length > limits.disabilities) {
    const source: Source = { table: 'ssd_disability', rowId: null };
    const found = `${String(distinct.length)} codes`;
    return values.leaveOut('disabilities-too-many', source, 'disa_disability_code', found);
  }
  if (isComplete) return distinct.length > 0 ? distinct : ['NONE'];
  return new PartlyKnown((held) => {
    const others = held.filter((code) => distinct.length === 0 || code !== 'NONE');
    return [...new Set([...others, ...distinct])].sort();
  });
}
