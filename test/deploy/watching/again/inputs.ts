import type { Contract } from '../../../../procedures/dataset/contract.js';
import type { Admission } from './admissions.js';
import { numbersInCells, RARE, rareTogether } from './cells.js';
import { chiSquareAbove, kolmogorovAbove } from './tails.js';

type Value = string | number | null;
type Cell = [window: number, reference: number];
/** A row of LOS_WATCH_INPUTS, as far as it can be computed. */
export type InputRow = Readonly<Record<string, string | number | boolean | null>>;

/** z of 1 % two-sided plus z of 80 % power. */
const FOUND = 2.5758293035489 + 0.8416212335729;

/** Each feature of a window's admissions held against the training rows; empty where there are too few. */
export function inputsAgain(
  contract: Contract,
  window: readonly Admission[],
  training: readonly { readonly patient: string; readonly inputs: Readonly<Record<string, Value>> }[],
): InputRow[] {
  const rows: InputRow[] = [];
  const patients = training.map(({ patient }) => patient);
  const names = Object.keys(contract.features).filter((name) => name in (training[0]?.inputs ?? {}));
  for (const name of names) {
    const isNumeric = contract.features[name]!.type === 'numeric';
    const here = window.map(({ inputs }) => inputs[name] ?? null);
    const given = training.map(({ inputs }) => inputs[name] ?? null);
    const there: readonly Value[] = isNumeric
      ? numbersInCells(given as (number | null)[], patients)
      : rareTogether(given as (string | null)[], patients);
    if (isNumeric) {
      const [w, r] = [known(here), known(there)];
      if (w.length >= 50 && r.length >= 50) rows.push({ ...numeric(name, w, r), ...missing(here, there) });
      if (here.length >= 50 && there.length >= 50) {
        const cells: Cell[] = [
          [w.length, r.length],
          [here.length - w.length, there.length - r.length],
        ];
        const share = missing(here, there);
        rows.push({
          ...counted(name, 'missing', cells),
          SHIFT: Math.abs(share.MISSING_SHARE - share.REFERENCE_MISSING_SHARE),
          LEVEL: null,
          UNSEEN_SHARE: 0,
          ...share,
        });
      }
    } else if (here.length >= 50 && there.length >= 50) rows.push(levels(name, window, here, there));
  }
  // Benjamini and Hochberg: p × tests / rank, and never more than what a larger p has.
  const ranked = [...rows].sort((a, b) => Number(a.P_VALUE) - Number(b.P_VALUE));
  const rate = (row: InputRow) =>
    Math.min(
      1,
      ...ranked.flatMap((one, i) =>
        Number(one.P_VALUE) >= Number(row.P_VALUE) ? [(Number(one.P_VALUE) * rows.length) / (i + 1)] : [],
      ),
    );
  return rows.map((row) => {
    const RATE = rate(row);
    return {
      ...row,
      RATE,
      FLAGGED: RATE <= 0.01 && Number(row.SHIFT) >= (row.TEST === 'numeric' ? 0.05 : 0.03),
    };
  });
}

const known = (values: readonly Value[]): number[] => values.filter((value) => value !== null).map(Number);

function missing(here: readonly Value[], there: readonly Value[]) {
  const share = (values: readonly Value[]) => values.filter((value) => value === null).length / values.length;
  return { MISSING_SHARE: share(here), REFERENCE_MISSING_SHARE: share(there) };
}

function numeric(name: string, window: number[], reference: number[]): InputRow {
  const values = [...new Set([...window, ...reference])].sort((a, b) => a - b);
  const count = (of: number[]) => {
    const counts = new Map<number, number>();
    for (const value of of) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const [w, r] = [count(window), count(reference)];
  let [below, belowReference, distance] = [0, 0, 0];
  const tenths = new Map<number, Cell>();
  for (const value of values) {
    const [a, b] = [w.get(value) ?? 0, r.get(value) ?? 0];
    below += a;
    belowReference += b;
    distance = Math.max(distance, Math.abs(below / window.length - belowReference / reference.length));
    // The tenth in which the middle of the training rows of this value lies.
    const tenth = Math.min(9, Math.floor((10 * (belowReference - b / 2)) / reference.length));
    const [c, d] = tenths.get(tenth) ?? [0, 0];
    tenths.set(tenth, [c + a, d + b]);
  }
  const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const deviation = Math.sqrt(mean(reference.map((value) => (value - mean(reference)) ** 2)));
  const size = (window.length * reference.length) / (window.length + reference.length);
  return {
    FEATURE: name,
    TEST: 'numeric',
    ROW_COUNT: window.length,
    REFERENCE_ROWS: reference.length,
    STATISTIC: distance,
    DEGREES: null,
    P_VALUE: kolmogorovAbove(distance * Math.sqrt(size)),
    SHIFT: distance,
    MOVED: deviation > 0 ? (mean(window) - mean(reference)) / deviation : null,
    LEVEL: null,
    PSI: psi([...tenths.values()]),
    UNSEEN_SHARE: 0,
    FINDABLE: FOUND / Math.sqrt(size),
  };
}

function levels(
  name: string,
  window: readonly Admission[],
  here: readonly Value[],
  there: readonly Value[],
): InputRow {
  const all = new Map<string, { cell: Cell; patients: Set<string> }>();
  const of = (value: Value) => {
    const level = value === null ? '(missing)' : String(value);
    const found = all.get(level) ?? { cell: [0, 0] as Cell, patients: new Set<string>() };
    all.set(level, found);
    return found;
  };
  const known = new Set(there);
  const patientsOf = (value: Value) =>
    new Set(window.filter((_, i) => here[i] === value).map(({ patient }) => patient)).size;
  here.forEach((value, i) => {
    // What is of few here and new or rare there is one level.
    const level = value === null || known.has(value) || patientsOf(value) >= 10 ? value : RARE;
    of(level).cell[0]++;
    of(level).patients.add(window[i]!.patient);
  });
  for (const value of there) of(value).cell[1]++;
  const shift = ([w, r]: Cell) => Math.abs(w / here.length - r / there.length);
  const most = Math.max(...[...all.values()].map(({ cell }) => shift(cell)));
  // Of several that have changed as much, the first of the alphabet.
  const sorted = [...all].sort(([a], [b]) => (a === '(missing)' ? 1 : b === '(missing)' || a < b ? -1 : 1));
  const [level, { patients }] = sorted.find(([, { cell }]) => shift(cell) === most)!;
  const unseen = [...all].filter(([one, { cell }]) => one === RARE || (one !== '(missing)' && cell[1] === 0));
  return {
    ...counted(
      name,
      'levels',
      sorted.map(([, { cell }]) => cell),
    ),
    SHIFT: most,
    LEVEL: most === 0 || (level !== '(missing)' && patients.size > 0 && patients.size < 10) ? null : level,
    UNSEEN_SHARE: unseen.reduce((sum, [, { cell }]) => sum + cell[0], 0) / here.length,
    ...missing(here, there),
  };
}

/**
 * Pearson's chi-square of two columns of counts; what is expected less than five times is counted together, and with the first of
 * the smallest of the others where that is too little still.
 */
function counted(name: string, test: 'levels' | 'missing', cells: readonly Cell[]): InputRow {
  const rows = cells.reduce((sum, [w]) => sum + w, 0);
  const referenceRows = cells.reduce((sum, [, r]) => sum + r, 0);
  const part = Math.min(rows, referenceRows) / (rows + referenceRows);
  const isRare = ([w, r]: Cell) => (w + r) * part < 5;
  const plus = (a: Cell, b: Cell): Cell => [a[0] + b[0], a[1] + b[1]];
  const common = cells.filter((cell) => !isRare(cell) && cell[0] + cell[1] > 0);
  const rare = cells.filter(isRare).reduce(plus, [0, 0]);
  if (rare[0] + rare[1] > 0) {
    if (!isRare(rare)) common.push(rare);
    else if (common.length > 0) {
      const least = common.reduce((a, b, i) => (b[0] + b[1] < common[a]![0] + common[a]![1] ? i : a), 0);
      common[least] = plus(common[least]!, rare);
    }
  }
  let statistic = 0;
  if (common.length > 1)
    for (const [w, r] of common)
      for (const [seen, side] of [
        [w, rows],
        [r, referenceRows],
      ] as const) {
        const expected = ((w + r) * side) / (rows + referenceRows);
        statistic += (seen - expected) ** 2 / expected;
      }
  const degrees = Math.max(0, common.length - 1);
  const size = (rows * referenceRows) / (rows + referenceRows);
  return {
    FEATURE: name,
    TEST: test,
    ROW_COUNT: rows,
    REFERENCE_ROWS: referenceRows,
    STATISTIC: statistic,
    DEGREES: degrees,
    P_VALUE: degrees === 0 ? 1 : chiSquareAbove(statistic, degrees),
    MOVED: null,
    PSI: psi(cells),
    FINDABLE: FOUND / Math.sqrt(size) / 2,
  };
}

/** Population stability index, half a row standing for none. */
function psi(cells: readonly Cell[]): number {
  const rows = cells.reduce((sum, [w]) => sum + w, 0);
  const referenceRows = cells.reduce((sum, [, r]) => sum + r, 0);
  return cells.reduce((sum, [w, r]) => {
    const [a, b] = [Math.max(w, 0.5) / rows, Math.max(r, 0.5) / referenceRows];
    return sum + (a - b) * Math.log(a / b);
  }, 0);
}
