import type { BuildRules } from '../buildRules.js';
import type { Finding } from '../findings.js';
import { byTexts } from '../ordering.js';
import type { Child } from '../payload.js';
import type { ValueReader } from '../values/valueReader.js';
import { authorisationAfterStart } from './assessments.js';
import { birthChecks } from './birth.js';
import type { Check, Facts, Parts } from './check.js';
import { formerUpnIsPlausible, noneStandsAlone, upnIsPlausible } from './childDetails.js';
import { closureHasDate, closureHasReason, oneOpenEpisode } from './episodes.js';
import { onePlacementAtATime } from './placements.js';
import { conferenceAfterEnquiryStart } from './section47.js';

const checks: readonly Check[] = [
  authorisationAfterStart,
  conferenceAfterEnquiryStart,
  ...birthChecks,
  upnIsPlausible,
  formerUpnIsPlausible,
  noneStandsAlone,
  oneOpenEpisode,
  onePlacementAtATime,
  closureHasReason,
  closureHasDate,
];

/** The remarks on what is sent about one child, in an order that does not depend on that of the rows. */
export function remarksOf(
  child: Child,
  parts: Parts,
  rules: BuildRules,
  values: ValueReader,
): readonly Finding[] {
  const facts = factsOf(child, parts, rules);
  const remarks = checks
    .flatMap((check) => check(facts))
    .map(({ table, row, rule, column, found }) =>
      values.findingAt(values.places.of(table, row), rule, column, found),
    )
    .sort(byPlace);
  // Equal rows give equal remarks: they are one.
  return remarks.filter((remark, index) => {
    const before = remarks[index - 1];
    return before === undefined || byPlace(before, remark) !== 0;
  });
}

function factsOf(child: Child, parts: Parts, rules: BuildRules): Facts {
  const sent = new Map<unknown, Facts['episodes'][number]['item']>(
    (child.social_care_episodes ?? []).map((episode) => [episode.social_care_episode_id, episode]),
  );
  const episodes = parts.episodes.flatMap(({ row, item }) => {
    const episode = sent.get(item.social_care_episode_id);
    return episode === undefined ? [] : [{ row, item: episode }];
  });
  return { ...parts, child, rules, episodes };
}

const byPlace = byTexts<Finding>(
  (finding) => finding.table,
  (finding) => finding.rowId,
  (finding) => finding.parentId,
  (finding) => finding.column,
  (finding) => finding.rule,
  (finding) => finding.found,
);
