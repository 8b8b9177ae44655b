import { list, pass, shortMs, warn, type Check } from '../check.js';

export const settings = {
  name: 'settings',
  limitMs: shortMs,
  look: ({ receiver, addressesNotKnown }) => {
    const { host, pathname } = new URL(receiver.baseUrl);
    const found = `Every setting that is needed is given, and none is wrong. Children are sent to DfE's ${receiver.receiver} receiver at ${host}${pathname}.`;
    if (addressesNotKnown.length === 0) return pass(found);
    return warn(
      `${found} This release does not know the address in ${list(addressesNotKnown)}: DFE_FURTHER_ADDRESSES allows it.`,
      'Compare the address, letter by letter, with the one that DfE gave the authority, and ask DfE whether it is the test or the live receiver.',
    );
  },
  remedy:
    'Correct the settings that are named. docs/settings.md explains each setting, docs/profiles.md the profile.',
} as const satisfies Check;
