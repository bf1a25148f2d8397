import type { Context } from '../../deploy/context.js';
import { versions as registered } from '../../deploy/model/registry.js';
import { namesOf } from '../../procedures/versions/registry.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { ChangingHospital, type Facts, meanStay, varianceOfStay, type World } from './hospital.js';

/** So many made-up patients stand for all who could come. */
const PATIENTS = 800;

/**
 * Root mean squared error of versions on patients of a world, over that of who knows the truth: 1 is the best that anybody can do.
 * The patients are the same for all versions, and no stay is drawn: its expectation and variance are known.
 * @param versions such as `health-v3`, whose endpoints answer
 */
export async function trueErrors(ctx: Context, versions: readonly string[], world: World): Promise<number[]> {
  const hospital = new ChangingHospital(99, () => world);
  const facts: Facts[] = Array.from({ length: PATIENTS }, () => hospital.facts(0));
  const known = await registered(ctx);
  const predict = (version: string) =>
    namesOf(
      ctx.settings,
      requireValue(
        known.find((entry) => entry.version === version),
        version,
      ),
    ).predict;
  const rows = await ctx.snowflake.query<Record<string, number>>(
    `SELECT I, ${versions.map((version, i) => `${predict(version)}(F):days::FLOAT AS P${i}`).join(', ')} FROM (
SELECT $6 AS I, OBJECT_CONSTRUCT('AGE', $1, 'SEVERITY_OF_ILLNESS', $2, 'WARD_TYPE', $3, 'DEPARTMENT', $4, 'ADMISSION_DEPOSIT', $5, 'ADMISSION_ILLNESS', 'None-' || $2, 'ILLNESS_BEDGRADE', $2 || '-0', 'DEPARTMENT_ILLNESS', $4 || '-' || $2) AS F
FROM VALUES ${facts.map((f, i) => `('${f.AGE}', '${f.SEVERITY_OF_ILLNESS}', '${f.WARD_TYPE}', '${f.DEPARTMENT}', ${f.ADMISSION_DEPOSIT}, ${i})`).join(', ')})`,
  );
  let best = 0;
  let own = versions.map(() => 0);
  for (const row of rows) {
    const expected = meanStay(itemAt(facts, Number(row.I)), world);
    const noise = varianceOfStay(expected);
    best += noise;
    own = own.map((sum, i) => sum + noise + (Number(row[`P${i}`]) - expected) ** 2);
  }
  return own.map((sum) => Math.sqrt(sum / best));
}
