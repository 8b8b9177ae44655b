import { Explained, longMs, pass, type Check } from '../check.js';
import { secrets } from './secrets.js';

export const dfe = {
  name: 'dfe',
  leavesTraces: true,
  needs: secrets,
  limitMs: longMs,
  look: async (parts) => {
    const { credentials, text } = await parts.dfe().probe();
    if (credentials !== 'accepted') throw new Explained(text);
    return pass(`${text} No child was sent.`);
  },
  remedy:
    'docs/errors.md explains each answer from DfE. Check DFE_TOKEN_URL, DFE_API_BASE_URL, and that firewall and proxy let the app out to both.',
} as const satisfies Check;
