import { askedBy } from '../child/findingRules.js';
import type { RuleEffect } from '../child/rules/changedRules.js';
import { holdsMany } from '../records/changedRules.js';
import type { Figures } from '../records/figures.js';
import { ruleTextOf } from '../records/findingsOfRun.js';
import type { RunStatus } from '../records/runStatus.js';
import { Code, Tag, Warning } from './parts.js';
import { Table } from './table.js';
import { childrenText, counted, dayText, numberText, type Colour } from './words.js';

const effectTexts: Readonly<Record<RuleEffect, { readonly tag: string; readonly colour: Colour }>> = {
  hold: { tag: 'Holds the child', colour: 'red' },
  silence: { tag: 'Silenced', colour: 'grey' },
};

/** What the council has decided about rules, and what came of it in a run. */
export function ChangedRules({
  changedRules = [],
  figures,
}: {
  changedRules: RunStatus['changedRules'];
  figures: Figures;
}) {
  return (
    <section id="changed-rules">
      {changedRules.length === 0 ? (
        <>
          <h2 class="govuk-heading-m">Rules the council has changed</h2>
          <p class="govuk-body">None: no rule holds a child or is silenced.</p>
        </>
      ) : (
        <>
          {holdsMany(figures) && (
            <Warning>
              These rules hold {numberText(figures.heldByCouncil)} of {childrenText(figures.cohort)} in the
              cohort. DfE keeps what it has of them, and gets nothing new.
            </Warning>
          )}
          <Table
            caption="Rules the council has changed"
            columns={[
              { title: 'Rule' },
              { title: 'Asked by' },
              { title: 'What it means' },
              { title: 'Effect' },
              { title: 'Reason' },
              { title: 'From' },
              { title: 'Until' },
              { title: 'In this run' },
            ]}
            rows={changedRules.map(({ rule, effect, reason, since, until, count }) => {
              const text = ruleTextOf(rule);
              const { tag, colour } = effectTexts[effect];
              return [
                <Code text={rule} />,
                askedBy(text) || '–',
                text.meaning,
                <Tag colour={colour}>{tag}</Tag>,
                reason,
                dayText(since),
                until === undefined ? 'Not decided' : dayText(until),
                effect === 'hold' ? `${childrenText(count)} held` : `${counted(count, 'finding')} not listed`,
              ];
            })}
          />
        </>
      )}
    </section>
  );
}
