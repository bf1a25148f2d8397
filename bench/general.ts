import { dayOf, isoOf } from '../demo/general/calendar.js';
import { generateGeneral } from '../demo/general/generate.js';
import { foundHospital } from '../demo/general/load.js';
import { meanOf } from '../demo/general/stay.js';
import { forDataset } from '../deploy/dataset/context.js';
import { promote } from '../deploy/model/promote.js';
import { findVersion } from '../deploy/model/registry.js';
import { trainVersion } from '../deploy/model/train.js';
import { apply } from '../deploy/operate/apply.js';
import { runGraph } from '../deploy/scoring/graph.js';
import { objectOf } from '../procedures/dataset/feature-sql.js';
import { namesOf } from '../procedures/versions/registry.js';
import type { Benchmark, Measurement } from './harness.js';
import { inLocalCloud } from './pipeline.js';

/** Days of admissions to learn from: more than the demo has, which is made to be short. */
const DAYS = 300;
const LAST = '2026-11-29';
/** Fresh admissions that are asked about. */
const FRESH = 50_000;
/** In so many parts. */
const PART = 2000;

/** What a model recovers of the made-up general hospital, of which the truth is known. */
export const benchmark: Benchmark = {
  name: 'general',
  description: `The model that a training makes on ${DAYS} days of the made-up general hospital, with the candidates of \`los demo\`, asked about 50,000 fresh admissions whose expected stay is known by construction. The best that any model could do is R² of the truth.`,
  async run({ log }) {
    return await inLocalCloud(
      'general',
      async (root) => {
        const { ctx, contract } = forDataset(root, 'sql/datasets/general.yaml');
        log('found the hospital, and train');
        await foundHospital(ctx, { seed: 20261130, lastDay: LAST, days: DAYS }, LAST);
        await apply(ctx);
        await runGraph(ctx, contract);
        const { version } = await trainVersion(ctx, contract, { candidates: ['squared-error', 'gamma'] });
        await promote(ctx, contract, version, { force: true });
        const { predict } = namesOf(ctx.settings, await findVersion(ctx, contract, version));
        log('ask about fresh admissions');
        const fresh = generateGeneral({
          seed: 4711,
          lastDay: isoOf(dayOf(LAST) - 1),
          days: 560,
        }).encounters.slice(0, FRESH);
        const text = (value: string | number | null) =>
          value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`;
        const predicted: number[] = [];
        for (let from = 0; from < fresh.length; from += PART) {
          const values = fresh
            .slice(from, from + PART)
            .map(
              ({ facts: f }, i) =>
                `(${[from + i, f.type, f.ward, f.diagnosis, f.comorbidities, f.age, f.sex, f.living, f.news, f.creatinine, f.crp, isoOf(f.day)].map(text).join(', ')})`,
            );
          const rows = await ctx.snowflake.query<{ I: number; DAYS: number }>(
            `SELECT I, ${predict}(${objectOf(Object.keys(contract.features))}):days::FLOAT AS DAYS FROM (
SELECT $1 AS I, $2 AS ADMISSION_TYPE, $3 AS WARD, $4 AS DIAGNOSIS, $5 AS COMORBIDITIES, $6 AS AGE, $7 AS SEX, $8 AS LIVING,
  $9 AS NEWS, $10 AS CREATININE, $11 AS CRP, DAYNAME($12::DATE) AS ADMISSION_DAY FROM VALUES ${values.join(', ')})`,
          );
          for (const { I, DAYS: days } of rows) predicted[Number(I)] = Number(days);
        }
        return figures(
          predicted,
          fresh.map(({ facts }) => meanOf(facts)),
          fresh.map(({ nights }) => nights),
        );
      },
      'mail: { to: [] }',
    );
  },
};

function figures(
  predicted: readonly number[],
  truth: readonly number[],
  stays: readonly number[],
): Measurement[] {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const middle = mean(stays);
  const square = (of: readonly number[], other: readonly number[]) =>
    mean(of.map((value, i) => (value - (other[i] ?? Number.NaN)) ** 2));
  const total = mean(stays.map((value) => (value - middle) ** 2));
  const best = 1 - square(truth, stays) / total;
  const reached = 1 - square(predicted, stays) / total;
  return [
    { what: 'R² of the truth', value: best, unit: '', digits: 4 },
    { what: 'R² of the model', value: reached, unit: '', digits: 4 },
    { what: 'of what the truth allows', value: reached / best, unit: '', digits: 3, limit: '≥ 0.95' },
    {
      what: 'distance of the predicted from the expected stay (root mean square)',
      value: Math.sqrt(square(predicted, truth)),
      unit: 'days',
      digits: 2,
    },
    { what: 'predicted less expected, mean', value: mean(predicted) - mean(truth), unit: 'days', digits: 2 },
  ];
}
