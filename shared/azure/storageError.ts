import { isErrorCode } from '../host/errorCode.js';

/**
 * Storage refused a request, or could not be reached. It has only the status, the code and our own words: a proxy between the
 * app and storage may answer instead, and return what was sent, with the children in it.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** For example `AuthorizationFailure` or `ENOTFOUND`; the name of the error when there is neither code nor status. */
  readonly code?: string;
  /** Of the HTTP answer; absent when there was none. */
  readonly statusCode?: number;

  /**
   * @param error of the SDK
   * @param host of the storage account
   */
  constructor(error: unknown, host: string) {
    const statusCode = valueAt(error, 'statusCode');
    const status = typeof statusCode === 'number' ? statusCode : undefined;
    const code = [valueAt(error, 'code'), status === undefined ? valueAt(error, 'name') : undefined].find(
      isErrorCode,
    );
    const numbers = [
      ...(status === undefined ? [] : [String(status)]),
      ...(code === undefined ? [] : [code]),
    ];
    const advice =
      status === 403
        ? ' Check the roles of the app there, and its network rules.'
        : code === 'ECONNREFUSED'
          ? ' Nothing listens there. On a laptop start storage first: npm run start:services, or npx azurite --skipApiVersionCheck.'
          : '';
    super(`The storage account ${host} did not do what it was asked (${numbers.join(', ')}).${advice}`);
    if (code !== undefined) this.code = code;
    if (status !== undefined) this.statusCode = status;
  }
}

function valueAt(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
