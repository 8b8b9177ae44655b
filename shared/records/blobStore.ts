/** A blob's name, its metadata, and when it was last written. */
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
   * The time by the clock that dates the blobs. Storage gives it in every answer, even a refusal. Only this clock can
   * say how long ago a blob was written: the clock of an app may be wrong.
   */
  time(): Promise<Date | undefined>;
}
