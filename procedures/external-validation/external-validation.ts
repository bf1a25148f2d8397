import type { Contract } from '../dataset/contract.js';
import { columnsBesideInputs, featureSelect, losExpression } from '../dataset/feature-sql.js';
import { withHistory } from '../dataset/history.js';
import { firstOpenDay } from '../fitting/cohort.js';
import { flatMap } from '../ground/lists.js';
import { dateLiteral, literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS, groupSelect, markSmallGroups } from '../ground/small-groups.js';
import { execute, query, queryFirst, Refused, type Work } from '../ground/work.js';
import { endpointStatus } from '../jobs/endpoint.js';
import { groupingsOf, measuresSql, ofThePrediction, pitSql } from '../judging/evaluate.js';
import { type Measure, measuresIn } from '../judging/measures.js';
import { championOf, findVersion, namesOf, type RegistryEntry, recordOf } from '../versions/registry.js';
import { sourceRows } from './source.js';

/** How a version does on another hospital’s stays, which it was not trained on (external validation, as TRIPOD calls it). */
export interface ExternalValidation {
  readonly version: string;
  /** The other hospital's contract, by its name. */
  readonly dataset: string;
  readonly patients: number;
  /** Admissions from this day on are left out, for too many of their stays had not ended; null: none are. */
  readonly before: string | null;
  /** The version's inputs of which this hospital says nothing, and the columns that its table lacks. */
  readonly missing: { readonly features: readonly string[]; readonly columns: readonly string[] };
  /** Inputs of which stays have a level that is new to the version or was rare in its training, with the share of stays. */
  readonly unseen: readonly { readonly feature: string; readonly share: number }[];
  /** As LOS_EVALUATION_METRICS has them of a version's own holdout; the predictor `mean` is the mean stay here. */
  readonly measures: readonly Measure[];
  /** On the holdout of the hospital that it was trained on, in days. */
  readonly home: { readonly rmse: number; readonly mae: number; readonly r2: number };
}

/** More stays would only cost requests. */
const MOST_STAYS = 20_000;
/** Temporary tables of the stays with what was predicted, and of the measures. */
const STAYS = 'LOS_EXTERNAL_VALIDATION_TMP';
const MEASURES = 'LOS_EXTERNAL_VALIDATION_METRICS_TMP';

/**
 * Has a version predict the ended stays of another hospital's table, and measures it as on its own holdout. Nothing is
 * kept, and only figures of ten patients and more come out.
 * @param name a version; null: the champion
 * @param other the other hospital's contract. It is SQL that runs with the caller's rights
 */
export function* validateExternally(
  plan: Plan,
  name: string | null,
  other: Contract,
): Work<ExternalValidation> {
  const { settings } = plan;
  const entry = yield* answering(plan, name);
  const { model, metrics } = yield* recordOf(settings, entry.version);
  const source = yield* sourceRows(other, settings);
  const inputs = model.features.map((code) => code.name);
  const told = inputs.filter((input) => isTold(other, input, source.missing));
  if (told.length === 0)
    throw new Refused(
      `${other.name} says nothing of any input of ${entry.version} (${inputs.join(', ')}).`,
      "Write features of these names into its contract, computed by sql: from that table's columns.",
    );
  // Groups of which intervals are wider need not be inputs.
  const grouping = flatMap(model.widenings || [], ({ features }) => features).filter(
    (name, i, all) =>
      inputs.indexOf(name) < 0 && all.indexOf(name) === i && isTold(other, name, source.missing),
  );
  const before = yield* openFrom(other, source.rows);
  const stays = qualify(settings, STAYS);
  const target = qualify(settings, MEASURES);
  yield* execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${stays} AS ${staysSql(plan, entry, other, source.rows, told.concat(grouping), before)}`,
  );
  try {
    const count = yield* queryFirst(
      `SELECT COUNT(DISTINCT PATIENT) AS N, AVG(LOS) AS MEAN_LOS FROM ${stays}`,
    );
    const patients = Number(count?.N || 0);
    if (patients < FEWEST_PATIENTS)
      throw new Refused(
        `${other.table} has ended stays of ${patients} patients: figures of fewer than ${FEWEST_PATIENTS} are not told.`,
        'Load more of its admissions.',
      );
    yield* markSmallGroups(stays, groupingsOf(other));
    yield* execute(
      `CREATE OR REPLACE TEMPORARY TABLE ${target} AS SELECT * FROM ${qualify(settings, 'LOS_EVALUATION_METRICS')} WHERE FALSE`,
    );
    yield* execute(
      measuresSql(plan, other, {
        target,
        version: entry.version,
        holdout: stays,
        predictors: [
          { name: 'model', days: 'PREDICTED_LOS', crps: 'CRPS', chance: 'GONE_BY - GONE_BEFORE' },
          { name: 'mean', days: `${Number(count?.MEAN_LOS)}::FLOAT` },
        ],
      }),
    );
    return {
      version: entry.version,
      dataset: other.name,
      patients,
      before,
      missing: { features: inputs.filter((input) => told.indexOf(input) < 0), columns: source.missing },
      unseen: yield* findUnseenLevels(stays),
      measures: yield* measuresIn(target, entry.version),
      home: { rmse: metrics.rmse, mae: metrics.mae, r2: metrics.r2 },
    };
  } finally {
    yield* execute(`DROP TABLE IF EXISTS ${stays}`);
    yield* execute(`DROP TABLE IF EXISTS ${target}`);
  }
}

/** @throws Refused where there is no such version, or it does not answer any more */
function* answering({ contract, settings }: Plan, name: string | null): Work<RegistryEntry> {
  const entry = name
    ? yield* findVersion(settings, contract.name, name)
    : yield* championOf(settings, contract.name);
  if (!entry)
    throw new Refused(`No version of ${contract.name} is the champion.`, 'Promote one, or name a version.');
  if (entry.endpoint === null || (yield* endpointStatus(entry.endpoint)) !== 'InService')
    throw new Refused(
      `${entry.version} has no endpoint that answers.`,
      'Name a version that has one (los model list).',
    );
  return entry;
}

/** Whether the table says anything of an input: the contract has it, and not only from columns that are missing. */
function isTold(
  { features, columns, sources = {} }: Contract,
  input: string,
  missing: readonly string[],
): boolean {
  const feature = features[input];
  if (!feature) return false;
  if (feature.history) return true;
  const lacks = (column: string) => missing.indexOf(sources[column] || column) >= 0;
  if (feature.sql === undefined) return !lacks(input);
  const sql = feature.sql;
  const named = Object.keys(columns).filter((column) => new RegExp(`\\b${column}\\b`, 'i').test(sql));
  return named.length === 0 || !named.every(lacks);
}

/** Of late admissions only the short stays have ended. */
function* openFrom(other: Contract, rows: string): Work<string | null> {
  const { admission, discharge } = other;
  if (!admission || !discharge) return null;
  return yield* firstOpenDay(`(SELECT ${admission}, ${losExpression(other)} AS LOS FROM ${rows})`, admission);
}

function staysSql(
  plan: Plan,
  entry: RegistryEntry,
  other: Contract,
  rows: string,
  told: readonly string[],
  before: string | null,
): string {
  const { settings } = plan;
  // A group may be of a column that is no input.
  const there = new Set([...Object.keys(other.features), ...columnsBesideInputs(other)]);
  const passed = Array.from(new Set(flatMap(other.groups, (names) => names))).filter(
    (name) => !there.has(name),
  );
  const grouped = groupSelect(
    groupingsOf(other),
    `e.${other.patient || other.id}`,
    (name) => ofThePrediction(name, other.id) || `e.${name}`,
  );
  return sqlText(plan, 'evaluation/external-validation', {
    most: String(MOST_STAYS),
    features: featureSelect(
      other,
      withHistory(other, (values) => sqlText(plan, 'features/history', values), rows, rows),
      passed,
    ),
    object: `OBJECT_CONSTRUCT(${told.map((name) => `${literal(name)}, ${name}`).join(', ')})`,
    judge: qualify(settings, 'LOS_EVALUATE_CURVE'),
    predict: qualify(settings, namesOf(settings, entry).predict),
    id: other.id,
    condition: before === null ? '' : ` AND ${other.admission} < ${dateLiteral(before)}`,
    pit: pitSql('LOS_JUDGED[1]::FLOAT', 'LOS_JUDGED[2]::FLOAT', other.id),
    grouped: grouped.join(', '),
  });
}

/** The inputs with unseen levels, most first; of fewer than ten patients nothing is said. */
function* findUnseenLevels(stays: string): Work<ExternalValidation['unseen']> {
  const rows = yield* query(
    `SELECT u.VALUE::VARCHAR AS FEATURE, COUNT(*) / MAX(n.N) AS SHARE
FROM ${stays} AS s, LATERAL FLATTEN(s.UNSEEN) AS u, (SELECT COUNT(*) AS N FROM ${stays}) AS n
GROUP BY 1 HAVING COUNT(DISTINCT s.PATIENT) >= ${FEWEST_PATIENTS} ORDER BY SHARE DESC, FEATURE`,
  );
  return rows.map((row) => ({ feature: String(row.FEATURE), share: Number(row.SHARE) }));
}
