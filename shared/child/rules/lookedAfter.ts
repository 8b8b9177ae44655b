import { isOlder, isYounger } from './ages.js';
import { adopted, forAdoption, sentWithNeighbours } from './careEpisodes.js';
import { isEmpty, isThere } from './comparing.js';
import { place, rule, ssda903 } from './rule.js';

const withFosterCarers: ReadonlySet<string | undefined> = new Set(['U1', 'U2', 'U3', 'U4', 'U5', 'U6']);
const guardianship: ReadonlySet<string | undefined> = new Set(['E45', 'E46', 'E47', 'E48']);
const ofFosterCarers: ReadonlySet<string | undefined> = new Set(['E45', 'E46']);
const continues: ReadonlySet<string | undefined> = new Set(['P', 'L', 'T', 'U', 'B']);

const endAndReason = rule({
  code: 'ssda903-148',
  published: [
    ssda903('148', 'Date episode ceased and reason episode ceased must both be coded, or both left blank.'),
  ],
  columns: ['clae_cla_episode_ceased_date', 'clae_cla_episode_ceased_reason'],
  meaning: 'The care episode has an end without a reason, or a reason without an end.',
  remedy: 'Enter the one that is missing, or remove the other.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(({ isSent }) => isSent)
      .flatMap(({ row, end, endReason }) => [
        ...(isThere(row.clae_cla_episode_ceased_date) && isEmpty(row.clae_cla_episode_ceased_reason)
          ? [place('clae_cla_episode_ceased_reason', row, 'nothing, beside an end')]
          : []),
        ...(end === null && endReason !== undefined
          ? [place('clae_cla_episode_ceased_date', row, 'nothing, beside a reason')]
          : []),
      ]),
});

const startsOver18 = rule({
  code: 'ssda903-352',
  published: [ssda903('352', 'Child who started to be looked after was aged 18 or over.')],
  columns: ['clae_cla_episode_start_date'],
  meaning: 'The period of care starts (S) on or after the 18th birthday.',
  remedy: 'Correct the start, its reason or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, startReason, start }) => isSent && startReason === 'S' && isOlder(facts, 18, start))
      .map(({ row }) => place('clae_cla_episode_start_date', row, 'a date on or after the 18th birthday')),
});

const adoptedOver18 = rule({
  code: 'ssda903-386',
  published: [ssda903('386', 'Reason episode ceased is adopted but child has reached age 18.')],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with adoption (E11, E12) on or after the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && adopted.has(endReason) && isOlder(facts, 18, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'adoption after the 18th birthday')),
});

const adultCareUnder16 = rule({
  code: 'ssda903-389',
  published: [
    ssda903(
      '389',
      'Reason episode ceased is that child transferred to care of adult social care services, but child is aged under 16.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with the move to adult social care (E7) before the 16th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && endReason === 'E7' && isYounger(facts, 16, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'E7 before the 16th birthday')),
});

const guardianshipOver18 = rule({
  code: 'ssda903-407',
  published: [
    ssda903('407', 'Reason episode ceased is Special Guardianship Order, but child has reached age 18.'),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with a special guardianship order (E45 to E48) on or after the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  // As its text has it; the public validator lets the birthday itself pass.
  check: (facts) =>
    facts.careEpisodes
      .filter(
        ({ isSent, endReason, end }) => isSent && guardianship.has(endReason) && isOlder(facts, 18, end),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'special guardianship after the 18th birthday'),
      ),
});

const stayedUnder18 = rule({
  code: 'ssda903-460',
  published: [
    ssda903(
      '460',
      'Reason episode ceased is that child stayed with current carers at age 18 (or above), but child is aged under 18.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with staying put (E17) before the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && endReason === 'E17' && isYounger(facts, 18, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'E17 before the 18th birthday')),
});

const startsOnEnd = rule({
  code: 'ssda903-431',
  published: [
    ssda903(
      '431',
      'The reason for new episode is started to be looked after, but the previous episode ended on the same day.',
    ),
  ],
  columns: ['clae_cla_episode_start_reason'],
  meaning: 'The care episode starts a new period of care (S) on the day the one before it ended, or earlier.',
  remedy: 'Correct the reason for the start, or the dates of the two.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          one.startReason === 'S' &&
          one.start !== null &&
          before?.end !== undefined &&
          before.end !== null &&
          one.start <= before.end,
      )
      .map(({ one }) => place('clae_cla_episode_start_reason', one.row, 'S on the day the one before ended')),
});

const startsAgain = rule({
  code: 'ssda903-432',
  published: [
    ssda903(
      '432',
      'The child ceased to be looked after at the end of the previous episode but the reason for the new episode is not started to be looked after.',
    ),
  ],
  columns: ['clae_cla_episode_start_reason'],
  meaning:
    'The child ceased to be looked after at the end of the care episode before, and this one does not start with S.',
  remedy: 'Correct the reason for the start, or the reason for the end of the one before.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          before?.endReason !== undefined &&
          before.endReason !== 'X1' &&
          one.startReason !== undefined &&
          one.startReason !== 'S',
      )
      .map(({ one }) =>
        place('clae_cla_episode_start_reason', one.row, 'another reason than S, after the end of care'),
      ),
});

const gapBefore = rule({
  code: 'ssda903-433',
  published: [
    ssda903(
      '433',
      'The reason for new episode suggests that this is a continuation episode, but the episode does not start on the same day as the last episode finished.',
    ),
  ],
  columns: ['clae_cla_episode_start_date'],
  meaning:
    'The care episode continues the one before (P, L, T, U or B), and does not start on the day that one ended.',
  remedy: 'Correct the dates of the two, or the reason for the start.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          continues.has(one.startReason) &&
          one.start !== null &&
          before?.end !== undefined &&
          before.end !== one.start,
      )
      .map(({ one }) => place('clae_cla_episode_start_date', one.row, 'not the day the one before ended')),
});

const afterTheLast = rule({
  code: 'ssda903-437',
  published: [
    ssda903(
      '437',
      'Reason episode ceased is child has died or is aged 18 or over but there are further episodes.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with death (E2) or the 18th birthday (E15), and there is a later one.',
  remedy: 'Correct the reason, or remove the later care episode.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(({ one, next }) => (one.endReason === 'E2' || one.endReason === 'E15') && next !== undefined)
      .map(({ one }) =>
        place('clae_cla_episode_ceased_reason', one.row, 'E2 or E15, before another care episode'),
      ),
});

const notWithFosterCarers = rule({
  code: 'ssda903-516',
  published: [
    ssda903(
      '516',
      'The episode data submitted for this child does not show that he/she was with their former foster carer(s) during the year. If the code in the reason episode ceased is E45 or E46 the child must have a placement code of U1 to U6.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with special guardianship to former foster carers (E45, E46), and the placement was not with foster carers (U1 to U6).',
  remedy: 'Correct the reason, or the type of placement.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, endReason, type }) =>
          isSent && ofFosterCarers.has(endReason) && type !== undefined && !withFosterCarers.has(type),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'E45 or E46 after another placement than U1 to U6'),
      ),
});

const notPlacedForAdoption = rule({
  code: 'ssda903-390',
  published: [
    ssda903('390', 'Reason episode ceased is adopted but child has not been previously placed for adoption.'),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with adoption (E11, E12), and the placement was not for adoption (A3 to A6).',
  remedy: 'Correct the reason, or the type of placement.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, endReason, type }) =>
          isSent && adopted.has(endReason) && type !== undefined && !forAdoption.has(type),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'adoption after another placement than A3 to A6'),
      ),
});

export const lookedAfterRules = [
  endAndReason,
  startsOver18,
  startsOnEnd,
  startsAgain,
  gapBefore,
  afterTheLast,
  adoptedOver18,
  adultCareUnder16,
  guardianshipOver18,
  stayedUnder18,
  notPlacedForAdoption,
  notWithFosterCarers,
] as const;
