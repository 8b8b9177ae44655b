import { pass, shortMs, type Check } from '../check.js';

export const pseudonyms = {
  name: 'pseudonyms',
  limitMs: shortMs,
  look: async ({ readPseudonyms }) => {
    if (readPseudonyms === undefined) {
      return pass(
        'No pseudonyms are needed: the receiver is the live one, or SSD_SYNTHETIC says that all children are invented.',
      );
    }
    await readPseudonyms();
    return pass(
      'The key of the pseudonyms can be read. Children are sent to the test receiver under pseudonyms only.',
    );
  },
  remedy:
    "Put the key into the Key Vault as the secret PSEUDONYM-KEY (docs/deploy.md, Secrets), and check that the app's identity may read it. Until then no real child's data is sent to the test receiver.",
} as const satisfies Check;
