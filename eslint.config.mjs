import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Tests of node:test are promises that the runner itself awaits.
const testCalls = ['describe', 'it', 'test', 'before', 'after', 'beforeEach', 'afterEach'];

// What deploys and looks after the app in Azure is run by people and pipelines.
const noDeployment = {
  regex: '/(deployment|commands)/',
  message: 'The app that runs at night needs nothing of what deploys it: shared/deployment is for commands.',
};

const noOtherEdge = {
  regex: '/(api|pages|triggers)/',
  message: 'Calls, pages and triggers know nothing of each other, and what is below them knows none of them.',
};

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
  {
    // The rooms below have rules of their own, which take this one up.
    files: ['functions/**/*.ts', 'shared/**/*.ts', 'shared/**/*.tsx'],
    ignores: ['shared/deployment/**', 'shared/commands/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeployment] }] },
  },
  {
    // Commands are at the top, deployment is below them.
    files: ['shared/deployment/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/(commands|infra|test|pages)/', message: 'No import runs upward.' }] },
      ],
    },
  },
  {
    files: ['shared/commands/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/(infra|test)/', message: 'They are not in the zip that is deployed.' }] },
      ],
    },
  },
  {
    // The payload of one child knows nothing of where it comes from or goes to.
    files: ['shared/child/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noDeployment,
            {
              regex: '^(@azure/|mssql|pg|oauth4webapi|node:(fs|http|https|net))',
              message: 'Domain code is pure.',
            },
            {
              regex: '/(azure|database|dfe|runs|records|ssd|staging)/',
              message: 'child/ is the innermost room; it knows the SSD by its sourceRows.ts only.',
            },
          ],
        },
      ],
    },
  },
  {
    // Use cases know interfaces, not technologies.
    files: [
      'shared/{runs,records,guards,preflight,dataSubject,telemetry}/**/*.ts',
      'shared/staging/**/*.ts',
      'shared/ssd/**/*.ts',
    ],
    ignores: ['shared/ssd/profileFiles.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noDeployment,
            {
              regex: '^(@azure/|mssql|pg|oauth4webapi|node:(fs|http|https|net))',
              message: 'Use cases know interfaces, not technologies.',
            },
            { regex: '/azure/', message: 'Use cases know interfaces, not technologies.' },
          ],
        },
      ],
    },
  },
  {
    files: ['shared/{access,requests,downloads,triggers,api,pages}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeployment, noOtherEdge] }] },
  },
  {
    // Views are made from what they are given: the handler of the page reads it for them.
    files: ['shared/pages/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noDeployment,
            noOtherEdge,
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
