import { isDeepStrictEqual } from 'node:util';
import { landsWithinMs } from '../../shared/host/durations.js';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import { runStatus } from '../../shared/records/runStatus.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import type { ArrayMode, HeldChild } from '../local/dfe/state.js';
import { parseFaults } from '../local/dfe/faults.js';
import { randomFrom, type Random } from '../../infra/syntheticSsd/random.js';
import type { Interference } from '../runs/interference.js';
import { tries, type Dependencies, type Message, type World } from '../runs/world.js';
import { firstDay, type ChangingSsd } from './changingSsd.js';

/** What may go wrong on the nights of a campaign. */
export interface Troubles {
  /** A step is killed at a write and done again. */
  readonly kills: boolean;
  /** A message is delivered twice: at the same time, later, nights later, out of order. */
  readonly duplicates: boolean;
  /** A POST reaches DfE when no one waits for it any more, or never. */
  readonly late: boolean;
  /** The clock of a night is wrong. */
  readonly clock: boolean;
}

interface Leg {
  readonly nights: number;
  readonly mode: Dependencies['mode'];
  readonly arrays: ArrayMode;
  readonly seed: string;
  readonly troubles: Troubles;
  /** What takes the place of the simulated DfE. */
  readonly post?: Dependencies['post'];
}

/** What came of a leg. */
export interface Tally {
  nights: number;
  kills: number;
  duplicates: number;
  late: number;
  clocks: number;
  /** Runs that someone asks for on the same night, after the SSD has changed. */
  reruns: number;
  posts: number;
  /** Nights on which DfE refuses a child. */
  refusals: number;
  /** Evenings whose run says that it is completed and that nothing is outstanding. */
  green: number;
  /** Those on which DfE held something else than the SSD said. */
  wrong: string[];
  /** The children whose record at DfE differs from the SSD after the quiet nights. */
  atTheEnd: string[];
}

/** How many nights without any trouble end a leg; after them someone asks for what was refused. */
export const quietNights = 3;

/** The ways DfE may take what it is sent, each with the modes that are for it. */
export const ways: readonly Pick<Leg, 'mode' | 'arrays'>[] = [
  { mode: 'changes', arrays: 'replace' },
  { mode: 'changes', arrays: 'merge' },
  { mode: 'snapshot', arrays: 'replace' },
  { mode: 'snapshot', arrays: 'merge' },
  // Where DfE takes a record for the whole child, changed blocks alone are not for it.
  { mode: 'partial', arrays: 'blocks' },
  { mode: 'partial', arrays: 'merge' },
];

const shares = {
  /** Of children that change in a night. */
  change: 0.2,
  /** Of writes at which a step is killed. */
  kill: 0.03,
  duplicate: 0.25,
  outOfOrder: 0.3,
  late: 0.08,
  rerun: 0.4,
  clock: 0.2,
  refusal: 0.15,
} as const;

const minuteMs = 60_000;
/** Of a night. */
const mostTicks = 20;
const dayMs = 24 * 60 * minuteMs;

/** A message that waits, and how often it was delivered in vain. */
interface Waiting {
  readonly message: Message;
  readonly delivered: number;
}

/** A POST on its way: it arrives when so many steps have been done, and before it is too late to arrive at all. */
interface OnItsWay {
  readonly send: () => Promise<DfeAnswer>;
  steps: number;
  readonly until: number;
}

/** The result of a step whose process is killed: it never comes. */
const never = new Promise<never>(() => undefined);

const noAnswer: DfeAnswer = {
  kind: 'none',
  why: 'later',
  status: 'network',
  text: 'there was no answer in time',
  mayHold: true,
  tries: 1,
};

/** Plays the nights of one leg, then quiet ones. Everything is drawn from the seed. */
export async function playLeg(leg: Leg, world: World, ssd: ChangingSsd): Promise<Tally> {
  return new Campaign(leg, world, ssd).play();
}

class Campaign {
  readonly #leg: Leg;
  readonly #world: World;
  readonly #ssd: ChangingSsd;
  readonly #random: Random;
  readonly #tally: Tally;
  #troubles: Troubles;
  #night = 0;
  #steps = 0;
  /** How much of the night has passed by the right clock. */
  #passedMs = 0;
  /** How far the clock is wrong. */
  #wrongMs = 0;
  #queue: Waiting[] = [];
  /** Copies of messages that come nights later. */
  #stale: { readonly message: Message; readonly night: number }[] = [];
  #onTheirWay: OnItsWay[] = [];

  constructor(leg: Leg, world: World, ssd: ChangingSsd) {
    this.#leg = leg;
    this.#world = world;
    this.#ssd = ssd;
    this.#troubles = leg.troubles;
    this.#random = randomFrom('campaign', leg.seed, leg.mode, leg.arrays);
    this.#tally = {
      nights: leg.nights,
      kills: 0,
      duplicates: 0,
      late: 0,
      clocks: 0,
      reruns: 0,
      posts: 0,
      refusals: 0,
      green: 0,
      wrong: [],
      atTheEnd: [],
    };
  }

  async play(): Promise<Tally> {
    await this.#world.fresh({ arrays: this.#leg.arrays, clock: this.#rightTime });
    await this.#ssd.reset();
    for (let night = 1; night <= this.#leg.nights; night += 1) {
      await this.#ssd.change(shares.change, this.#random);
      this.#clockGoesWrong();
      this.#refuseSomebody();
      await this.#playNight('outstanding');
    }
    this.#troubles = { kills: false, duplicates: false, late: false, clock: false };
    this.#wrongMs = 0;
    this.#world.dfe.setFaults({});
    await this.#arrive(() => true);
    this.#stale = [];
    for (let night = 1; night <= quietNights; night += 1) await this.#playNight('outstanding');
    // A person asks once more for what DfE has refused.
    await this.#playNight('refused');
    this.#tally.atTheEnd = await this.#differences(new Set());
    this.#tally.posts = this.#world.dfe.statistics.posts;
    return this.#tally;
  }

  async #playNight(scope: 'outstanding' | 'refused'): Promise<void> {
    this.#night += 1;
    this.#passedMs = 0;
    this.#deliverStale();
    let runId = await this.#run(
      scope === 'outstanding'
        ? { trigger: 'timer', requestedBy: 'schedule', scope }
        : { trigger: 'http', requestedBy: 'a person', scope },
    );
    // While POSTs are on their way the SSD changes, and someone asks for what is outstanding.
    while (this.#troubles.late && this.#random.chance(shares.rerun)) {
      this.#tally.reruns += 1;
      await this.#ssd.change(shares.change, this.#random);
      this.#passedMs += 10 * minuteMs;
      const before = runId;
      runId = await this.#run({ trigger: 'http', requestedBy: 'a person', scope: 'outstanding' });
      // Turned away: the run that goes on has read the SSD before it changed.
      if (runId === before) runId = undefined;
    }
    await this.#ticks();
    await this.#approveHeld(runId);
    await this.#evening(runId);
    // What is still on its way must change nothing of what the evening has said.
    if (await this.#arrive(() => true)) await this.#evening(runId);
  }

  async #run(wish: NewRunRequest): Promise<RunId | undefined> {
    let runId: RunId | undefined;
    await this.#step(async (dependencies) => {
      runId = await this.#world.request(dependencies, wish);
    });
    await this.#drain();
    return runId;
  }

  /** The ticks of the hours after, until two have found nothing to do. */
  async #ticks(): Promise<void> {
    for (let [ticks, idle] = [0, 0]; ticks < mostTicks && idle < 2; ticks += 1) {
      this.#passedMs += 40 * minuteMs;
      const isDone = await this.#step(async (dependencies) => {
        await this.#world.tick(dependencies);
      });
      idle = isDone && this.#queue.length === 0 ? idle + 1 : 0;
      await this.#drain();
    }
  }

  /** A person approves what a guard holds. */
  async #approveHeld(runId: RunId | undefined): Promise<void> {
    if (runId === undefined) return;
    const dependencies = this.#dependencies(quietly);
    if ((await runStatus(runId, dependencies.runs))?.status !== 'held') return;
    await this.#world.approve(runId, dependencies);
    await this.#drain();
  }

  /** What a green evening claims must hold. */
  async #evening(runId: RunId | undefined): Promise<void> {
    const { runs } = this.#dependencies(quietly);
    const status = runId === undefined ? undefined : await runStatus(runId, runs);
    const active = await runs.activeRun.read();
    const isNewest = active?.run.runId === runId && active?.waiting === undefined;
    const totals = status?.totals;
    const isGreen =
      isNewest && status?.status === 'completed' && totals?.outstanding === 0 && totals.superseded === 0;
    if (!isGreen) return;
    this.#tally.green += 1;
    const differing = await this.#differences(await this.#refused());
    if (differing.length > 0) {
      this.#tally.wrong.push(`night ${String(this.#night)} (${String(runId)}): ${differing.join(', ')}`);
    }
  }

  /** The children whose record at DfE differs from the SSD. They are synthetic. */
  async #differences(except: ReadonlySet<string>): Promise<string[]> {
    const wanted = byId(await this.#world.expectedIn(this.#ssd.schema, this.#today()));
    const held = byId(this.#world.dfe.children());
    const ids = new Set([...wanted.keys(), ...held.keys()]);
    return [...ids].filter((id) => !except.has(id) && !isDeepStrictEqual(wanted.get(id), held.get(id)));
  }

  async #refused(): Promise<Set<string>> {
    const rows = await this.#world.stagingRows();
    const refused = rows.filter((row) => row['submission_status'] === 'Error');
    return new Set(refused.map((row) => String(row['person_id'])));
  }

  /** On some nights DfE refuses one of the children it has. */
  #refuseSomebody(): void {
    const held = this.#random.chance(shares.refusal) ? this.#world.dfe.children() : [];
    if (held.length === 0) {
      this.#world.dfe.setFaults({});
      return;
    }
    this.#tally.refusals += 1;
    this.#world.dfe.setFaults(parseFaults(`refuse=${this.#random.pick(held).la_child_id}`));
  }

  #clockGoesWrong(): void {
    this.#wrongMs = 0;
    if (!this.#troubles.clock || !this.#random.chance(shares.clock)) return;
    this.#tally.clocks += 1;
    this.#wrongMs = this.#random.chance(0.5) ? -60 * minuteMs : this.#random.int(1, 30) * dayMs;
  }

  /** Two o'clock at the beginning of a night; every look takes a little. The clock of storage and database. */
  readonly #rightTime = (): Date => {
    this.#passedMs += 1;
    const midnight = Date.parse(`${firstDay}T00:00:00Z`);
    return new Date(midnight + this.#night * dayMs + 120 * minuteMs + this.#passedMs);
  };

  /** The clock of the app. */
  readonly #now = (): Date => new Date(this.#rightTime().getTime() + this.#wrongMs);

  #today(): PlainDate {
    const wrongDays = Math.floor((120 * minuteMs + this.#wrongMs) / dayMs);
    return addToDate(plainDate(firstDay), { days: this.#night + wrongDays });
  }

  /** The host, until no message waits. */
  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const { message, delivered } = this.#take();
      this.#passedMs += minuteMs;
      const isTwice = this.#troubles.duplicates && this.#random.chance(shares.duplicate);
      const atOnce = isTwice && this.#random.chance(0.5);
      if (isTwice) this.#tally.duplicates += 1;
      if (isTwice && !atOnce) this.#deliverAgain(message);
      const deliveries = atOnce ? [delivered, delivered] : [delivered];
      await Promise.all(deliveries.map((times) => this.#deliver(message, times)));
      await this.#arrive((post) => (post.steps -= 1) <= 0);
    }
  }

  #take(): Waiting {
    const { duplicates } = this.#troubles;
    const at =
      duplicates && this.#random.chance(shares.outOfOrder) ? this.#random.int(0, this.#queue.length - 1) : 0;
    const [taken] = this.#queue.splice(at, 1);
    if (taken === undefined) throw new Error('No message waits.');
    return taken;
  }

  #deliverAgain(message: Message): void {
    if (this.#random.chance(0.3)) {
      this.#stale.push({ message, night: this.#night + this.#random.int(1, 3) });
      return;
    }
    this.#queue.splice(this.#random.int(0, this.#queue.length), 0, { message, delivered: 0 });
  }

  #deliverStale(): void {
    const due = this.#stale.filter(({ night }) => night <= this.#night);
    this.#stale = this.#stale.filter(({ night }) => night > this.#night);
    this.#queue.push(...due.map(({ message }) => ({ message, delivered: 0 })));
  }

  async #deliver(message: Message, delivered: number): Promise<void> {
    const isPoison = delivered >= tries;
    const isDone = await this.#step((dependencies) =>
      isPoison ? this.#world.settlePoison(message, dependencies) : this.#world.attempt(message, dependencies),
    );
    // The poison queue delivers as often.
    if (!isDone && delivered < 2 * tries) this.#queue.push({ message, delivered: delivered + 1 });
  }

  /** Sends what is due to DfE, when no one waits for it any more. */
  async #arrive(isDue: (post: OnItsWay) => boolean): Promise<boolean> {
    const now = this.#rightTime().getTime();
    const due = this.#onTheirWay.filter((post) => isDue(post) || post.until < now + 45 * minuteMs);
    this.#onTheirWay = this.#onTheirWay.filter((post) => !due.includes(post));
    for (const { send } of due) await send();
    return due.length > 0;
  }

  /** One invocation of a function: a process of its own, which may be killed. @returns whether it came to its end */
  async #step(work: (dependencies: Dependencies) => Promise<void>): Promise<boolean> {
    this.#steps += 1;
    const random = randomFrom('step', this.#leg.seed, this.#leg.mode, this.#leg.arrays, this.#steps);
    const process = new Process(random, this.#troubles.kills ? shares.kill : 0);
    try {
      await Promise.race([work(this.#dependencies(process, random)), process.killed]);
    } catch {
      if (process.isDead) this.#tally.kills += 1;
      return false;
    }
    return true;
  }

  #dependencies(process: Process, random?: Random): Dependencies {
    const { database } = this.#world;
    const alone = this.#world.dependencies('first');
    const send = this.#leg.post ?? alone.post;
    const post = (payloads: readonly object[]): Promise<DfeAnswer> => {
      if (random === undefined || !this.#troubles.late || !random.chance(shares.late)) {
        return process.around(() => send(payloads));
      }
      return this.#postLate(() => send(payloads), process, random);
    };
    return this.#world.dependencies(
      'first',
      {
        now: this.#now,
        today: () => this.#today(),
        ssd: new SsdReader(database, this.#ssd.schema, builtInProfile('systemc').names),
        mode: this.#leg.mode,
        post,
        put: (message) =>
          process.around(() => {
            this.#queue.push({ message, delivered: 0 });
            return Promise.resolve();
          }),
        lanes: 3,
      },
      process,
    );
  }

  /** The sender dies, or waits in vain; what it has sent arrives later, or never. */
  #postLate(send: () => Promise<DfeAnswer>, process: Process, random: Random): Promise<DfeAnswer> {
    this.#tally.late += 1;
    const steps = random.chance(0.5) ? random.int(1, 6) : Infinity;
    const until = this.#rightTime().getTime() + landsWithinMs;
    if (random.chance(0.8)) this.#onTheirWay.push({ send, steps, until });
    return random.chance(0.5) ? process.die() : Promise.resolve(noAnswer);
  }
}

/** A process that dies at a write, drawn by chance: what comes after the write never happens, not even a `catch`. */
class Process implements Interference {
  readonly killed: Promise<never>;
  #kill: (error: Error) => void = () => undefined;
  #isDead = false;
  readonly #random: Random;
  readonly #share: number;

  constructor(random: Random, share: number) {
    this.#random = random;
    this.#share = share;
    this.killed = new Promise<never>((_, reject) => {
      this.#kill = reject;
    });
    // A process that lives is not waited for.
    this.killed.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  die(): Promise<never> {
    this.#isDead = true;
    this.#kill(new Error('killed'));
    return never;
  }

  readonly around = async <T>(write: () => Promise<T>): Promise<T> => {
    if (this.#isDead) return never;
    const dies = this.#random.chance(this.#share);
    if (dies && this.#random.chance(0.5)) return this.die();
    const result = await write();
    return dies || this.isDead ? this.die() : result;
  };
}

const quietly = new Process(randomFrom('quiet'), 0);

function byId(children: readonly HeldChild[]): Map<string, HeldChild> {
  return new Map(children.map((child) => [child.la_child_id, child]));
}
