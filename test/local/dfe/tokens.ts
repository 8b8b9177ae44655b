import { randomBytes } from 'node:crypto';

interface IssuedToken {
  readonly text: string;
  readonly expiresAt: number;
  /** True once a post was accepted with it. */
  served: boolean;
}

/** As long as Entra's. */
export const lifetimeSeconds = 3599;

/** The access tokens that are good now: opaque random strings that expire, or are withdrawn by a fault. */
export class Tokens {
  readonly #tokens = new Map<string, IssuedToken>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  issue(): IssuedToken {
    const token = {
      text: randomBytes(48).toString('base64url'),
      expiresAt: this.#now().getTime() + lifetimeSeconds * 1000,
      served: false,
    };
    this.#tokens.set(token.text, token);
    return token;
  }

  /** The token behind an Authorization header, or undefined when it is missing, unknown, withdrawn or expired. */
  find(authorization: string | undefined): IssuedToken | undefined {
    const text = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    const token = text === undefined ? undefined : this.#tokens.get(text);
    return token !== undefined && this.#now().getTime() < token.expiresAt ? token : undefined;
  }

  withdraw(token: IssuedToken): void {
    this.#tokens.delete(token.text);
  }
}
