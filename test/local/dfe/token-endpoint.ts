import { randomUUID } from 'node:crypto';
import { jsonAnswer, type HttpAnswer } from './answers.js';
import { lifetimeSeconds, type Tokens } from './tokens.js';

interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

/**
 * The client credentials grant of Microsoft Entra v2 (learn.microsoft.com, "OAuth 2.0 client credentials flow"):
 * a form of client_id, client_secret, scope and grant_type; 200 with a bearer token, else 400 or 401 with `error` and
 * an `error_description` that begins with its AADSTS number.
 */
export function answerTokenRequest(
  body: Uint8Array,
  contentType: string | undefined,
  client: RegisteredClient,
  tokens: Tokens,
): HttpAnswer {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '')) {
    return tokenError(400, 'invalid_request', 900144, 'The request body must be a form.');
  }
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const missing = ['grant_type', 'client_id', 'client_secret', 'scope'].find((name) => !form.get(name));
  if (missing !== undefined) {
    const reason = `The request body must contain the following parameter: '${missing}'.`;
    return tokenError(400, 'invalid_request', 900144, reason);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return tokenError(400, 'unsupported_grant_type', 70003, 'The grant type is not supported.');
  }
  if (form.get('client_id') !== client.clientId) {
    return tokenError(400, 'unauthorized_client', 700016, 'The application was not found in the directory.');
  }
  if (form.get('client_secret') !== client.clientSecret) {
    return tokenError(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  }
  if (form.get('scope') !== client.scope) {
    return tokenError(400, 'invalid_scope', 70011, 'The provided value for scope is not valid.');
  }
  return jsonAnswer(
    200,
    {
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: tokens.issue().text,
    },
    { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
  );
}

function tokenError(status: 400 | 401, error: string, number: number, reason: string): HttpAnswer {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  return jsonAnswer(status, {
    error,
    error_description: `AADSTS${number}: ${reason} Trace ID: ${traceId} Correlation ID: ${correlationId}`,
    error_codes: [number],
    trace_id: traceId,
    correlation_id: correlationId,
  });
}
