import { addressOf, isKnownReceiver, isKnownTokenEndpoint, normalised } from './addresses.js';
import type { SendingSettings } from './settings.js';

/** The two addresses that data or credentials are sent to. */
type DfeAddress = 'DFE_API_BASE_URL' | 'DFE_TOKEN_URL';
type DfeAddresses = Pick<SendingSettings, DfeAddress | 'DFE_FURTHER_ADDRESSES'>;

const knownBy = { DFE_API_BASE_URL: isKnownReceiver, DFE_TOKEN_URL: isKnownTokenEndpoint } as const;

/** An address that is wrong in itself is reported for that alone. */
export function isKnown(settings: DfeAddresses, setting: DfeAddress): boolean {
  const address = addressOf(settings[setting]);
  return address === undefined || knownBy[setting](address);
}

export function isAdded(settings: DfeAddresses, setting: DfeAddress): boolean {
  const address = addressOf(settings[setting]);
  return settings.DFE_FURTHER_ADDRESSES.some((each) => {
    const added = addressOf(each);
    return added !== undefined && address !== undefined && normalised(added) === normalised(address);
  });
}

/** The addresses of DfE that this release does not know, and only `DFE_FURTHER_ADDRESSES` allows. */
export function addressesNotKnown(settings: DfeAddresses): DfeAddress[] {
  return (['DFE_API_BASE_URL', 'DFE_TOKEN_URL'] as const).filter((setting) => !isKnown(settings, setting));
}
