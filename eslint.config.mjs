import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Tests of node:test are promises that the runner itself awaits.
const testCalls = ['describe', 'it', 'test', 'before', 'after', 'beforeEach', 'afterEach'];

/**
 * The rooms of shared/, from the innermost to the outermost; docs/architecture.md says what is in each. A room imports only
 * from rooms that come before it.
 */
const rooms = [
  'host',
  'child',
  'database',
  'ssd',
  'staging',
  'dfe',
  'settings',
  'records',
  'guards',
  'telemetry',
  'runs',
  'dataSubject',
  'preflight',
  'support',
  'azure',
  'composition',
  'access',
  'requests',
  'downloads',
  'api',
  'pages',
  'triggers',
  'deployment',
  'commands',
];

/** What is asked for from outside. They know nothing of each other. */
const edges = ['api', 'pages', 'triggers'];

/** These know interfaces, not technologies. */
const pureRooms = [
  'child',
  'ssd',
  'staging',
  'records',
  'guards',
  'telemetry',
  'runs',
  'dataSubject',
  'preflight',
  'support',
];
const technologies = {
  regex: '^(@azure/|mssql|pg|oauth4webapi|node:(fs|http|https|net))',
  message: 'Rules and use cases know interfaces, not technologies.',
};

function boundsOf(room) {
  const above = rooms.slice(rooms.indexOf(room) + 1);
  const others = edges.includes(room) ? edges.filter((edge) => edge !== room) : [];
  const upward = {
    regex: `\\.\\./(${[...new Set([...above, ...others, 'infra', 'test'])].join('|')})/`,
    message: `${room}/ must not import from a room above it.`,
  };
  return pureRooms.includes(room) ? [upward, technologies] : [upward];
}

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'reports/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: testCalls, package: 'node:test' }] },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-console': 'error',
    },
  },
  ...rooms.map((room) => ({
    files: [`shared/${room}/**/*.ts`, `shared/${room}/**/*.tsx`],
    rules: { 'no-restricted-imports': ['error', { patterns: boundsOf(room) }] },
  })),
  {
    files: ['functions/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/(deployment|commands)/',
              message: 'The app that runs at night needs nothing of what deploys it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['infra/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '\\.\\./test/', message: 'What deploys and documents needs no test code.' }] },
      ],
    },
  },
  {
    // Views are made from what they are given: the handler of the page reads it for them.
    files: ['shared/pages/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...boundsOf('pages'),
            {
              regex: '^(@azure/|mssql|pg|oauth4webapi|node:)|/(azure|database|composition)/',
              message: 'Views are pure.',
            },
          ],
        },
      ],
    },
  },
  {
    // The component keeps a wide table in a box that scrolls, and gives it its roles and its name.
    files: ['shared/pages/**/*.tsx'],
    ignores: ['shared/pages/table.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "JSXOpeningElement[name.name='table']", message: 'Draw tables with Table of table.tsx.' },
      ],
    },
  },
  { files: ['test/local/**/*.ts', 'test/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  prettier,
);
