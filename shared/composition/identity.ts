import { ManagedIdentityCredential } from '@azure/identity';

/** The identity of the app in Azure: the one with this client id, else its only one. */
export function identityOf(clientId: string | undefined): ManagedIdentityCredential {
  return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
}
