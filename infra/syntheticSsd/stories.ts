import type { CaseFile, PlacementPlan } from './caseFile.js';
import { lastingPlacements } from './codes.js';
import { birthday, type Day } from './day.js';
import type { Random } from './random.js';

/** The days of a story: the last day that has happened, and the first day of the reporting window. */
interface Moment {
  readonly today: Day;
  readonly windowStart: Day;
}

/** What a story says about the person, for its row in `ssd_person`. */
export interface Told {
  readonly born: Day | null;
  readonly expected?: Day;
  readonly died?: Day;
  /** How many codes in `ssd_disability`, if the story decides it. */
  readonly disabilities?: number;
}

/** Writes a history into the file and says who it happened to. */
export type Story = (file: CaseFile, random: Random, moment: Moment) => Told;

const year = 365;

/** A birth before `first`, so that the child is under 18 today and was at least `youngest` days old on that day. */
function bornBefore(random: Random, first: Day, today: Day, youngest = 0, oldest = 17 * year): Day {
  return first - random.int(youngest, Math.min(oldest, 18 * year - (today - first) - 1));
}

function daysAgo(random: Random, { today }: Moment, least: number, most: number): Day {
  return today - random.int(least, most);
}

/** A day inside the window, at least `margin` days after its start. */
function inWindow(random: Random, moment: Moment, margin = 0): Day {
  return random.int(moment.windowStart + margin, moment.today);
}

function closureReason(random: Random): string {
  return random.pick(['RC7', 'RC7', 'RC7', 'RC3', 'RC4', 'RC5', 'RC6']);
}

export const referralOnly: Story = (file, random, moment) => {
  const on = inWindow(random, moment);
  const closedOn = Math.min(on + random.int(0, 3), moment.today);
  file.refer({ on, noFurtherAction: true, closed: { on: closedOn, reason: 'RC7' } });
  return { born: bornBefore(random, on, moment.today) };
};

export const waiting: Story = (file, random, moment) => {
  const on = daysAgo(random, moment, 0, 14);
  file.refer({ on });
  return { born: bornBefore(random, on, moment.today) };
};

/** A child that is new to the authority. */
export const referredToday: Story = (file, random, moment) => {
  file.refer({ on: moment.today });
  return { born: bornBefore(random, moment.today, moment.today) };
};

/** Referral, one assessment, closure; ends on `closedOn` and returns the day it began. */
function assessAndClose(file: CaseFile, random: Random, closedOn: Day): Day {
  const on = closedOn - random.int(25, 75);
  const id = file.refer({ on, closed: { on: closedOn, reason: random.pick(['RC8', 'RC9']) } });
  file.assess(id, on + random.int(0, 5), closedOn - random.int(0, 7));
  return on;
}

export const assessed: Story = (file, random, moment) => {
  const on = assessAndClose(file, random, inWindow(random, moment));
  return { born: bornBefore(random, on, moment.today) };
};

/** Referral, assessment and CIN plans from `on` until `closedOn`, or still open. Returns the referral's id. */
function supportInNeed(file: CaseFile, random: Random, on: Day, closedOn: Day | null): string {
  const referral = file.refer({ on, closed: { on: closedOn, reason: closureReason(random) } });
  const assessedOn = on + random.int(0, 5);
  const authorisedOn = assessedOn + random.int(10, 60);
  file.assess(referral, assessedOn, authorisedOn);
  if (random.chance(0.25)) {
    const enquiryOn = on + random.int(3, 10);
    file.enquire({ referral, on: enquiryOn, ended: enquiryOn + random.int(4, 14) });
  }
  file.planCare(referral, authorisedOn + random.int(0, 14), closedOn);
  return referral;
}

export const childInNeed: Story = (file, random, moment) => {
  const closedOn = random.chance(0.5) ? inWindow(random, moment) : null;
  const on = closedOn === null ? daysAgo(random, moment, 40, 1400) : closedOn - random.int(150, 500);
  supportInNeed(file, random, on, closedOn);
  return { born: bornBefore(random, on, moment.today) };
};

export const disabled: Story = (file, random, moment) => {
  const on = daysAgo(random, moment, 200, 3000);
  const referral = supportInNeed(file, random, on, null);
  for (let review = on + random.int(330, 500); review <= moment.today; review += random.int(330, 500)) {
    file.assess(referral, review, review + random.int(10, 60));
  }
  return { born: bornBefore(random, on, moment.today), disabilities: random.int(1, 3) };
};

export const childProtection: Story = (file, random, moment) => {
  const isOld = random.chance(0.15);
  const on = isOld
    ? moment.windowStart - random.int(1, 600)
    : random.int(moment.windowStart, moment.today - 60);
  const enquiryOn = on + random.int(1, 20);
  const planEnds = isOld ? null : enquiryOn + random.int(120, 600);
  const closedOn = planEnds === null ? null : planEnds + random.int(60, 250);
  const referral = file.refer({ on, closed: { on: closedOn, reason: closureReason(random) } });
  file.assess(referral, on + random.int(0, 3), on + random.int(20, 60));
  file.protect(referral, enquiryOn, planEnds);
  if (planEnds !== null) file.planCare(referral, planEnds, closedOn);
  return { born: bornBefore(random, on, moment.today) };
};

function placementsFrom(random: Random, entered: Day, until: Day, count: number): PlacementPlan[] {
  const length = Math.max(until - entered, 1);
  const starts = new Set<Day>([entered]);
  for (let left = count - 1; left > 0; left -= 1) starts.add(entered + random.int(1, length));
  return [...starts]
    .filter((from) => from < until || from === entered)
    .sort((one, other) => one - other)
    .map((from) => ({
      from,
      type: random.pick(lastingPlacements),
      ...(random.chance(0.35) && { legalChange: from + random.int(10, 300) }),
    }));
}

/** Home before care: assessment, and for some a child protection plan that ends on the day care begins. */
function enterCare(file: CaseFile, random: Random, entered: Day, closedOn: Day | null): [string, Day] {
  const on = entered - random.int(5, 150);
  const referral = file.refer({ on, closed: { on: closedOn, reason: closureReason(random) } });
  file.assess(referral, on, on + random.int(15, 60));
  if (entered - on > 60 && random.chance(0.5)) file.protect(referral, on + random.int(1, 20), entered);
  return [referral, on];
}

const homeReasons = ['E4A', 'E4A', 'E4B', 'E13', 'E41', 'E45', 'E46', 'E47', 'E48', 'E8'];

function lookedAfterIn(placements: readonly [least: number, most: number]): Story {
  return (file, random, moment) => {
    const ended = random.chance(0.3) ? inWindow(random, moment, 30) : null;
    const entered = ended === null ? daysAgo(random, moment, 20, 2200) : ended - random.int(40, 900);
    const closedOn = ended !== null && random.chance(0.5) ? ended + random.int(0, 30) : null;
    const [referral, on] = enterCare(file, random, entered, closedOn);
    const until = ended ?? moment.today;
    const count = random.int(...placements);
    file.lookAfter({
      referral,
      placements: placementsFrom(random, entered, until, count),
      ended,
      endReason: random.pick(homeReasons),
    });
    const born = bornBefore(random, on, moment.today);
    file.screenYearly(Math.max(entered, birthday(born, 4)), until);
    return { born };
  };
}

export const lookedAfter = lookedAfterIn([1, 1]);

export const lookedAfterMoved = lookedAfterIn([3, 6]);

export const lookedAfterClosedReferral: Story = (file, random, moment) => {
  const closedOn = moment.windowStart - random.int(1, 200);
  const entered = closedOn - random.int(30, 250);
  const [referral, on] = enterCare(file, random, entered, closedOn);
  file.lookAfter({
    referral,
    placements: placementsFrom(random, entered, moment.today, random.int(1, 3)),
    ended: null,
    endReason: '',
  });
  return { born: bornBefore(random, on, moment.today) };
};

export const reReferred: Story = (file, random, moment) => {
  const lastOn = inWindow(random, moment);
  supportInNeed(file, random, lastOn, null);
  let first = lastOn;
  for (let earlier = random.int(1, 3); earlier > 0; earlier -= 1) {
    first = assessAndClose(file, random, first - random.int(20, 400));
  }
  return { born: bornBefore(random, first, moment.today) };
};

export const careLeaver: Story = (file, random, moment) => {
  const born = daysAgo(random, moment, 18 * year + 60, 25 * year);
  const adult = birthday(born, 18);
  const entered = adult - random.int(400, 6 * year);
  const [referral] = enterCare(file, random, entered, null);
  file.lookAfter({
    referral,
    placements: placementsFrom(random, entered, adult, random.int(1, 4)),
    ended: adult,
    endReason: random.pick(['E5', 'E6', 'E7', 'E14', 'E15', 'E16', 'E17', 'E8', 'E9', 'E2', 'E3']),
  });
  const latest = Math.max(adult, daysAgo(random, moment, 0, 60));
  file.keepInTouch(latest);
  if (random.chance(0.5)) file.keepInTouch(Math.max(adult, latest - random.int(30, 120)));
  return { born };
};

export const adoption: Story = (file, random, moment) => {
  const entered = daysAgo(random, moment, 500, 950);
  const decided = entered + random.int(180, 320);
  const matched = decided + random.int(60, 150);
  const placed = matched + random.int(10, 40);
  const order = placed + random.int(120, 250);
  const on = entered - random.int(5, 60);
  const referral = file.refer({ on, closed: { on: order, reason: 'RC1' } });
  file.assess(referral, on, on + random.int(15, 60));
  const careId = file.lookAfter({
    referral,
    placements: [
      { from: entered, type: random.pick(['U1', 'U2', 'U3', 'U4', 'U5', 'U6']), legalChange: decided },
      { from: placed, type: random.pick(['A3', 'A4', 'A5', 'A6']) },
    ],
    ended: order,
    endReason: random.pick(['E11', 'E12']),
  });
  file.adopt(careId, { decided, matched, placed });
  return { born: bornBefore(random, on, moment.today, 0, 4 * year) };
};

function unbornUntil(least: number, most: number): Story {
  return (file, random, moment) => {
    const on = daysAgo(random, moment, 5, 100);
    const referral = file.refer({ on });
    file.assess(referral, on + random.int(0, 4), on + random.int(20, 60));
    if (random.chance(0.4)) file.protect(referral, on + random.int(1, 20), null);
    return { born: null, expected: moment.today + random.int(least, most) };
  };
}

export const unborn = unbornUntil(2, 150);

/** Due by tomorrow, which is the window's last day, and the birth not yet entered. */
export const unbornDue = unbornUntil(-20, 1);

function arriveAlone(file: CaseFile, random: Random, moment: Moment): Day {
  const born = daysAgo(random, moment, Math.floor(15.5 * year), 18 * year - 1);
  const arrived = daysAgo(random, moment, 10, 600);
  const referral = file.refer({ on: arrived });
  file.assess(referral, arrived + random.int(0, 5), arrived + random.int(15, 60));
  const entered = Math.min(arrived + random.int(0, 3), moment.today);
  file.lookAfter({
    referral,
    placements: placementsFrom(random, entered, moment.today, random.int(1, 2)),
    ended: null,
    endReason: '',
  });
  const recognised = random.chance(0.3) ? arrived + random.int(120, 400) : null;
  file.immigrate('U', arrived, recognised === null ? null : recognised - 1);
  if (recognised !== null && recognised <= moment.today) file.immigrate('REF', recognised, null);
  return born;
}

export const unaccompanied: Story = (file, random, moment) => ({ born: arriveAlone(file, random, moment) });

/** SystemC's extract moves an estimated date of birth to the expected one, which takes the child out of the cohort. */
export const unaccompaniedEstimatedAge: Story = (file, random, moment) => ({
  born: null,
  expected: arriveAlone(file, random, moment),
});

export const closedBefore: Story = (file, random, moment) => {
  const closedOn = moment.windowStart - random.int(1, 900);
  if (random.chance(0.5)) {
    return { born: bornBefore(random, assessAndClose(file, random, closedOn), moment.today) };
  }
  const on = closedOn - random.int(150, 400);
  supportInNeed(file, random, on, closedOn);
  return { born: bornBefore(random, on, moment.today) };
};

export const over25: Story = (file, random, moment) => {
  const born = daysAgo(random, moment, 29 * 366, 40 * year);
  assessAndClose(file, random, born + random.int(8 * year, 16 * year));
  return { born };
};

export const noEpisode: Story = (_file, random, moment) => ({
  born: bornBefore(random, moment.today, moment.today),
});

export const deceased: Story = (file, random, moment) => {
  const died = inWindow(random, moment, 30);
  const on = died - random.int(30, 400);
  const referral = file.refer({ on, closed: { on: died, reason: 'RC2' } });
  file.assess(referral, on, Math.min(on + random.int(10, 60), died));
  return { born: bornBefore(random, on, moment.today), died };
};
