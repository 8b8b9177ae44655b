/** What the simulator has counted since it was started. Posts are requests to the children path with method POST. */
export interface DfeStatistics {
  readonly posts: number;
  /** By status code, and `reset` and `lost` for the posts whose connection was cut before and after the work. */
  readonly postsByStatus: Readonly<Record<string, number>>;
  readonly tokensIssued: number;
  readonly tokensRefused: number;
  /** Children taken in, once per post that carried them, purges included. */
  readonly acceptedChildren: number;
  readonly mostPostsInFlight: number;
  readonly largestBodyBytes: number;
}

type Counter = {
  -readonly [Name in keyof DfeStatistics as DfeStatistics[Name] extends number ? Name : never]: number;
};

/** The running count behind `DfeStatistics`. */
export class Tally {
  readonly count: Counter = {
    posts: 0,
    tokensIssued: 0,
    tokensRefused: 0,
    acceptedChildren: 0,
    mostPostsInFlight: 0,
    largestBodyBytes: 0,
  };
  readonly #outcomes = new Map<string, number>();
  #posts = 0;

  postArrives(): void {
    this.count.posts += 1;
    this.#posts += 1;
    this.count.mostPostsInFlight = Math.max(this.count.mostPostsInFlight, this.#posts);
  }

  bodyIsRead(bytes: number): void {
    this.count.largestBodyBytes = Math.max(this.count.largestBodyBytes, bytes);
  }

  postLeaves(outcome: string): void {
    this.#posts -= 1;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  read(): DfeStatistics {
    return { ...this.count, postsByStatus: Object.fromEntries(this.#outcomes) };
  }
}
