import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeHealth } from '../../demo/health/index.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { projectRoot } from '../../deploy/project.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { calendarFeatures } from '../../procedures/dataset/feature-values.js';
import { random } from '../../procedures/ground/random.js';
import { inputFindings, type LevelRow, type NumbersRow } from '../../procedures/watching/measures/inputs.js';
import { splitCsv } from '../csv.js';
import type { Benchmark, Measurement } from '../harness.js';
import { hdhiCsv } from '../hdhi-file.js';

const WINDOWS = 200;

/** A feature of all rows: the place of each row's value among all values, in their order; −1: missing. */
interface Column {
  readonly name: string;
  readonly numeric: boolean;
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  /** Rows by code, and those without a value at the end. */
  readonly counts: Float64Array;
}

/** How often windows in which nothing has changed are flagged all the same. */
export const benchmark: Benchmark = {
  name: 'watch-windows',
  description: `False alarms of the watch about inputs: ${WINDOWS} windows of each size drawn at random from real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository) and from generated ones, each held against all the other rows, by the decision of WATCH_PREDICTIONS over all features together. An alarm takes two such windows, one after the other, so it is rarer still.`,
  async run({ log }): Promise<Measurement[]> {
    const measured: Measurement[] = [];
    const real = columnsOf(contractOf('bench/datasets/hdhi_dates.yaml'), hdhiCsv());
    for (const size of [100, 500, 2000, 5000]) measured.push(falseAlarms('real', real, size));
    const folder = mkdtempSync(join(tmpdir(), 'bench-windows-'));
    try {
      const { training } = await writeHealth({ seed: 7, trainingRows: 80_000, simulationRows: 10, folder });
      const generated = columnsOf(
        contractOf('sql/datasets/health.yaml'),
        gunzipSync(readFileSync(training)).toString('utf8'),
      );
      for (const size of [100, 1000, 5000, 20_000]) measured.push(falseAlarms('generated', generated, size));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    for (const { what, value } of measured) log(`${what}: ${value}`);
    return measured;
  },
};

const contractOf = (file: string) => loadContract(join(projectRoot, file));

function columnsOf(contract: Contract, csv: string): Column[] {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  const names = splitCsv(header!).map((name) => name.toUpperCase());
  const rows = lines.map((line) => splitCsv(line));
  const calendar = calendarFeatures(contract);
  return Object.entries(contract.features)
    .filter(([name, { sql }]) => sql === undefined && !calendar.includes(name))
    .map(([name, { type }]) => {
      const place = names.indexOf(name);
      const values = rows.map((row) => row[place]!);
      const numeric = type === 'numeric';
      const levels = [...new Set(values.filter((value) => value !== ''))].sort((a, b) =>
        numeric ? Number(a) - Number(b) : a < b ? -1 : 1,
      );
      const codeOf = new Map(levels.map((level, i) => [level, i]));
      const codes = Int32Array.from(values, (value) => codeOf.get(value) ?? -1);
      return { name, numeric, codes, levels, counts: countsOf(codes, levels.length) };
    });
}

function countsOf(codes: Int32Array, levels: number, which?: Int32Array): Float64Array {
  const counts = new Float64Array(levels + 1);
  const add = (code: number) => {
    counts[code < 0 ? levels : code]!++;
  };
  if (which) for (const row of which) add(codes[row]!);
  else codes.forEach(add);
  return counts;
}

function falseAlarms(name: string, columns: readonly Column[], size: number): Measurement {
  const next = random(size);
  const rows = Int32Array.from(columns[0]!.codes, (_, i) => i);
  let flagged = 0;
  for (let window = 0; window < WINDOWS; window++) {
    for (let i = 0; i < size; i++) {
      const j = i + Math.floor(next() * (rows.length - i));
      [rows[i], rows[j]] = [rows[j]!, rows[i]!];
    }
    const drawn = rows.subarray(0, size);
    const numbers: NumbersRow[] = [];
    const levels: LevelRow[] = [];
    for (const column of columns) {
      const inside = countsOf(column.codes, column.levels.length, drawn);
      const outside = column.counts.map((count, i) => count - inside[i]!);
      if (column.numeric) numbers.push(numbersOf(column, inside, outside));
      else levels.push(...levelsOf(column, inside, outside));
    }
    if (inputFindings(numbers, levels).some((one) => one.flagged)) flagged++;
  }
  return {
    what: `${name}: windows of ${size.toLocaleString('en-US')} admissions with a feature flagged`,
    value: flagged / WINDOWS,
    unit: '',
    digits: 3,
    limit: '≤ .05',
  };
}

/** What sql/watching/numbers.sql makes of them. */
function numbersOf({ name, levels }: Column, inside: Float64Array, outside: Float64Array): NumbersRow {
  const known = (counts: Float64Array) => counts.subarray(0, levels.length).reduce((sum, n) => sum + n, 0);
  const [n, reference] = [known(inside), known(outside)];
  let [w, r, distance] = [0, 0, 0];
  for (let i = 0; i < levels.length; i++) {
    w += inside[i]!;
    r += outside[i]!;
    distance = Math.max(distance, Math.abs(w / n - r / reference));
  }
  return {
    FEATURE: name,
    N: n,
    MISSING: inside[levels.length]!,
    REFERENCE_N: reference,
    REFERENCE_MISSING: outside[levels.length]!,
    DISTANCE: distance,
    MOVED: null,
    TENTHS: null,
  };
}

/** What sql/watching/levels.sql makes of them. */
function levelsOf({ name, levels }: Column, inside: Float64Array, outside: Float64Array): LevelRow[] {
  return [...levels, null].map((level, i) => ({
    FEATURE: name,
    LEVEL: level,
    N: inside[i]!,
    REFERENCE_N: outside[i]!,
    PATIENTS: inside[i]!,
  }));
}
