import type { Json } from './json.js';

/** One HTTP answer, ready to be written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonAnswer(
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
  contentType = 'application/json; charset=utf-8',
): HttpAnswer {
  return { status, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) };
}

export function textAnswer(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function htmlAnswer(status: number, title: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** An error in the form in which Azure API Management answers. DfE probably uses it; that is not published. */
export function gatewayAnswer(
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return jsonAnswer(statusCode, { statusCode, message }, headers);
}

export function tooManyRequests(retryAfterSeconds: number): HttpAnswer {
  return gatewayAnswer(429, `Rate limit is exceeded. Try again in ${retryAfterSeconds} seconds.`, {
    'retry-after': String(retryAfterSeconds),
  });
}
