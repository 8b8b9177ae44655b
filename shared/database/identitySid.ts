const guid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

/**
 * The SID that Azure SQL has for an Entra application or managed identity: the sixteen bytes of its client id as SQL Server
 * keeps a GUID, the first three groups with their last byte first.
 * Source: azure.md, "Identity and roles" (`CREATE USER … WITH SID = 0x<client id, little-endian>, TYPE = E`).
 * @param clientId the client id (application id), not the object id
 * @returns `0x` and 32 hexadecimal digits
 * @throws Error when it is not a GUID
 */
export function sidOf(clientId: string): string {
  const groups = guid.exec(clientId.trim())?.slice(1);
  if (groups === undefined) {
    throw new Error('The client id must look like 00000000-0000-0000-0000-000000000000.');
  }
  const bytes = groups.map((group, index) => (index < 3 ? lastByteFirst(group) : group));
  return `0x${bytes.join('').toUpperCase()}`;
}

function lastByteFirst(hex: string): string {
  return Buffer.from(hex, 'hex').reverse().toString('hex');
}
