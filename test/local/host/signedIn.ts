/** A person who is signed in by App Service authentication, with their app roles of Entra ID. */
export interface SignedIn {
  readonly name: string;
  readonly roles: readonly string[];
}

/** The headers that App Service authentication puts on a request; none when no one is signed in. */
export function principalHeaders(person: SignedIn | undefined): Record<string, string> {
  if (person === undefined) return {};
  const { name, roles } = person;
  const principal = {
    auth_typ: 'aad',
    name_typ: 'name',
    role_typ: 'roles',
    claims: [{ typ: 'name', val: name }, ...roles.map((role) => ({ typ: 'roles', val: role }))],
  };
  return {
    'x-ms-client-principal': Buffer.from(JSON.stringify(principal), 'utf8').toString('base64'),
    'x-ms-client-principal-id': name,
    'x-ms-client-principal-idp': 'aad',
    'x-ms-client-principal-name': name,
  };
}
