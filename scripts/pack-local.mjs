// Packs what is compiled of local/ as one package that others can install: node scripts/pack-local.mjs [--out DIR]
// Publishing it is a person's act: npm publish FILE.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist/packages') } } });
const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const PARTS = ['kit', 'snowflake', 'aws', 'cloud'];
const { version } = json('local/cloud/package.json');
const { engines, license, repository } = json('package.json');
const dependencies = Object.fromEntries(
  PARTS.flatMap((part) => Object.entries(json(`local/${part}/package.json`).dependencies ?? {}))
    .filter(([name]) => !name.startsWith('@local-cloud/'))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

const folder = join(root, 'dist/packages/local-cloud');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const part of PARTS)
  cpSync(join(root, 'dist/local', part), join(folder, 'lib', part), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
cpSync(
  join(root, 'local/cloud/testing/predict_los_local_cloud.py'),
  join(folder, 'lib/cloud/testing/predict_los_local_cloud.py'),
);
for (const page of ['README.md', 'CHANGELOG.md'])
  cpSync(join(root, 'local/cloud/package', page), join(folder, page));
for (const page of ['PARITY.md', 'FACTS.md']) cpSync(join(root, 'local/snowflake', page), join(folder, page));
cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify(
    {
      name: 'predict-los-local-cloud',
      version,
      description: json('local/cloud/package.json').description,
      ...{ license, ...(repository ? { repository } : {}), type: 'module', engines },
      bin: { 'predict-los-local-cloud': 'lib/cloud/main.js' },
      exports: {
        '.': './lib/cloud/attach.js',
        './mocha': './lib/cloud/testing/mocha.js',
        './vitest': './lib/cloud/testing/vitest.js',
        './testing': './lib/cloud/testing/environment.js',
      },
      dependencies,
    },
    null,
    2,
  )}\n`,
);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const [file] = execFileSync('npm', ['pack', '--silent', '--pack-destination', out], {
  cwd: folder,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
console.log(join(out, file));
