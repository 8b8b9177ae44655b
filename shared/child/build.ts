import type { BuildRules } from './buildRules.js';
import { checksOf } from './checks.js';
import { childDetailsOf } from './childDetails.js';
import type { PlainDate } from './dates.js';
import { episodesOf } from './episodes.js';
import { classOf, type Finding } from './findings.js';
import { compareText } from './ordering.js';
import { withPlacementIdsOfTheirOwn } from './placementIds.js';
import { idLength, isSendableId, type Child } from './payload.js';
import { ValueReader } from './values.js';
import { isWithin } from './window.js';
import type { PersonRows } from '../ssd/tables.js';

/** The payload of one child, or `undefined` when the child is held because its id cannot be sent. */
export interface BuiltChild {
  readonly child: Child | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Builds the payload of one child of the cohort from its rows. The same rows in another order give the same payload.
 * Whatever cannot be sent is left out with a finding; only a child id that cannot be sent holds the child. What is
 * sent and DfE would ask about leaves a remark.
 */
export function buildChild(read: PersonRows, rules: BuildRules): BuiltChild {
  const rows = rules.placementIdsRepeat ? withPlacementIdsOfTheirOwn(read) : read;
  const values = new ValueReader(rules.codes, rules.valueMaps);
  const id = rows.person.pers_person_id;
  const source = { table: 'ssd_person', rowId: id } as const;
  // The id is taken as it stands: the staging table is compared with the SSD by it.
  if (id === null || !isSendableId(id, idLength.child)) {
    values.leaveOut('child-id', source, 'pers_person_id', classOf(id));
    return { child: undefined, findings: values.findings };
  }
  const episodes = episodesOf(rows, rules, values);
  const child: Child = {
    la_child_id: id,
    mis_child_id: values.optionalId(rows.person.pers_legacy_id, idLength.other, source, 'pers_legacy_id'),
    purge: false,
    child_details: childDetailsOf(rows, rules, values),
    health_and_wellbeing: healthOf(rows, rules, values),
    social_care_episodes: episodes.length > 0 ? [...episodes] : undefined,
  };
  return { child, findings: [...values.findings, ...checksOf(rows, child, rules)] };
}

/** The Strengths and Difficulties scores completed in the window, by date (attributes 45 and 46). */
function healthOf(rows: PersonRows, { window }: BuildRules, values: ValueReader) {
  const scores = new Map<string, { date: PlainDate; score: number }>();
  for (const row of rows.ssd_sdq_scores) {
    const date = row.csdq_sdq_completed_date;
    const source = { table: 'ssd_sdq_scores', rowId: row.csdq_table_id } as const;
    if (date === null) values.leaveOut('date-missing', source, 'csdq_sdq_completed_date', classOf(null));
    if (!isWithin(window, date)) continue;
    const score = values.sdqScore(row.csdq_sdq_score, source, 'csdq_sdq_score');
    if (score !== undefined) scores.set(`${date} ${String(score).padStart(2, '0')}`, { date, score });
  }
  if (scores.size === 0) return undefined;
  const inOrder = [...scores].sort(([a], [b]) => compareText(a, b)).map(([, score]) => score);
  return { sdq_assessments: inOrder, purge: false as const };
}
