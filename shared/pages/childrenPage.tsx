import type { Principal } from '../access/principal.js';
import { childStateNames, type ChildState } from '../staging/childStates.js';
import type { Page } from './page.js';
import { ForRole, ListLinks } from './parts.js';
import { Table } from './table.js';
import { paths } from './paths.js';
import { numberText, timeText } from './words.js';

const stateTexts: Readonly<Record<ChildState, readonly [state: string, meaning: string]>> = {
  'up to date': ['Up to date', 'DfE’s record matches the SSD as the last run read it.'],
  'outstanding: new': ['Outstanding, new', 'DfE does not have the child yet. The next run sends it.'],
  'outstanding: changed': [
    'Outstanding, changed',
    'DfE holds an earlier version. The next run sends the new one.',
  ],
  'outstanding: left': [
    'Outstanding, left',
    'The child has left the cohort. The next run tells DfE to remove it.',
  ],
  refused: ['Refused', 'DfE refused the record. It is sent again once it has been corrected.'],
  unanswered: [
    'No answer',
    'DfE has not answered, or an earlier request may still reach DfE after its answer. A run that starts at least 2½ hours after that request sends the record again and clears this.',
  ],
  removed: ['Removed', 'The child has left the cohort, and DfE has removed it.'],
  withdrawn: ['Withdrawn', 'The child left the cohort before DfE had a record.'],
  unknown: ['Not known', 'Another program wrote the row, and it cannot be read.'],
};

interface ChildrenView {
  readonly counts: ReadonlyMap<ChildState, number>;
  readonly now: Date;
}

/** How many children are in each state; the download says who they are. */
export function childrenPage({ counts, now }: ChildrenView, visitor: Principal): Page {
  return {
    status: 200,
    title: 'Children by state',
    content: (
      <>
        <h1 class="govuk-heading-l">Children by state</h1>
        <p class="govuk-body-s app-muted">Read from the staging table on {timeText(now)}.</p>
        <Table
          caption="Children in each state"
          columns={[{ title: 'State' }, { title: 'Children', numeric: true }, { title: 'What it means' }]}
          rows={childStateNames
            .filter((state) => state !== 'unknown' || counts.has(state))
            .map((state) => [stateTexts[state][0], numberText(counts.get(state) ?? 0), stateTexts[state][1]])}
        />
        <section aria-labelledby="downloads" class="app-no-print">
          <h2 class="govuk-heading-m" id="downloads">
            Downloads
          </h2>
          <ForRole visitor={visitor} role="data-officer" what="To download the list that names children">
            <p class="govuk-body">
              This file names children by their ids. Use the Excel file for work: Excel changes ids when it
              opens a CSV. We record who downloads it.
            </p>
            <p class="govuk-body">
              <ListLinks name="Reconciliation: each child with its state" to={paths.reconciliation} />
            </p>
          </ForRole>
        </section>
      </>
    ),
  };
}
