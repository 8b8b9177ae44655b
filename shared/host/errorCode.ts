const pattern = /^[A-Za-z][A-Za-z0-9_]{1,63}$/;

/** Whether a value is a code of Node.js, of a driver or of Azure, such as `ENOTFOUND`. A code quotes nothing. */
export function isErrorCode(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}
