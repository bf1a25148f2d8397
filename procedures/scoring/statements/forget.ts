import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { hasEvents } from '../../dataset/origin/events.js';
import { patientHash } from '../../dataset/origin/forgotten.js';
import { originsOf, readsOthers, relationName } from '../../dataset/origin/relation.js';
import { rawName, sourceName } from '../../dataset/raw.js';
import { sortBy } from '../../ground/lists.js';
import { literal, type Place, placeOf, qualify } from '../../ground/names.js';
import type { PlanSource } from '../../object.js';
import { forgetCounts } from '../../records/counted.js';
import type { CountedTable } from '../../records/counted-table.js';
import type { ForgetPlan } from '../plans.js';

/** The ids of a list that is bound as JSON: what a table is erased by in one statement. */
const IDS = 'IN (SELECT VALUE::VARCHAR FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))))';

/** Settings that make places where copies are kept known, and until when. */
export interface ForgetSettings extends Place {
  readonly aws: { readonly trainingFilesDays: number };
}

/** Plans what both procedures are compiled with. */
export function planErasure(source: PlanSource<ForgetSettings>): ForgetPlan {
  const { contract, settings, erasures, counted } = source;
  const { id, admission, name } = contract;
  const versions = source.sql('sql/scoring/learned.sql', {
    evaluation: qualify(settings, 'LOS_EVALUATION'),
    registry: qualify(settings, 'LOS_MODEL_REGISTRY'),
    features: qualify(settings, datasetNames(contract).features),
    dataset: literal(name),
    versions: literal(`${name}-v`),
    id,
    day: admission === undefined ? 'NULL' : `TO_VARCHAR(TO_DATE(${admission}), 'YYYY-MM-DD')`,
  });
  return forgetPlan(contract, settings, erasures, counted, versions);
}

/** Takes a patient's id twice. */
function rememberSql({ name }: Contract, settings: ForgetSettings): string {
  const table = qualify(settings, 'LOS_FORGOTTEN');
  return `INSERT INTO ${table} (DATASET, ID_HASH, FORGOTTEN_AT) SELECT ${literal(name)}, ${patientHash('?')}, CURRENT_TIMESTAMP()
WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE DATASET = ${literal(name)} AND ID_HASH = ${patientHash('?')})`;
}

/**
 * The statements of FORGET_ADMISSION and FORGET_PATIENT: every table in which the id of an admission stands.
 * @param erasures of the tables that are deployed, each by one id; those of a training and of a demo come and go
 * @param versions which versions learned from admissions (sql/scoring/learned.sql)
 */
export function forgetPlan(
  contract: Contract,
  settings: ForgetSettings,
  erasures: readonly { readonly table: string; readonly sql: string }[],
  counted: readonly CountedTable[],
  versions: string,
): ForgetPlan {
  const names = datasetNames(contract);
  const { id, patient } = contract;
  // What builds features and scores changes these before all else: an erasure that came to them last could be in a deadlock with it.
  const others = (table: string) => (table === names.waiting ? 1 : 2);
  const rank = ({ table }: { readonly table: string }) => (table === names.changed ? 0 : others(table));
  const stepById = (table: string, column: string = id) => ({
    table,
    sql: `DELETE FROM ${qualify(settings, table)} WHERE TO_VARCHAR(${column}) ${IDS}`,
  });
  const idsIn = (table: string, ofId: string, ofPatient: string) =>
    `SELECT DISTINCT TO_VARCHAR(${ofId}) AS ID FROM ${qualify(settings, table)} WHERE TO_VARCHAR(${ofPatient}) = ?`;
  return {
    place: placeOf(settings),
    dataset: contract.name,
    table: contract.table,
    runLog: qualify(settings, 'LOS_RUN_LOG'),
    ...(patient === undefined
      ? {}
      : {
          ...(readsOthers(contract) ? { remember: rememberSql(contract, settings) } : {}),
          admissions: [
            idsIn(names.raw, rawName(contract, id), rawName(contract, patient)),
            idsIn(names.features, id, patient),
            idsIn(names.trainingSet, id, patient),
            idsIn(names.arrivals, rawName(contract, id), rawName(contract, patient)),
            ...(contract.planned?.patient ? [idsIn(names.planned, 'STAY_ID', 'PATIENT')] : []),
            ...(contract.decisions?.patient ? [idsIn(names.decisions, 'STAY_ID', 'PATIENT')] : []),
          ],
        }),
    versions,
    steps: [
      ...(!readsOthers(contract)
        ? []
        : [
            {
              table: 'LOS_FORGOTTEN',
              sql: `INSERT INTO ${qualify(settings, 'LOS_FORGOTTEN')} (DATASET, ID_HASH, FORGOTTEN_AT)
SELECT DISTINCT ${literal(contract.name)}, SHA2(VALUE::VARCHAR), CURRENT_TIMESTAMP() FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))`,
            },
          ]),
      ...sortBy(erasures, (a, b) => rank(a) - rank(b)).map((each) => {
        if (!/= \?$/.test(each.sql)) throw new Error(`${each.table}: "-- forget:" has to end with "= ?".`);
        const step = { table: each.table, sql: each.sql.replace(/= \?$/, IDS) };
        const table = counted.find(({ name }) => name === each.table);
        return table ? { ...step, counts: forgetCounts(settings, contract.name, table, step.sql) } : step;
      }),
      stepById(names.trainingSet),
      ...(hasEvents(contract)
        ? [names.stayDays, names.stayAnswers].map((table) => stepById(table, 'CASE_ID'))
        : []),
      stepById(names.arrivals, rawName(contract, id)),
      stepById(names.demo),
    ],
    stays: [
      ...(contract.origin === undefined
        ? []
        : [
            `The hospital's own row in ${sourceName(contract)}, which is not ours to delete. It is left out of all that is read from here on: LOS_FORGOTTEN has the hash of its id.`,
          ]),
      ...originsOf(contract).map(
        (each) =>
          `Rows of it in ${relationName(each)}, which belong to the hospital, so los does not delete them. It leaves them out from now on.`,
      ),
      `Models that learned from it, as long as their versions are kept: train another, promote it, and CALL RETIRE_MODELS(). The models of candidates that lost, and of versions that were removed, are deleted by the first los apply ${settings.aws.trainingFilesDays} days after their training.`,
      `Rows of numbers without identifiers in the training files of past trainings in S3, for ${settings.aws.trainingFilesDays} days (aws.trainingFilesDays).`,
      `Values that features have among the rows of the last training, each once and without an id, in ${names.encoded}, until the next training.`,
      'Earlier states of the tables in Time Travel, for DATA_RETENTION_TIME_IN_DAYS of each (1 day unless it was changed), then 7 days in Fail-safe, where only Snowflake can reach them.',
      'Changes that a stream still holds, until the next run of the task graph.',
      'The text of statements with the id in them, this CALL among them, in the query history of the account, for 365 days. Of a CALL with a bound variable only ? stands there; its value can be looked up for 7 days (BIND_VALUES), unless the account sets ALLOW_BIND_VALUES_ACCESS to FALSE.',
    ],
  };
}
