import { pass, shortMs, type Check } from '../check.js';

export const pseudonyms = {
  name: 'pseudonyms',
  limitMs: shortMs,
  look: async ({ readPseudonyms }) => {
    if (readPseudonyms === undefined) {
      return pass('None are made: the receiver is the live one, or SSD_SYNTHETIC says that nobody is real.');
    }
    await readPseudonyms();
    return pass('The key of the pseudonyms can be read. Children go to the test receiver under them only.');
  },
  remedy:
    "Put the key into the Key Vault as the secret PSEUDONYM-KEY (docs/deploy.md, Secrets), and see that the app's identity may read it. Until then no real child goes to the test receiver.",
} as const satisfies Check;
