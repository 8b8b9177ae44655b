import { isJsonArray, isJsonObject, type Json } from './json.js';

/**
 * True when an id anywhere in the body would be blocked by the web application firewall in front of DfE: OWASP rule 942450
 * (hexadecimal SQL encoding) refuses `0x` followed by three or more hex digits (dfe-api.md, status 403).
 */
export function tripsFirewall(body: Json): boolean {
  if (isJsonArray(body)) return body.some(tripsFirewall);
  if (!isJsonObject(body)) return false;
  return Object.entries(body).some(([name, value]) =>
    typeof value === 'string' ? name.endsWith('_id') && /0x[0-9a-f]{3}/i.test(value) : tripsFirewall(value),
  );
}
