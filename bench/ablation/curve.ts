import { loadCsv } from '../../contracts/files/load-csv.js';
import { compileEntry } from '../../deploy/compile/compile.js';
import { createFunctionSql } from '../../deploy/compile/sql.js';
import type { Context } from '../../deploy/context.js';
import { findVersion } from '../../deploy/model/registry.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject, featureSelect } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { patientNumber } from '../../procedures/fitting/split.js';
import { patientOf } from '../../procedures/ground/small-groups.js';
import type { CandidateResult } from '../../procedures/training/run.js';
import { namesOf } from '../../procedures/versions/registry.js';
import { fitBands, type IntervalRow } from '../../udfs/fitting/intervals.js';
import type { Model } from '../../udfs/model.js';
import type { Benchmark, Measurement } from '../harness.js';
import { gainOf } from '../models/paired.js';
import { trained } from '../models/trained.js';
import { ONLY, SETS } from './sets.js';

/** What a correction is switched off by, in the trained model; null: the model has none. */
const WITHOUT: Readonly<Record<string, (model: Model) => Model | null>> = {
  'the hazard multiplier': (model) => (model.paces ? { ...model, paces: { all: 1 } } : null),
};

/** What each correction of curves and intervals gains, in the same version on the same stays. */
export const benchmark: Benchmark = {
  name: 'ablation-curve',
  description: `What each correction of curves gains: sets of real and made-up admissions (../shared/data; HDHI on six evenings, with the two months after each), each trained by the product with the settings as they come, and the trained version asked as it is and with one correction switched off in its model. Sets but HDHI are trained without the refit and asked about their holdouts, their intervals fitted anew without the correction. CRPS and the score of the 80 % interval (its width, and ten times what a stay lies outside) without it less with it: above 0 it gains; 95 % intervals by a bootstrap over patients. LOS_ABLATION=SPARCS runs the sets whose names begin so.`,
  async run({ log }): Promise<Measurement[]> {
    const measured: Measurement[] = [];
    for (const [name, set] of Object.entries(SETS))
      if (name.startsWith(ONLY)) {
        const { training, later } = set();
        await trained(training, async (ctx, contract, version, folder) => {
          if (later) {
            await ctx.snowflake.execute(`CREATE TABLE LATER LIKE ${contract.table}`);
            await loadCsv(ctx, contract, later(folder), 'LATER');
          }
          const [row] = await ctx.snowflake.query<{
            MODEL: Model;
            CANDIDATES: CandidateResult[];
            CHOSEN: string;
          }>(
            'SELECT MODEL, LINEAGE:candidates AS CANDIDATES, PARAMETERS:candidate::VARCHAR AS CHOSEN FROM LOS_MODEL_REGISTRY WHERE VERSION = ?',
            [version],
          );
          const { MODEL: model, CANDIDATES: candidates, CHOSEN: chosen } = row!;
          const ranks = [...candidates].sort((a, b) => (a.crps ?? 1e9) - (b.crps ?? 1e9));
          log(
            `${name}: ${chosen} of ${ranks.map((one) => `${one.name} ${one.crps?.toFixed(4) ?? 'lost'}`).join(', ')}; paces ${JSON.stringify(model.paces ?? null)}`,
          );
          const stays = later ? laterSql(contract) : sideSql(ctx, contract, 'holdout');
          // A refit has learned from the rows that validate, so it keeps the intervals of the model before it.
          const calibrate = (of: Model) =>
            later ? Promise.resolve(of) : calibrated(ctx, contract, version, of);
          const asIs = await scored(ctx, contract, version, await calibrate(model), stays);
          measured.push({
            what: `${name}: CRPS`,
            value: meanOf(asIs, ({ crps }) => crps),
            unit: 'days',
            digits: 4,
          });
          log(`${name}: ${asIs.length} stays, ${summary(asIs)}`);
          for (const [correction, off] of Object.entries(WITHOUT)) {
            const other = off(model);
            if (other === null) continue;
            const without = await scored(ctx, contract, version, await calibrate(other), stays);
            log(`${name}, without ${correction}: ${summary(without)}`);
            for (const score of ['crps', 'interval'] as const) {
              const { gain, low, high } = gainOf(
                asIs.map((one, i) => ({
                  patient: one.patient,
                  with: one[score],
                  without: without[i]![score],
                })),
              );
              measured.push(
                { what: `${name}: ${score} gained by ${correction}`, value: gain, unit: 'days', digits: 4 },
                { what: '· from', value: low, unit: 'days', digits: 4 },
                { what: '· to', value: high, unit: 'days', digits: 4 },
              );
              log(
                `${name}: ${score} gained by ${correction} ${gain.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`,
              );
            }
          }
        });
      }
    return measured;
  },
};

/** A stay that a version was asked about. */
interface Scored {
  readonly patient: string;
  readonly los: number;
  readonly days: number;
  readonly crps: number;
  /** 1 where it lies in the 80 % interval. */
  readonly inside: number;
  /** Score of the 80 % interval: its width, and ten times what the stay lies outside (Gneiting and Raftery 2007). */
  readonly interval: number;
  readonly groups: readonly string[];
}

function meanOf(stays: readonly Scored[], of: (one: Scored) => number): number {
  return stays.reduce((sum, one) => sum + of(one), 0) / stays.length;
}

function summary(stays: readonly Scored[]): string {
  const groups = new Map<string, Scored[]>();
  for (const one of stays)
    one.groups.forEach((group, i) => {
      groups.set(`${i} ${group}`, [...(groups.get(`${i} ${group}`) ?? []), one]);
    });
  const off = [...groups.values()]
    .filter((some) => some.length >= 200)
    .map((some) => meanOf(some, ({ inside }) => inside));
  return `CRPS ${meanOf(stays, ({ crps }) => crps).toFixed(4)}, days ÷ true ${(meanOf(stays, ({ days }) => days) / meanOf(stays, ({ los }) => los)).toFixed(4)}, inside ${meanOf(stays, ({ inside }) => inside).toFixed(4)}, interval ${meanOf(stays, ({ interval }) => interval).toFixed(3)}, groups ${Math.min(...off).toFixed(3)} to ${Math.max(...off).toFixed(3)}`;
}

/** Rows with their features, STAY_ID, STAY_PATIENT and STAY. */
function sideSql(ctx: Context, contract: Contract, side: 'validation' | 'holdout'): string {
  const set = `${ctx.settings.snowflake.database}.${ctx.settings.snowflake.schema}.${datasetNames(contract).trainingSet}`;
  return `SELECT *, TO_VARCHAR(${contract.id}) AS STAY_ID, ${patientOf(contract)} AS STAY_PATIENT, LOS AS STAY FROM ${set} WHERE ROW_SIDE = '${side}'`;
}

function laterSql(contract: Contract): string {
  return `SELECT f.*, TO_VARCHAR(f.${contract.id}) AS STAY_ID, TO_VARCHAR(l.${contract.patient}) AS STAY_PATIENT,
  DATEDIFF(day, l.${contract.admission}, l.${contract.discharge})::FLOAT AS STAY
FROM (${featureSelect(contract, 'LATER')}) AS f JOIN LATER AS l ON l.${contract.id} = f.${contract.id}`;
}

/** The model with intervals that are fitted to what it says of the validation rows. */
async function calibrated(ctx: Context, contract: Contract, version: string, model: Model): Promise<Model> {
  const predict = await serve(ctx, contract, version, { ...model, bands: [] });
  const rows = await ctx.snowflake.query<Record<string, unknown>>(
    `SELECT STAY_ID, P, LOS, ROW_WEIGHT AS W, D:days::FLOAT AS DAYS, ${errorSql(model)} AS OFF
FROM (
  SELECT *, LOS_EVALUATE_CURVE(D:curve::OBJECT, LOS) AS J FROM (
    SELECT *, ${predict}(${featureObject(contract)}) AS D, ${patientNumber(contract)} AS P FROM (${sideSql(ctx, contract, 'validation')})
  )
) WHERE D:days IS NOT NULL`,
  );
  const validated = rows.map(
    (row): IntervalRow => ({
      id: String(row.STAY_ID),
      predicted: Number(row.DAYS),
      error: Number(row.OFF),
      weight: Number(row.W ?? 1),
      patient: Number(row.P),
    }),
  );
  return { ...model, bands: fitBands(validated).bands };
}

/** Asks a model about stays. */
async function scored(
  ctx: Context,
  contract: Contract,
  version: string,
  model: Model,
  stays: string,
): Promise<Scored[]> {
  const groups = groupsOf(contract);
  const predict = await serve(ctx, contract, version, model);
  const answers = await ctx.snowflake.query<Record<string, unknown>>(
    `SELECT STAY_ID, STAY_PATIENT, STAY, D:days::FLOAT AS DAYS, D:low::FLOAT AS LOW, D:high::FLOAT AS HIGH,
  LOS_EVALUATE_CURVE(D:curve::OBJECT, STAY)[0]::FLOAT AS CRPS${keysSql(groups)}
FROM (SELECT *, ${predict}(${featureObject(contract)}) AS D FROM (${stays})) ORDER BY STAY_ID`,
  );
  return answers.map((row) => {
    const [los, low, high] = [Number(row.STAY), Number(row.LOW), Number(row.HIGH)];
    if (row.CRPS === null) throw new Error(`Stay ${row.STAY_ID} has no answer.`);
    return {
      patient: String(row.STAY_PATIENT),
      los,
      days: Number(row.DAYS),
      crps: Number(row.CRPS),
      inside: los >= low && los <= high ? 1 : 0,
      interval: high - low + 10 * (Math.max(0, low - los) + Math.max(0, los - high)),
      groups: groups.map((_, i) => String(row[`G${i}`])),
    };
  });
}

/** Groups that are known on admission. */
function groupsOf(contract: Contract): readonly (readonly string[])[] {
  return contract.groups.filter((names) => names.every((name) => contract.features[name]));
}

function keysSql(groups: readonly (readonly string[])[]): string {
  return groups
    .map(
      (names, i) =>
        `, ${names.map((name) => `COALESCE(TO_VARCHAR(${name}), '')`).join(" || '|' || ")} AS G${i}`,
    )
    .join('');
}

/** How far a stay lies from the middle, as procedures/judging/intervals.ts tells it. */
function errorSql({ ends }: Model): string {
  if (ends === undefined) return 'LOS - D:days::FLOAT';
  const gone =
    'LEAST(GREATEST(J[1]::FLOAT + (J[2]::FLOAT - J[1]::FLOAT) * (LOS - CEIL(LOS) + 1), 0.0001), 0.9999)';
  return `LN(${gone} / (1 - ${gone}))`;
}

/** Puts a model behind a version's endpoint, under a name of its own. @returns the function that asks it */
async function serve(ctx: Context, contract: Contract, version: string, model: Model): Promise<string> {
  const entry = await findVersion(ctx, contract, version);
  const { predict } = namesOf(ctx.settings, entry);
  const [made] = await ctx.snowflake.query<{ DDL: string }>(
    `SELECT GET_DDL('FUNCTION', '${predict}(OBJECT)') AS DDL`,
  );
  const compiled = await compileEntry('udfs/translators/request-translator.ts', { define: { MODEL: model } });
  await ctx.snowflake.execute(
    createFunctionSql({ ...compiled, signature: { ...compiled.signature, name: 'ABLATION_REQUEST' } }),
  );
  const ddl = made!.DDL.replace(/\bPREDICT_LOS_\w+\b/gi, 'ABLATION_PREDICT').replace(
    /\bLOS_REQUEST_\w+\b/gi,
    'ABLATION_REQUEST',
  );
  await ctx.snowflake.execute(ddl.replace(/^create (or replace )?/i, 'CREATE OR REPLACE '));
  return 'ABLATION_PREDICT';
}
