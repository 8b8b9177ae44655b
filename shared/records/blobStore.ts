/** A blob's name, the small facts kept beside it, and when it was last written. */
export interface BlobEntry {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly modified: Date;
}

/** What a blob holds, when it was last written, and the tag that changes with every write. */
export interface TaggedContent {
  readonly content: string;
  readonly tag: string;
  readonly modified: Date | undefined;
}

/** Where the facts about runs live. Names are paths with `/`; content is UTF-8 text. */
export interface BlobStore {
  /** Writes a blob that must not exist yet. @returns false when it does: the first writer wins. */
  create(name: string, content: string, facts?: Readonly<Record<string, string>>): Promise<boolean>;
  /** Writes a blob, new or not. */
  write(name: string, content: string): Promise<void>;
  /** Writes over a blob that was not written since it was read. @returns false when it was. */
  replace(name: string, content: string, tag: string): Promise<boolean>;
  /** The content, `undefined` when there is no such blob. */
  read(name: string): Promise<string | undefined>;
  /** The content with its tag for `replace`, `undefined` when there is no such blob. */
  readTagged(name: string): Promise<TaggedContent | undefined>;
  /** The blobs whose names begin with `prefix`, in order of their names. */
  list(prefix: string): Promise<BlobEntry[]>;
  /** The names of the folders directly under `prefix` (which ends in `/`), in order, without prefix and slash. */
  folders(prefix: string): Promise<string[]>;
  /**
   * What time it is by the clock that dates the blobs, which storage says in every answer, also when it refuses. How long ago
   * a blob was written depends on it alone: the clock of an app may be wrong.
   */
  time(): Promise<Date | undefined>;
}
