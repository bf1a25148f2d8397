/** An ended stay, as the reference expectation sees it. */
export interface Stay {
  /** Stays of one patient are never expected from each other. */
  readonly patient: string;
  readonly days: number;
  /** Values of the reference's features, in their order; null: missing. */
  readonly values: readonly (string | number | null)[];
}

/** Parts of the patients, each of which is expected from the others. */
const FOLDS = 5;
/** Groups of equal size that a number is cut into. */
const BINS = 10;
/** Stays of mean length that a level's factor is drawn to 1 by, as if they were of it. This and the next were chosen on HDHI (bench/notes/excess.md). */
const PRIOR = 20;
/** Rounds over the features; more change nothing that is shown. */
const ROUNDS = 8;
/** Share of stays that count in full; others count as so many times their expectation as this share stays at most: a single one would hide the rest. */
const IN_FULL = 0.98;

/** A stay as it counts, and as it was expected. */
export interface Expected {
  readonly days: number;
  readonly expected: number;
}

/**
 * Codes of each feature, from 0: a level, or a tenth of a number's values; a missing value is a level of its own.
 * @param numeric whether each feature is a number
 */
export function codesOf(stays: readonly Stay[], numeric: readonly boolean[]): number[][] {
  return numeric.map((isNumber, feature) => {
    const values = stays.map(({ values: own }) => own[feature]);
    const cuts = isNumber ? cutsOf(values) : [];
    const codes = new Map<string, number>();
    return values.map((value) => {
      const known = value !== null && value !== undefined;
      const level =
        isNumber && known ? String(cuts.filter((cut) => Number(value) > cut).length) : String(value);
      const code = codes.get(level);
      if (code !== undefined) return code;
      codes.set(level, codes.size);
      return codes.size - 1;
    });
  });
}

/** Upper ends of all tenths but the last. */
function cutsOf(values: readonly (string | number | null | undefined)[]): number[] {
  const known = Float64Array.from(
    values.filter((value) => value !== null && value !== undefined).map(Number),
  ).sort();
  const cuts: number[] = [];
  for (let bin = 1; bin < BINS && known.length > 0; bin++)
    cuts.push(known[Math.floor((bin * (known.length - 1)) / BINS)] as number);
  return cuts.filter((cut, i) => i === 0 || cut > (cuts[i - 1] as number));
}

/**
 * Expects each stay from those of other patients, by the mean stay times a factor for each feature's level: what a level's stays took
 * over what the other factors expect of them (iterative proportional fitting, R. A. Bailey and L. J. Simon, ASTIN Bulletin 1960).
 * The factors of each level add up to the days that its patients stayed.
 * @param codes of `codesOf`
 * @returns in the order of the stays; the longest fiftieth counts shortened
 */
export function expectStays(stays: readonly Stay[], codes: readonly number[][]): Expected[] {
  const folds = stays.map(({ patient }) => foldOf(patient));
  const days = Float64Array.from(stays, (stay) => stay.days);
  const first = crossFit(days, codes, folds);
  const ratios = days.map((stay, i) => stay / (first[i] as number));
  const longest = quantile(ratios, IN_FULL);
  const counted = days.map((stay, i) => Math.min(stay, longest * (first[i] as number)));
  const expected = crossFit(counted, codes, folds);
  return stays.map((_, i) => ({ days: counted[i] as number, expected: expected[i] as number }));
}

function quantile(values: Float64Array, share: number): number {
  return Float64Array.from(values).sort()[Math.floor(share * (values.length - 1))] as number;
}

/** A part of the patients, by a hash of their id (FNV-1a). */
function foldOf(patient: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < patient.length; i++) hash = Math.imul(hash ^ patient.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % FOLDS;
}

function crossFit(days: Float64Array, codes: readonly number[][], folds: readonly number[]): Float64Array {
  const expected = new Float64Array(days.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others: number[] = [];
    const own: number[] = [];
    folds.forEach((each, i) => {
      (each === fold ? own : others).push(i);
    });
    const { mean, factors } = fitFactors(days, codes, others);
    for (const i of own) {
      let product = mean;
      factors.forEach((factor, f) => {
        product *= factor[(codes[f] as number[])[i] as number] as number;
      });
      expected[i] = product;
    }
  }
  return expected;
}

/** Factors by feature and code. @param rows places of the stays that are learned from */
function fitFactors(days: Float64Array, codes: readonly number[][], rows: readonly number[]) {
  let mean = rows.reduce((sum, i) => sum + (days[i] as number), 0) / rows.length;
  const factors = codes.map((code) =>
    new Float64Array(code.reduce((most, each) => Math.max(most, each), 0) + 1).fill(1),
  );
  const product = new Float64Array(days.length).fill(mean);
  for (let round = 0; round < ROUNDS; round++)
    codes.forEach((code, f) => {
      const factor = factors[f] as Float64Array;
      const stayed = new Float64Array(factor.length).fill(PRIOR * mean);
      const others = new Float64Array(factor.length).fill(PRIOR * mean);
      for (const i of rows) {
        const level = code[i] as number;
        stayed[level] = (stayed[level] as number) + (days[i] as number);
        others[level] = (others[level] as number) + (product[i] as number) / (factor[level] as number);
      }
      for (const i of rows) {
        const level = code[i] as number;
        const now = (stayed[level] as number) / (others[level] as number);
        product[i] = ((product[i] as number) * now) / (factor[level] as number);
      }
      for (let level = 0; level < factor.length; level++)
        factor[level] = (stayed[level] as number) / (others[level] as number);
    });
  // Drawn to 1 the factors leave some days over or short in all.
  const total = rows.reduce((sum, i) => sum + (product[i] as number), 0);
  mean *= rows.reduce((sum, i) => sum + (days[i] as number), 0) / total;
  return { mean, factors };
}
