/**
 * Finds the effects (effects.json) at which generated stays have the published means and class shares:
 * iterative proportional fitting. Run by hand when calibration.json changes:
 *   node dist/bench/fit-health.js
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdmissionFacts } from '../demo/health/admission.js';
import type { Calibration, Effects } from '../demo/health/calibration.js';
import { projectRoot } from '../deploy/project.js';
import { itemAt, requireValue } from '../udfs/require-value.js';

type Table = Record<string, number>;
const knots = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24];
const rounds = 60;

/** Number of visitors in the published table of means: those between two entries count as the lower. */
function visitorsGroup(visitors: number, groups: readonly number[]): number {
  let found = itemAt(groups, 0);
  for (const group of groups) if (group <= visitors) found = group;
  return found;
}

/** Fits over a sample of admissions. Effects are centred within each factor: the stay's shares carry the level. */
async function fitEffects(sample: readonly AdmissionFacts[], calibration: Calibration): Promise<Effects> {
  const { locate, factors, stayModel, visitorsForWard } = await import('../demo/health/stay.js');
  const { stay } = calibration;
  const scale = stay.mean / stay.publishedMean;
  const wanted = Object.values(stay.shares);
  const base = [...wanted];
  const tables: Record<string, Table> = {};
  const targets: Record<string, Table> = {};
  for (const [key] of factors) {
    const factor = calibration[key as 'department'];
    // Rooms' means were derived at the level of stay.mean already, like the visitors'.
    targets[key] = Object.fromEntries(
      Object.entries(factor.meanStay).map(([value, mean]) => [value, key === 'rooms' ? mean : mean * scale]),
    );
    tables[key] = Object.fromEntries(Object.keys(targets[key]).map((value) => [value, 0]));
  }
  const heights = knots.map(() => 0);
  const groups = Object.keys(calibration.visitors.meanStay).map(Number);
  const groupOf = sample.map((facts) => visitorsGroup(facts.VISITORS_WITH_PATIENT, groups));
  const placeOf = sample.map((facts) => locate(knots, visitorsForWard(facts)));

  for (let round = 0; round < rounds; round++) {
    const model = stayModel({
      stay: base,
      factors: tables,
      visitors: knots.map((k, i) => [k, itemAt(heights, i)]),
    });
    const shares = sample.map((facts) => model.shares(model.effect(facts)));
    const means = shares.map((row) => row.reduce((sum, share, k) => sum + share * (k + 1) * 10, 0));
    const variances = shares.map((row, i) =>
      row.reduce((sum, share, k) => sum + share * ((k + 1) * 10 - itemAt(means, i)) ** 2, 0),
    );
    // Shares of the classes.
    const found = base.map((_, k) => shares.reduce((sum, row) => sum + itemAt(row, k), 0) / sample.length);
    base.forEach((share, k) => {
      base[k] = share * (itemAt(wanted, k) / itemAt(found, k)) ** 0.7;
    });
    const total = base.reduce((a, b) => a + b, 0);
    base.forEach((share, k) => {
      base[k] = share / total;
    });
    // Effects: a step of Newton's method, the derivative of the mean by the effect being variance / 10.
    for (const [key, read] of factors) {
      const sums: Record<string, { n: number; mean: number; variance: number }> = {};
      sample.forEach((facts, i) => {
        const value = read(facts);
        const sum = sums[value] ?? { n: 0, mean: 0, variance: 0 };
        sum.n++;
        sum.mean += itemAt(means, i);
        sum.variance += itemAt(variances, i);
        sums[value] = sum;
      });
      let centre = 0;
      const table = requireValue(tables[key], `effects of ${key}`);
      for (const [value, sum] of Object.entries(sums)) {
        const target = requireValue(targets[key], `targets of ${key}`)[value];
        if (target === undefined) continue;
        const effect = (table[value] ?? 0) + (0.5 * 10 * (target * sum.n - sum.mean)) / sum.variance;
        table[value] = effect;
        centre += (effect * sum.n) / sample.length;
      }
      for (const [value, effect] of Object.entries(table)) table[value] = effect - centre;
    }
    // Visitors: the lack of each published group, spread over the knots its rows lie between.
    const groupSums = new Map<number, { n: number; mean: number }>();
    groupOf.forEach((group, i) => {
      const sum = groupSums.get(group) ?? { n: 0, mean: 0 };
      sum.n++;
      sum.mean += itemAt(means, i);
      groupSums.set(group, sum);
    });
    const lack = knots.map(() => ({ lack: 0, variance: 0 }));
    sample.forEach((_, i) => {
      const group = itemAt(groupOf, i);
      const sum = requireValue(groupSums.get(group), `sums of ${group} visitors`);
      const missing =
        requireValue(calibration.visitors.meanStay[group], `mean stay of ${group} visitors`) -
        sum.mean / sum.n;
      const { left, part } = itemAt(placeOf, i);
      for (const [knot, weight] of [
        [left, 1 - part],
        [left + 1, part],
      ] as const) {
        itemAt(lack, knot).lack += weight * missing;
        itemAt(lack, knot).variance += weight * itemAt(variances, i);
      }
    });
    lack.forEach(({ lack: missing, variance }, knot) => {
      if (variance > 0) heights[knot] = itemAt(heights, knot) + (0.5 * 10 * missing) / variance;
    });
    // More visitors never shorten a stay; sparse knots would otherwise jump about.
    for (let knot = 1; knot < knots.length; knot++)
      heights[knot] = Math.max(itemAt(heights, knot), itemAt(heights, knot - 1));
  }
  const round = (x: number) => Math.round(x * 1e5) / 1e5;
  return {
    stay: base.map(round),
    factors: Object.fromEntries(
      Object.entries(tables).map(([key, table]) => [
        key,
        Object.fromEntries(Object.entries(table).map(([value, effect]) => [value, round(effect)])),
      ]),
    ),
    visitors: knots.map((knot, i) => [knot, round(itemAt(heights, i))]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(projectRoot, 'demo/health');
  const calibration = JSON.parse(readFileSync(join(folder, 'calibration.json'), 'utf8')) as Calibration;
  const { admissionFacts } = await import('../demo/health/facts.js');
  const { drawAdmittedPatients } = await import('../demo/health/patients.js');
  const { random } = await import('../demo/health/random.js');
  const stream = random(1, 'fit');
  const sample = drawAdmittedPatients(1, 100_000).map((patient) => admissionFacts(patient, stream));
  const effects = await fitEffects(sample, calibration);
  writeFileSync(join(folder, 'effects.json'), `${JSON.stringify(effects, null, 1)}\n`);
  console.log(effects);
}
