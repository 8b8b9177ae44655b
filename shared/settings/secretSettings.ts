import { z } from 'zod';
import { generalisations, pseudonymKeyPattern, type Generalisation } from '../child/pseudonyms/pseudonyms.js';
import { commaList, endpointOf, isOneOf, needed, wholeNumber } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** A key is sent as a header. */
const supplierKey = needed.regex(/^[\x21-\x7e]+$/, 'must be the key as DfE shows it, in one line');

/** What proves to DfE who sends, the key of the pseudonyms, and the Key Vault that may hold both. */
export const secretSettings = {
  DFE_CLIENT_ID: needed
    .optional()
    .describe(
      'The client id of the credentials that DfE gave the authority. Needed without `KEY_VAULT_URI`. Secret.',
    ),
  DFE_CLIENT_SECRET: needed
    .optional()
    .describe('The client secret that goes with it. Needed without `KEY_VAULT_URI`. Secret.'),
  DFE_SUPPLIER_KEY: supplierKey
    .optional()
    .describe(
      'The subscription key, sent as the header SupplierKey. Needed without `KEY_VAULT_URI`. Secret.',
    ),
  DFE_SUPPLIER_KEY_SECONDARY: supplierKey
    .optional()
    .describe('The second subscription key, tried when DfE does not accept the first. Secret.'),
  PSEUDONYM_KEY: z
    .string()
    .regex(pseudonymKeyPattern, 'must be 64 hexadecimal digits')
    .optional()
    .describe(
      'The key from which the pseudonyms for a test receiver are made: 64 hexadecimal digits, made at random once (`openssl rand -hex 32`) and then kept. Under another key every child looks like a different child to the receiver, and the two together narrow down the true dates. Needed to send real children to a test receiver without `KEY_VAULT_URI`. Secret.',
    ),
  PSEUDONYMS_GENERALISE: commaList(generalisations)
    .transform((names) => (names.length === 1 && names[0] === 'none' ? [] : names))
    .refine(
      (names): names is Generalisation[] => names.every(isOneOf(generalisations)),
      `must be a comma list of ${generalisations.join(', ')}, or none`,
    )
    .describe(
      'What the pseudonyms for a test receiver make less exact, as a comma list: `monthOfBirth` (dates of birth become the first day of the month, after they were moved), `postcodeDistrict` (all postcodes of a child in one district become the same invented one). `none`: nothing. A change sends every child again.',
    )
    .register(seenBySupport, itsValue),
  KEY_VAULT_URI: endpointOf('vault', 'https://kv-csc.vault.azure.net')
    .optional()
    .describe(
      "The Key Vault that holds the credentials as the secrets `DFE-CLIENT-ID`, `DFE-CLIENT-SECRET`, `DFE-SUPPLIER-KEY` and, where there is one, `DFE-SUPPLIER-KEY-SECONDARY`, and the key of the pseudonyms as `PSEUDONYM-KEY`; read with the app's identity. It is used instead of the settings with these names.",
    ),
  KEY_VAULT_CLIENT_ID: needed
    .optional()
    .describe('The client id of the user-assigned identity to read the Key Vault with.'),
  SECRETS_CACHE_MINUTES: wholeNumber(1, 1440)
    .default(60)
    .describe(
      'How long the secrets of the Key Vault are used before they are read again. They are read again at once when DfE does not accept them, so that a rotation needs no restart.',
    )
    .register(seenBySupport, itsValue),
};
