import { existsSync, readdirSync } from 'node:fs';
import reactHooks from 'eslint-plugin-react-hooks';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may import whom. What is not listed is forbidden. `types:` entries may be imported as types only. */
const LAYERS = {
  lib: [],
  review: ['lib'],
  dataset: ['lib'],
  compression: ['lib'],
  audit: ['lib', 'dataset', 'review', 'types:compression'],
  'engine/model': ['lib', 'compression'],
  'engine/protocol': [
    'lib',
    'types:dataset',
    'types:compression',
    'types:audit',
    'types:engine/model',
    'types:engine/executors',
  ],
  'engine/executors': ['lib', 'compression', 'engine/model', 'tfjs'],
  'engine/worker': [
    'lib',
    'dataset',
    'compression',
    'audit',
    'engine/model',
    'engine/protocol',
    'engine/executors',
    'tfjs',
  ],
  'engine/client': [
    'lib',
    'engine/protocol',
    'compression',
    'types:engine/executors',
    'types:dataset',
    'audit',
    'types:engine/model',
  ],
  sources: ['lib', 'dataset', 'review', 'types:audit'],
  storage: ['lib', 'dataset', 'review', 'compression', 'audit', 'engine/model', 'types:engine/protocol'],
  store: [
    'lib',
    'review',
    'dataset',
    'compression',
    'audit',
    'engine/model',
    'engine/protocol',
    'engine/client',
    'sources',
    'storage',
  ],
  ui: [
    'lib',
    'review',
    'store',
    'dataset',
    'compression',
    'audit',
    'types:engine/model',
    'types:engine/protocol',
    'types:sources',
    'types:storage',
  ],
  app: ['lib', 'dataset', 'review', 'audit', 'engine/client', 'sources', 'storage', 'store', 'ui'],
  cli: [
    'lib',
    'dataset',
    'compression',
    'audit',
    'engine/model',
    'engine/protocol',
    'engine/executors',
    'engine/worker',
    'engine/client',
    'sources',
    'storage',
  ],
  testing: [
    'lib',
    'review',
    'dataset',
    'compression',
    'audit',
    'engine/model',
    'engine/protocol',
    'engine/executors',
    'engine/worker',
    'engine/client',
    'sources',
    'storage',
    'store',
  ],
  bench: [
    'lib',
    'review',
    'audit',
    'dataset',
    'audit',
    'storage',
    'store',
    'engine/model',
    'engine/protocol',
    'engine/executors',
    'engine/worker',
    'cli',
    'ui',
    'tfjs',
  ],
};
/** Where a layer that is not below src/ has its files. */
const TOP_LEVEL = ['bench'];
const PURE = ['lib', 'review', 'dataset', 'compression', 'audit', 'engine/model'];
const IMPURE_GLOBALS = [
  'document',
  'window',
  'navigator',
  'fetch',
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'crypto',
  'process',
  'self',
];
const TFJS = '@tensorflow/**';

for (const folder of readdirSync(new URL('./src/', import.meta.url), { withFileTypes: true })) {
  const known = Object.keys(LAYERS).some((layer) => layer === folder.name || layer.startsWith(`${folder.name}/`));
  if (folder.isDirectory() && !known && existsSync(new URL(`./src/${folder.name}`, import.meta.url))) {
    throw new Error(`src/${folder.name} is not in LAYERS.`);
  }
}

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => {
  const forbidden = Object.keys(LAYERS).filter((other) => other !== layer && !allowed.includes(other));
  const patterns = forbidden.map((other) => ({
    group: [`\\#${other}/**`] /* a bare # starts a comment in this pattern language */,
    allowTypeImports: allowed.includes(`types:${other}`),
    message: `${layer} may not import ${other}: see LAYERS.`,
  }));
  if (!allowed.includes('tfjs'))
    patterns.push({ group: [TFJS], message: 'tfjs lives in engine/executors and engine/worker.' });
  const top = TOP_LEVEL.includes(layer);
  if (!top) patterns.push({ group: ['../**'], message: 'Import other folders as #folder/file.ts.' });
  return {
    files: [`${top ? '' : 'src/'}${layer}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist', '.scratch', 'src/engine/executors/simd/kernels', 'src/engine/executors/simd/build', 'public'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      'react-hooks/incompatible-library': 'off',
      'react-hooks/set-state-in-effect': 'off',
      'react-hooks/refs': 'off',
    },
  },
  { files: ['vite.config.ts', '**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  ...layerRules,
  {
    files: PURE.map((folder) => `src/${folder}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS.map((name) => ({ name, message: 'This folder is pure.' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use a seeded stream (#lib/random.ts).' },
      ],
    },
  },
);
