import { FEWEST_PATIENTS, SMALL_GROUPS } from '../../ground/small-groups.js';
import type { Row } from '../../ground/work.js';
import { type Counts, stabilityIndex, total } from '../../statistics/stability-index.js';
import {
  benjaminiHochberg,
  chiSquare,
  effectiveSize,
  findableShift,
  kolmogorovTail,
} from '../../statistics/tests.js';

/** Row of sql/watching/numbers.sql about a numeric feature in a window, against the training rows. */
export interface NumbersRow extends Row {
  readonly FEATURE: string;
  /** Rows with and without a value. */
  readonly N: number;
  readonly MISSING: number;
  readonly REFERENCE_N: number;
  readonly REFERENCE_MISSING: number;
  /** Largest distance of the two distribution functions. */
  readonly DISTANCE: number | null;
  /** Difference of the means in standard deviations of the training rows. */
  readonly MOVED: number | null;
  /** Rows of the window in each tenth of the training rows, and those themselves: [window, reference] pairs. */
  readonly TENTHS: readonly (readonly [number, number])[] | string | null;
}

/** Row of sql/watching/levels.sql about a level of a categorical feature. LEVEL is null for missing values, SMALL_GROUPS for new and rare levels. */
export interface LevelRow extends Row {
  readonly FEATURE: string;
  readonly LEVEL: string | null;
  readonly N: number;
  readonly REFERENCE_N: number;
  /** Patients of the window that have it: fewer than ten are not spoken of. */
  readonly PATIENTS: number;
}

/** Comparison of a feature's values in a window with those of the training rows. */
export interface InputFinding {
  readonly feature: string;
  readonly kind: 'numeric' | 'levels' | 'missing';
  readonly rows: number;
  readonly referenceRows: number;
  readonly statistic: number;
  readonly degrees: number | null;
  readonly p: number;
  /** The rate of false alarms over all features at which this is one (Benjamini–Hochberg). */
  readonly rate: number;
  /** Largest distance of the distribution functions, or largest difference of a level's share: 0 to 1. */
  readonly shift: number;
  /** Difference of the means in standard deviations of the training rows; null for levels. */
  readonly moved: number | null;
  /** The level whose share has changed most; null: none, or one of too few patients to be named. */
  readonly level: string | null;
  readonly psi: number;
  /** Share of rows with a level that is new or was rare in training; share without a value, now and in training. */
  readonly unseen: number;
  readonly missing: number;
  readonly referenceMissing: number;
  /** The smallest shift, in standard deviations or shares of a level of one half, that so many rows find in four of five cases. */
  readonly findable: number;
  /** It is beyond chance and large enough to be worth a word. */
  readonly flagged: boolean;
}

/** At most one in a hundred windows without any drift is flagged, over all features together. */
const RATE = 0.01;
/** Distance: a smaller one is not worth a word, however many rows there are. */
const LEAST_DISTANCE = 0.05;
const LEAST_SHARE = 0.03;
/** With fewer rows than this a window says too little of a distribution to be tested. */
export const FEWEST_ROWS = 50;

type InputTest = Omit<InputFinding, 'rate' | 'flagged'>;

/**
 * One decision over all features of a window: which have shifted.
 * @param numbers a row per numeric feature
 * @param levels a row per level of the others, missing values too
 * @returns numeric features, then categorical ones, in the order given; empty where the window has too few rows
 */
export function inputFindings(numbers: readonly NumbersRow[], levels: readonly LevelRow[]): InputFinding[] {
  const tested: InputTest[] = [];
  for (const row of numbers) {
    if (hasEnoughRows(Number(row.N), Number(row.REFERENCE_N))) tested.push(numeric(row));
    if (
      hasEnoughRows(
        Number(row.N) + Number(row.MISSING),
        Number(row.REFERENCE_N) + Number(row.REFERENCE_MISSING),
      )
    )
      tested.push(missing(row));
  }
  for (const own of groupByFeature(levels)) {
    const counts = own.map(countsOf);
    if (hasEnoughRows(total(counts, 'window'), total(counts, 'reference'))) tested.push(categorical(own));
  }
  const rates = benjaminiHochberg(tested.map(({ p }) => p));
  return tested.map((one, i) => {
    const rate = rates[i] as number;
    const least = one.kind === 'numeric' ? LEAST_DISTANCE : LEAST_SHARE;
    return { ...one, rate, flagged: rate <= RATE && one.shift >= least };
  });
}

function hasEnoughRows(window: number, reference: number): boolean {
  return window >= FEWEST_ROWS && reference >= FEWEST_ROWS;
}

function numeric(row: NumbersRow): InputTest {
  const rows = Number(row.N);
  const referenceRows = Number(row.REFERENCE_N);
  const distance = Number(row.DISTANCE || 0);
  const tenths = (typeof row.TENTHS === 'string' ? JSON.parse(row.TENTHS) : row.TENTHS) || [];
  return {
    feature: row.FEATURE,
    kind: 'numeric',
    rows,
    referenceRows,
    statistic: distance,
    degrees: null,
    p: kolmogorovTail(distance * Math.sqrt(effectiveSize(rows, referenceRows))),
    shift: distance,
    moved: row.MOVED === null || row.MOVED === undefined ? null : Number(row.MOVED),
    level: null,
    psi: stabilityIndex((tenths as [number, number][]).map(([window, reference]) => ({ window, reference }))),
    unseen: 0,
    ...shares(row),
    findable: findableShift(rows, referenceRows),
  };
}

function shares(row: NumbersRow): Pick<InputFinding, 'missing' | 'referenceMissing'> {
  const share = (missingRows: unknown, rows: unknown) =>
    Number(missingRows) / Math.max(1, Number(missingRows) + Number(rows));
  return {
    missing: share(row.MISSING, row.N),
    referenceMissing: share(row.REFERENCE_MISSING, row.REFERENCE_N),
  };
}

/** Tests whether values are missing more or less often than they were. */
function missing(row: NumbersRow): InputTest {
  const cells = [
    { window: Number(row.N), reference: Number(row.REFERENCE_N) },
    { window: Number(row.MISSING), reference: Number(row.REFERENCE_MISSING) },
  ];
  const found = shares(row);
  return {
    ...ofCounts(row.FEATURE, 'missing', cells),
    shift: Math.abs(found.missing - found.referenceMissing),
    level: null,
    unseen: 0,
    ...found,
  };
}

function categorical(own: readonly LevelRow[]): InputTest {
  const counts = own.map(countsOf);
  const rows = total(counts, 'window');
  const referenceRows = total(counts, 'reference');
  let shift = 0;
  let most: LevelRow | undefined;
  own.forEach((row, i) => {
    const { window, reference } = counts[i] as Counts;
    const moved = Math.abs(window / rows - reference / referenceRows);
    if (moved <= shift) return;
    shift = moved;
    most = row;
  });
  const part = (which: (row: LevelRow) => boolean, side: keyof Counts, all: number) =>
    own.reduce((sum, row, i) => sum + (which(row) ? (counts[i] as Counts)[side] : 0), 0) / all;
  const isMissing = (row: LevelRow) => row.LEVEL === null;
  return {
    ...ofCounts(own[0]?.FEATURE || '', 'levels', counts),
    shift,
    level: most === undefined ? null : levelName(most),
    unseen: part(isNewOrRare, 'window', rows),
    missing: part(isMissing, 'window', rows),
    referenceMissing: part(isMissing, 'reference', referenceRows),
  };
}

/** Levels of a few patients of the window, which training has no level of, are together with those that were rare in it. */
function isNewOrRare({ LEVEL, REFERENCE_N }: LevelRow): boolean {
  return LEVEL === SMALL_GROUPS || (LEVEL !== null && Number(REFERENCE_N) === 0);
}

function levelName(row: LevelRow): string | null {
  if (row.LEVEL === null) return '(missing)';
  // A level that hardly anybody has any more was that of many.
  return Number(row.PATIENTS) >= FEWEST_PATIENTS || Number(row.PATIENTS) === 0 ? row.LEVEL : null;
}

function ofCounts(feature: string, kind: 'levels' | 'missing', cells: readonly Counts[]) {
  const rows = total(cells, 'window');
  const referenceRows = total(cells, 'reference');
  const { statistic, degrees, p } = chiSquare(cells);
  return {
    feature,
    kind,
    rows,
    referenceRows,
    statistic,
    degrees,
    p,
    moved: null,
    psi: stabilityIndex(cells),
    // A share of one half has a standard deviation of one half.
    findable: findableShift(rows, referenceRows) / 2,
  };
}

function countsOf(row: LevelRow): Counts {
  return { window: Number(row.N), reference: Number(row.REFERENCE_N) };
}

/** The rows of each feature; they come in its order. */
function groupByFeature(rows: readonly LevelRow[]): LevelRow[][] {
  const groups: LevelRow[][] = [];
  for (const row of rows) {
    const last = groups[groups.length - 1];
    if (last && last[0]?.FEATURE === row.FEATURE) last.push(row);
    else groups.push([row]);
  }
  return groups;
}
