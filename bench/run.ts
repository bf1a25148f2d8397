// Benchmarks, each beside its peer: npm run bench [-- NAME… --write]. With --write the results go into
// bench/RESULTS.md, each in its own section; other sections stay.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../deploy/project.js';
import { settingsSchema } from '../deploy/settings/schema.js';
import { type Schema, variablesOf } from '../deploy/settings/variables.js';
import { wrap } from '../report/text/wrap.js';
import { type Benchmark, markdown } from './harness.js';
import { pythonWith, shareXgboost } from './python.js';

const benchmarks: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  load: () => import('./load.js'),
  unload: () => import('./unload.js'),
  snowflake: () => import('./snowflake.js'),
  demo: () => import('./demo.js'),
  general: () => import('./general.js'),
  chain: () => import('./chain.js'),
  deploy: () => import('./deploy.js'),
  training: () => import('./training.js'),
  serving: () => import('./serving.js'),
  'by-hand': () => import('./by-hand.js'),
  scoring: () => import('./scoring.js'),
  bulk: () => import('./bulk.js'),
  scale: () => import('./scale.js'),
  reconciliation: () => import('./reconciliation.js'),
  noticing: () => import('./noticing.js'),
  'stay-rows': () => import('./stay-rows.js'),
  model: () => import('./model.js'),
  accuracy: () => import('./accuracy.js'),
  codes: () => import('./models/codes.js'),
  history: () => import('./models/history.js'),
  levels: () => import('./models/levels.js'),
  late: () => import('./models/late.js'),
  origins: () => import('./models/origins.js'),
  unfinished: () => import('./models/unfinished.js'),
  stay: () => import('./stay/real.js'),
  beds: () => import('./beds/real.js'),
  'beds-choice': () => import('./beds/choice.js'),
  'beds-known': () => import('./beds/known.js'),
  'beds-wards': () => import('./beds/wards.js'),
  'ablation-beds': () => import('./ablation/beds.js'),
  'ablation-curve': () => import('./ablation/curve.js'),
  'beds-load': () => import('./beds/load.js'),
  'stay-morning': () => import('./stay/morning.js'),
  eda: () => import('./eda.js'),
  excess: () => import('./excess/real.js'),
  watch: () => import('./watch/real.js'),
  'watch-load': () => import('./watch/load.js'),
  'watch-before': () => import('./watch/before-truth.js'),
  'watch-windows': () => import('./watch/resampled.js'),
  groups: () => import('./groups/planted-bias.js'),
};

const resultsFile = join(projectRoot, 'bench/RESULTS.md');
const title = '# Results\n\nEvery section is written by the command in it. Ratios are measured / peer.\n';

/** Puts a section in the place of the one of the same name, or at the end. */
function replaceSection(text: string, name: string, section: string): string {
  const sections = text.split(/^(?=## )/m);
  const place = sections.findIndex((part) => part.startsWith(`## ${name}\n`));
  if (place < 0) sections.push(section);
  else sections[place] = section;
  return sections.map((part) => part.trim()).join('\n\n');
}

async function run(name: string, write: boolean): Promise<void> {
  const { benchmark } = await benchmarks[name]!();
  const log = (message: string) => console.error(`${name}: ${message}`);
  const table = markdown(await benchmark.run({ log }));
  const cpu = cpus();
  const section = [
    `## ${name}`,
    '',
    ...wrap(benchmark.description, '', 120),
    '',
    ...table,
    '',
    `\`npm run bench -- ${name} --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpu.length} × ${cpu[0]?.model.trim()}, Node ${process.versions.node}`,
    '',
  ].join('\n');
  console.log(section);
  if (!write) return;
  let text = title;
  try {
    text = readFileSync(resultsFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(resultsFile, `${replaceSection(text, name, section)}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
// A benchmark makes a cloud of its own and never runs in the user's: of the environment it keeps only how models are trained.
for (const name of variablesOf(settingsSchema as unknown as Schema, 'LOS'))
  if (!name.startsWith('LOS_TRAINING_')) delete process.env[name];
const unknown = positionals.filter((name) => !benchmarks[name]);
if (unknown.length) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exitCode = 1;
} else {
  // Both sides of a comparison are the same XGBoost.
  const peer = pythonWith('xgboost');
  if (peer) shareXgboost(peer);
  for (const name of positionals.length ? positionals : Object.keys(benchmarks))
    await run(name, values.write);
}
