// Holds the cost of each step of two small demos against a commit of before: npm run bench:steps [-- --verbose]
// A step may cost 10 % more than at the reference of prices.json. A commit that makes one dearer says so and writes the
// price there; a release takes its own commit for the reference and begins anew.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../deploy/project.js';
import { demoCost } from './demo.js';
import { checkOut } from './reference.js';
import { type Excess, findExcess, MEASURES, type Prices, type Run } from './verdict.js';

/** On rows enough that a product of two tables shows, and on all that a hospital has, if in small. */
const DEMOS: Readonly<Record<string, readonly string[]>> = {
  health: ['--dataset', 'health', '--rows', '30000'],
  general: ['--rows', '2000'],
};
/** Pairs of runs, in turns: so many at least, and as many more while a step is beyond its limit. */
const LEAST_PAIRS = 2;
const MOST_PAIRS = 6;

const { reference, demos: prices } = JSON.parse(
  readFileSync(join(projectRoot, 'bench/steps/prices.json'), 'utf8'),
) as { reference: string; demos: Prices };
const { values } = parseArgs({ options: { verbose: { type: 'boolean', default: false } } });

async function runOnce(root: string): Promise<Run> {
  const run = new Map();
  for (const [demo, args] of Object.entries(DEMOS)) run.set(demo, await demoCost(root, args));
  return run;
}

const before = checkOut(reference);
const runs: Run[] = [];
const references: Run[] = [];
let excess: Excess[] = [];
try {
  while (runs.length < LEAST_PAIRS || (excess.length > 0 && runs.length < MOST_PAIRS)) {
    references.push(await runOnce(before.root));
    runs.push(await runOnce(projectRoot));
    excess = findExcess(runs, references, prices);
    console.error(
      `pair ${runs.length}: ${excess.length === 0 ? 'no step too dear' : excess.map(say).join('; ')}`,
    );
  }
} finally {
  before.remove();
}
if (values.verbose) print();
for (const each of excess) console.log(say(each));
console.log(
  excess.length === 0
    ? `No step of ${Object.keys(DEMOS).length} demos costs more than at ${reference}, by ${runs.length} pairs of runs.`
    : `Make these steps as cheap as they were, or write their price and why into bench/steps/prices.json.`,
);
process.exitCode = excess.length === 0 ? 0 : 1;

function say({ demo, step, measure, cost, reference: was, limit }: Excess): string {
  const unit =
    measure === 'statements' ? 'statements' : measure === 'idle' ? 's of waiting' : 's of the processor';
  const digits = measure === 'statements' ? 0 : 2;
  return `${demo}, “${step}”: ${cost.toFixed(digits)} ${unit}, was ${was.toFixed(digits)} (at most ${limit.toFixed(digits)})`;
}

/** Each step's cheapest run, now and before. */
function print(): void {
  for (const [demo, steps] of runs[0]!)
    for (const step of steps.keys()) {
      const of = (side: readonly Run[]) =>
        MEASURES.map((measure) =>
          Math.min(...side.map((run) => run.get(demo)?.get(step)?.[measure] ?? Number.NaN)),
        );
      console.log(
        `${demo}, ${step}: ${of(runs)
          .map((cost, at) => `${cost.toFixed(2)} ${MEASURES[at]} (${of(references)[at]!.toFixed(2)})`)
          .join(', ')}`,
      );
    }
}
