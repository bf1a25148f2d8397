import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';
import type { Benchmark, Measurement } from '../harness.js';
import { gainOf, type Pair } from './paired.js';
import { trained } from './trained.js';

const CONTRACT = join(projectRoot, 'bench/datasets/codes.yaml');
const ROWS = 40_000;

/** So many codes, of which few are frequent, as with diagnoses; how far their stays differ, in logarithms. */
const CASES = [
  { codes: 3000, spread: 0.35 },
  { codes: 8000, spread: 0.35 },
  { codes: 3000, spread: 0 },
] as const;

interface Judged extends Record<string, unknown> {
  readonly CASE_ID: string;
  readonly LOS: number;
  readonly PREDICTED_LOS: number;
  readonly CRPS: number;
}

/** What a code with thousands of levels is worth, encoded by ordered target statistics. */
export const benchmark: Benchmark = {
  name: 'codes',
  description:
    'Generated stays (40,000, of which a fifth is held out) that depend on age, severity and a code with thousands of levels, whose frequencies fall as rank^−0.7: CRPS with the code as the product encodes it (all levels packed, ordered target statistics, smoothed by how much levels differ). Peer: the code as it was encoded before, its 999 most frequent levels and one for the others, statistics from other folds. Gains with the 95 % interval of a paired bootstrap over stays; above 0 the code as it is now is better. Where codes tell nothing (spread 0), what an encoder makes of noise.',
  async run({ log }): Promise<Measurement[]> {
    const lines: Measurement[] = [];
    for (const { codes, spread } of CASES) {
      const [none, before, now] = [
        await judged(codes, spread, null),
        await judged(codes, spread, 'CODE_1000'),
        await judged(codes, spread, 'CODE'),
      ];
      const title = `${codes} codes, spread ${spread}`;
      const mean = (rows: readonly Judged[]) => rows.reduce((sum, { CRPS }) => sum + CRPS, 0) / rows.length;
      lines.push({ what: `${title}: CRPS`, value: mean(now), peer: mean(before), unit: 'days', digits: 3 });
      const gain = (what: string, other: readonly Judged[], of: (row: Judged) => number, unit: string) => {
        const own = new Map(now.map((row) => [row.CASE_ID, row]));
        const pairs = other.map(
          (row): Pair => ({ patient: row.CASE_ID, without: of(row), with: of(own.get(row.CASE_ID)!) }),
        );
        const { gain: value, low, high } = gainOf(pairs);
        lines.push({
          what: `${title}: ${what} (${low.toFixed(3)} to ${high.toFixed(3)})`,
          value,
          unit,
          digits: 3,
        });
      };
      gain('gain in CRPS over before', before, ({ CRPS }) => CRPS, 'days');
      gain(
        'gain in squared error over before',
        before,
        ({ LOS, PREDICTED_LOS }) => (PREDICTED_LOS - LOS) ** 2,
        'days²',
      );
      gain('gain in CRPS over no code', none, ({ CRPS }) => CRPS, 'days');
      log(
        `${title}: CRPS ${mean(none).toFixed(3)} without, ${mean(before).toFixed(3)} before, ${mean(now).toFixed(3)} now`,
      );
    }
    return lines;
  },
};

/** @param code the feature that tells the code; null: none does */
function judged(codes: number, spread: number, code: 'CODE' | 'CODE_1000' | null): Promise<Judged[]> {
  const contract = (folder: string) => {
    const file = join(folder, 'codes.yaml');
    writeFileSync(
      file,
      `${readFileSync(CONTRACT, 'utf8')}${code === null ? '' : `  ${code}: { type: categorical }\n`}`,
    );
    return file;
  };
  return trained(
    { dataset: contract, file: (folder) => made(folder, codes, spread) },
    async (ctx, _, version) => {
      const rows = await ctx.snowflake.query<Judged>(
        `SELECT CASE_ID, LOS, PREDICTED_LOS, CRPS FROM LOS_EVALUATION WHERE VERSION = ? AND SIDE = 'holdout' ORDER BY CASE_ID`,
        [version],
      );
      return rows.map((row) => ({
        ...row,
        LOS: Number(row.LOS),
        PREDICTED_LOS: Number(row.PREDICTED_LOS),
        CRPS: Number(row.CRPS),
      }));
    },
  );
}

/** Writes the admissions: always the same for the same arguments. */
function made(folder: string, codes: number, spread: number): string {
  const next = random(codes);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const effects = Array.from({ length: codes }, () => spread * gauss());
  const reached: number[] = [];
  let total = 0;
  for (let i = 1; i <= codes; i++) {
    total += i ** -0.7;
    reached.push(total);
  }
  const drawn = () => {
    const at = next() * total;
    let [low, high] = [0, codes - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (reached[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const lines = ['ID,AGE,SEVERITY,CODE,CODE_1000,LOS,SIDE'];
  for (let id = 1; id <= ROWS; id++) {
    const age = 20 + Math.floor(75 * next());
    const severity = Math.floor(4 * next());
    const code = drawn();
    const mean = Math.log(5) + 0.006 * (age - 55) + 0.25 * (severity - 1.5) + effects[code]!;
    const los = Math.max(1, Math.round(Math.exp(mean + 0.6 * gauss())));
    const side = id <= 0.7 * ROWS ? 'train' : id <= 0.8 * ROWS ? 'validation' : 'test';
    lines.push(`${id},${age},S${severity},K${code},${code < 999 ? `K${code}` : 'other'},${los},${side}`);
  }
  const file = join(folder, 'codes.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Park and Miller's generator: numbers from 0 to 1 that are the same for a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
