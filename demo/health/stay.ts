import { itemAt, requireValue } from '../../udfs/require-value.js';
import type { AdmissionFacts } from './admission.js';
import { calibration, type Effects, effects as fitted } from './calibration.js';
import type { Random } from './random.js';

/**
 * Model of a stay, given what is known at admission.
 *
 * Stays come in the eleven classes of the imitated data (coded 10, 20 … 110 days). Each attribute adds its
 * effect to one number, and the classes' shares are tilted by it: share(k) ∝ stay[k] · exp(k · effect). The
 * mean given the facts is therefore known exactly, which tests of models need (trueMean).
 *
 * The imitated data counts every stay as its class's upper edge, so all its lengths are multiples of 10. Here
 * a stay is a whole number of days around that code, as often above as below: lengths look like lengths, and
 * every published mean (which is a mean of codes) still holds. Drawing within the class's edges instead would
 * have made every mean 4.5 days shorter than what the published models were trained and judged on.
 */
export interface StayModel {
  /** Sum of the effects. */
  effect(facts: AdmissionFacts): number;
  /** Expected length of stay in days. */
  mean(effect: number): number;
  /** Shares of the classes. */
  shares(effect: number): number[];
}

/** Attributes (besides visitors) that move the stay: their key in the effects and how to read them. */
export const factors: readonly (readonly [string, (facts: AdmissionFacts) => string])[] = [
  ['department', (facts) => facts.DEPARTMENT],
  ['typeOfAdmission', (facts) => facts.TYPE_OF_ADMISSION],
  ['severity', (facts) => facts.SEVERITY_OF_ILLNESS],
  ['age', (facts) => facts.AGE],
  ['ward', (facts) => facts.WARD_TYPE],
  ['bedGrade', (facts) => String(facts.BED_GRADE)],
  ['hospitalType', (facts) => facts.HOSPITAL_TYPE_CODE],
  ['region', (facts) => facts.HOSPITAL_REGION_CODE],
  ['facility', (facts) => facts.WARD_FACILITY_CODE],
  ['rooms', (facts) => String(Math.min(facts.AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL, 8))],
];

/** Visitors count differently by ward: four in ward Q mean what three mean in ward R. */
export function visitorsForWard(facts: AdmissionFacts): number {
  return facts.VISITORS_WITH_PATIENT - (calibration.wardByVisitors.offset[facts.WARD_TYPE] ?? 0);
}

/** Finds x on a list of knots: the knot to its left and the part of the way to the next. */
export function locate(knots: readonly number[], x: number): { left: number; part: number } {
  const last = knots.length - 1;
  if (x <= itemAt(knots, 0)) return { left: 0, part: 0 };
  if (x >= itemAt(knots, last)) return { left: last - 1, part: 1 };
  let left = 0;
  while (itemAt(knots, left + 1) < x) left++;
  return { left, part: (x - itemAt(knots, left)) / (itemAt(knots, left + 1) - itemAt(knots, left)) };
}

/** Builds the model of the stay from effects. */
export function stayModel(effects: Effects): StayModel {
  const knots = effects.visitors.map(([visitors]) => visitors);
  const heights = effects.visitors.map(([, effect]) => effect);
  const tables = factors.map(([key, read]) => ({
    read,
    table: requireValue(effects.factors[key], `effects.factors[${key}]`),
  }));
  const { stay } = effects;
  return {
    effect(facts) {
      const { left, part } = locate(knots, visitorsForWard(facts));
      let sum = itemAt(heights, left) + part * (itemAt(heights, left + 1) - itemAt(heights, left));
      // A value that the effects do not know (a missing bed grade) moves nothing.
      for (const { read, table } of tables) sum += table[read(facts)] ?? 0;
      return sum;
    },
    mean(effect) {
      const step = Math.exp(effect);
      let weight = 1;
      let total = 0;
      let weighted = 0;
      for (let k = 0; k < stay.length; k++) {
        const share = itemAt(stay, k) * weight;
        total += share;
        weighted += share * (k + 1) * 10;
        weight *= step;
      }
      return weighted / total;
    },
    shares(effect) {
      const weights = stay.map((share, k) => share * Math.exp(k * effect));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / total);
    },
  };
}

const model = stayModel(fitted);

/** Expected length of stay in days of an admission: the best that any model could predict. */
export function trueMean(facts: AdmissionFacts): number {
  return model.mean(model.effect(facts));
}

/** Draws a length of stay in whole days. */
export function drawStay(facts: AdmissionFacts, stream: Random): number {
  const { stay } = fitted;
  const step = Math.exp(model.effect(facts));
  let total = 0;
  let weight = 1;
  for (let k = 0; k < stay.length; k++) {
    total += itemAt(stay, k) * weight;
    weight *= step;
  }
  let left = stream.nextNumber() * total;
  let k = 0;
  weight = 1;
  for (; k < stay.length - 1; k++) {
    left -= itemAt(stay, k) * weight;
    if (left < 0) break;
    weight *= step;
  }
  // The outer classes are wider: stays of 1 to 19 days, and of 101 to 119.
  const reach = k === 0 || k === stay.length - 1 ? 9 : 5;
  return Math.round((k + 1) * 10 + (2 * stream.nextNumber() - 1) * reach);
}
