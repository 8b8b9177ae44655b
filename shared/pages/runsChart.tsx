import type { PlainDate } from '../child/dates.js';
import type { RunStatus } from '../records/runStatus.js';
import { paths } from './paths.js';
import { Details, StatusTag } from './parts.js';
import { Table } from './table.js';
import { childrenText, dayText, outcomeText, statusTexts } from './words.js';

/** How many nights the chart shows. */
export const runsShown = 30;

/** One night of the chart; `run` is absent when none was started. */
export interface ChartedRun {
  readonly date: PlainDate;
  readonly run: RunStatus | undefined;
}

const slot = 20;
const height = 160;
/** Even a small number must be visible. */
const leastHeight = 2;
const gap = 4;

/** What DfE accepted, refused and did not answer for on each night, as bars and as a table. */
export function RunsChart({ nights }: { nights: readonly ChartedRun[] }) {
  const first = nights[0];
  const last = nights.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(0, ...nights.map(({ run }) => total(run)));
  return (
    <section aria-labelledby="nights">
      <h2 class="govuk-heading-m" id="nights">
        {nights.length === 1 ? 'The last night' : `The last ${String(nights.length)} nights`}
      </h2>
      <svg
        class="app-chart"
        role="img"
        aria-labelledby="chart-title chart-text"
        viewBox={`0 0 ${String(runsShown * slot)} ${String(height)}`}
        preserveAspectRatio="none"
      >
        <title id="chart-title">Children by DfE’s answer, each night</title>
        <desc id="chart-text">{describe(nights, most)} The table below has the numbers.</desc>
        {nights.map((night, index) => (
          <Bar run={night.run} left={index * slot} most={most} />
        ))}
      </svg>
      <p class="govuk-body-s">
        {first === last ? dayText(last.date) : `From ${dayText(first.date)} to ${dayText(last.date)}`}.
        Tallest bar: {childrenText(most)}.
      </p>
      <ul class="app-legend govuk-body-s">
        <li class="app-legend__accepted">accepted</li>
        <li class="app-legend__refused">refused</li>
        <li class="app-legend__outstanding">no answer</li>
        <li class="app-legend__none">nothing sent (paused, cancelled, failed or no run), or not known</li>
      </ul>
      <Details summary="Show the chart as a table">
        <Table
          caption="Children by night"
          columns={[
            { title: 'Night' },
            { title: 'Run' },
            { title: 'Accepted', numeric: true },
            { title: 'Refused', numeric: true },
            { title: 'No answer', numeric: true },
          ]}
          rows={[...nights].reverse().map(({ date, run }) => [
            run === undefined ? (
              dayText(date)
            ) : (
              <a class="govuk-link" href={paths.run(run.runId)}>
                {dayText(date)}
              </a>
            ),
            run === undefined ? 'No run' : <StatusTag status={run.status} />,
            outcomeText(run, 'accepted'),
            outcomeText(run, 'refused'),
            outcomeText(run, 'outstanding'),
          ])}
        />
      </Details>
    </section>
  );
}

/** From the bottom: accepted, refused, no answer; a dashed slot where nothing was sent although
 * something should have been, or where we cannot tell. */
function Bar({ run, left, most }: { run: RunStatus | undefined; left: number; most: number }) {
  const x = left + gap / 2;
  const width = slot - gap;
  if (run === undefined || isWithoutSending(run)) {
    return <rect class="app-chart__none" x={x} y={1} width={width} height={height - 2} />;
  }
  let top = height;
  return (
    <>
      {(['accepted', 'refused', 'outstanding'] as const).map((outcome) => {
        const children = run.totals?.[outcome] ?? 0;
        if (children === 0) return null;
        const tall = Math.max(leastHeight, (children / most) * (height - 3 * leastHeight));
        top -= tall;
        return (
          <rect
            class={`app-chart__${outcome}`}
            x={x}
            y={top.toFixed(1)}
            width={width}
            height={tall.toFixed(1)}
          />
        );
      })}
    </>
  );
}

function isWithoutSending(run: RunStatus): boolean {
  return total(run) === 0 && run.status !== 'completed';
}

function total(run: RunStatus | undefined): number {
  const { accepted = 0, refused = 0, outstanding = 0 } = run?.totals ?? {};
  return accepted + refused + outstanding;
}

function describe(nights: readonly ChartedRun[], most: number): string {
  const byStatus = new Map<string, number>();
  for (const { run } of nights) {
    const word = run === undefined ? 'without a run' : statusTexts[run.status].tag.toLowerCase();
    byStatus.set(word, (byStatus.get(word) ?? 0) + 1);
  }
  const words = [...byStatus].map(([word, number]) => `${String(number)} ${word}`).join(', ');
  return `Nights: ${words}. At most ${childrenText(most)} in one night.`;
}
