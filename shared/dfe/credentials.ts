/** What DfE gives an authority to sign in with. */
export interface DfeCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The primary subscription key, then the secondary one, if there is one. */
  readonly supplierKeys: readonly [string, ...string[]];
  /** What a person should know when DfE does not accept them, in sentences: for example that one has expired. */
  readonly remarks: readonly string[];
}

/** Where the credentials come from: the settings, or a vault in which they change while the app runs. */
export interface Credentials {
  /** What messages call them, so that a person can find them. */
  readonly names: CredentialNames;
  /** @throws CredentialsError */
  current(): Promise<DfeCredentials>;
  /**
   * Reads them again, after DfE has not accepted the current ones. May be the same.
   * @throws CredentialsError
   */
  renewed(): Promise<DfeCredentials>;
}

export interface CredentialNames {
  /** The client id and the client secret. */
  readonly client: string;
  /** The subscription key or keys. */
  readonly supplierKeys: string;
}

/** The credentials could not be read. The message says which, where and what to do; it quotes no value. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  /** Worth another try soon: the source could not be reached, or was busy. */
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean) {
    super(message);
    this.isTransient = isTransient;
  }
}

/** Credentials from the settings: the same for the life of the process. */
export function fixedCredentials({
  clientId,
  clientSecret,
  supplierKey,
  secondarySupplierKey,
}: {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly supplierKey: string;
  readonly secondarySupplierKey: string | undefined;
}): Credentials {
  const credentials: DfeCredentials = {
    clientId,
    clientSecret,
    supplierKeys: keysOf(supplierKey, secondarySupplierKey),
    remarks: [],
  };
  return {
    names: {
      client: 'DFE_CLIENT_ID and DFE_CLIENT_SECRET',
      supplierKeys:
        credentials.supplierKeys.length > 1
          ? 'DFE_SUPPLIER_KEY and DFE_SUPPLIER_KEY_SECONDARY'
          : 'DFE_SUPPLIER_KEY',
    },
    current: () => Promise.resolve(credentials),
    renewed: () => Promise.resolve(credentials),
  };
}

/** A secondary key that equals the primary one does not count. */
export function keysOf(primary: string, secondary: string | undefined): DfeCredentials['supplierKeys'] {
  return secondary === undefined || secondary === primary ? [primary] : [primary, secondary];
}

export function sameClient(
  one: Pick<DfeCredentials, 'clientId' | 'clientSecret'>,
  other: Pick<DfeCredentials, 'clientId' | 'clientSecret'>,
): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}

export function sameCredentials(one: DfeCredentials, other: DfeCredentials): boolean {
  return (
    sameClient(one, other) &&
    one.supplierKeys.length === other.supplierKeys.length &&
    one.supplierKeys.every((key, index) => key === other.supplierKeys[index])
  );
}

/** The source is not read again sooner than this, however often DfE refuses the credentials. */
const leastBetweenReadsMs = 60_000;

/**
 * Credentials that are read from somewhere and kept for a set time. Callers at the same time share one read. A failed
 * read is not kept.
 */
export class CachedCredentials implements Credentials {
  readonly names: CredentialNames;
  readonly #read: () => Promise<DfeCredentials>;
  readonly #keptMs: number;
  readonly #now: () => Date;
  #held: { readonly credentials: DfeCredentials; readonly readAt: number } | undefined;
  #reading: Promise<DfeCredentials> | undefined;
  #lastRead = -Infinity;

  /**
   * @param read reads them from their source
   * @param keptMs how long they are used before they are read again
   */
  constructor(names: CredentialNames, read: () => Promise<DfeCredentials>, keptMs: number, now: () => Date) {
    this.names = names;
    this.#read = read;
    this.#keptMs = keptMs;
    this.#now = now;
  }

  current(): Promise<DfeCredentials> {
    const held = this.#held;
    return held !== undefined && this.#since(held.readAt) < this.#keptMs
      ? Promise.resolve(held.credentials)
      : this.#readOnce();
  }

  /** Reads again at once; within a minute of the last read it returns what that read found. */
  renewed(): Promise<DfeCredentials> {
    return this.#reading === undefined && this.#since(this.#lastRead) < leastBetweenReadsMs
      ? this.current()
      : this.#readOnce();
  }

  #since(time: number): number {
    return this.#now().getTime() - time;
  }

  #readOnce(): Promise<DfeCredentials> {
    return (this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    }));
  }

  async #readNow(): Promise<DfeCredentials> {
    const readAt = (this.#lastRead = this.#now().getTime());
    const credentials = await this.#read();
    this.#held = { credentials, readAt };
    return credentials;
  }
}
