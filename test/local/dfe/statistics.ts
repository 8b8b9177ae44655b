/** What the simulator has seen since it was started. Posts are requests to the children path with method POST. */
export interface DfeStatistics {
  readonly posts: number;
  /** By status code, and `reset` and `lost` for the posts whose connection was cut before and after the work. */
  readonly postsByStatus: Readonly<Record<string, number>>;
  readonly tokensIssued: number;
  readonly tokensRefused: number;
  readonly acceptedBatches: number;
  /** Batches refused for their content: by the rules, by the firewall, or as refused children. */
  readonly refusedBatches: number;
  /** Children taken in, once per post that carried them, purges included. */
  readonly acceptedChildren: number;
  /** Those of them that were `purge: true` at the root. */
  readonly purgedChildren: number;
  readonly mostPostsInFlight: number;
  readonly mostChildrenInFlight: number;
  readonly largestBatch: number;
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
    acceptedBatches: 0,
    refusedBatches: 0,
    acceptedChildren: 0,
    purgedChildren: 0,
    mostPostsInFlight: 0,
    mostChildrenInFlight: 0,
    largestBatch: 0,
    largestBodyBytes: 0,
  };
  readonly #outcomes = new Map<string, number>();
  #posts = 0;
  #children = 0;

  postArrives(): void {
    this.count.posts += 1;
    this.#posts += 1;
    this.count.mostPostsInFlight = Math.max(this.count.mostPostsInFlight, this.#posts);
  }

  bodyIsRead(bytes: number): void {
    this.count.largestBodyBytes = Math.max(this.count.largestBodyBytes, bytes);
  }

  childrenArrive(children: number): void {
    this.#children += children;
    this.count.largestBatch = Math.max(this.count.largestBatch, children);
    this.count.mostChildrenInFlight = Math.max(this.count.mostChildrenInFlight, this.#children);
  }

  postLeaves(outcome: string, children: number): void {
    this.#posts -= 1;
    this.#children -= children;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  read(): DfeStatistics {
    return { ...this.count, postsByStatus: Object.fromEntries(this.#outcomes) };
  }
}
