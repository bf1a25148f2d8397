import type { Contract } from '../../dataset/contract.js';
import {
  castExpression,
  featureSelect,
  inputSelect,
  losExpression,
  sqlFeature,
} from '../../dataset/feature-sql.js';
import { inputsKey, SETTLED_HOURS } from '../../dataset/first-inputs.js';
import { withHistory } from '../../dataset/history.js';
import { columnsIn, featuresToCompute } from '../../dataset/inputs-sql.js';
import { datasetNames } from '../../dataset/names.js';
import { hasStream } from '../../dataset/origin/door.js';
import { literal, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import { restsPlan } from '../../stay/rests.js';
import type { BuildPlan, OneByOnePlan, QueuePlan, ScoringSettings } from '../plans.js';
import { comparisonPlan, lastMark } from './comparison.js';
import { changesSql, holdPlan } from './hold.js';
import { type BatchValues, columnLists, listSql } from './lists.js';
import { differencePlan, lostLogSql, rememberSql } from './reconcile.js';
import { rowHash, sourceHash } from './row-hash.js';
import { CORRECTED, liveSql } from './score.js';
import { sourcePlan } from './tried.js';

/** The statement that recreates the stream on the hospital's rows; none where changes are found by comparison. */
export function restoreChanges(contract: Contract, restore: (name: string) => string): string {
  return hasStream(contract) ? restore('<TABLE>_CHANGES') : '';
}

/** Further columns of the table that holds a batch while it is built; see sql/features/. */
const BATCH_COLUMNS = {
  LOS_GONE: `BOOLEAN COMMENT 'No row of the admission is left'`,
  LOS_ROWS: `NUMBER COMMENT 'How many rows the table of the hospital has of it'`,
  LOS_PLACE: `NUMBER COMMENT 'Place in the order in which features are computed'`,
  LOS_COMPUTED: `OBJECT COMMENT 'Features that were computed one by one'`,
  LOS_NOT_COMPUTED: `ARRAY COMMENT 'Features whose expression failed on this row'`,
  LOS_FOUND: `VARCHAR COMMENT 'Why a reconciliation builds it: missing, different or unmarked'`,
} as const;

/** Column definitions of the table that holds a batch of changed admissions while their features are built. */
export function batchColumns(contract: Contract): string[] {
  return Object.entries({ ...contract.columns, ...BATCH_COLUMNS }).map(([name, type]) => `${name} ${type}`);
}

/**
 * The statements of BUILD_FEATURES.
 * @param sqlFile reads a text of the project
 * @param restoreStream the statement that recreates the raw table's stream, with its mark
 */
export function buildPlan(
  contract: Contract,
  settings: ScoringSettings,
  sqlFile: SqlFile,
  restoreStream: string,
): BuildPlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const columns = columnLists(contract).columns.join(', ');
  const table = (name: string) => qualify(settings, name);
  const values: BatchValues = {
    id,
    dataset: literal(contract.name),
    // By the contract's names, whatever the raw table calls its columns.
    ...later('raw', 'stream'),
    changed: table(names.changed),
    features: table(names.features),
    log: table('LOS_PREDICTION_LOG'),
    quarantine: table('LOS_QUARANTINE'),
    forgotten: table('LOS_FORGOTTEN'),
    waiting: table(names.waiting),
    los: losExpression(contract),
  };
  const batchCondition = (column: string, condition = '') =>
    `${column} IN (SELECT ${id} FROM ${values.changed}${condition})`;
  const actuals = (which: string) => sqlFile('sql/features/actuals.sql', { ...values, which });
  const hold = holdPlan(contract, settings, sqlFile);
  const known = lastMark(contract, table('LOS_RUN_LOG'), values.dataset);
  return {
    source: sourcePlan(contract, settings),
    dataset: contract.name,
    runLog: table('LOS_RUN_LOG'),
    pending: hasStream(contract) ? `SELECT SYSTEM$STREAM_HAS_DATA(${literal(table(names.rawStream))})` : '',
    restoreStream,
    empty: `DELETE FROM ${values.changed}`,
    ...collectSql(contract, values, sqlFile, {
      ids: `SELECT ${id} AS LOS_ID, COUNT_IF(METADATA$ACTION = 'INSERT') AS LOS_CAME FROM ${values.stream} GROUP BY ${id}`,
      candidates: `SELECT ${columns}, TRUE AS LOS_FRESH FROM ${values.stream} WHERE METADATA$ACTION = 'INSERT'
    UNION ALL
    SELECT ${columns}, FALSE AS LOS_FRESH FROM ${values.raw}`,
    }),
    count: sqlFile('sql/features/count.sql', {
      ...values,
      came: contract.admission ?? 'NULL::DATE',
      changes: changesSql(contract, 'c.LOS_GONE'),
    }),
    hold,
    merge: mergeSql(contract, values, sqlFile),
    oneByOne: oneByOnePlan(contract, values, sqlFile),
    withdraw: sqlFile('sql/features/withdraw.sql', {
      ...values,
      gone: batchCondition(id, ' WHERE LOS_GONE'),
    }),
    unquarantine: `DELETE FROM ${table('LOS_QUARANTINE')} WHERE DATASET = ${values.dataset}
  AND CASE_ID IN (SELECT TO_VARCHAR(${id}) FROM ${values.changed} WHERE LOS_GONE)`,
    actuals: actuals(batchCondition(id)),
    rests: restsPlan(contract, settings, sqlFile, values),
    queue: queuePlan(contract, settings, sqlFile, 'changed'),
    all: {
      actuals: actuals('TRUE'),
      queue: queuePlan(contract, settings, sqlFile, 'all'),
      ...differencePlan(contract, values, lostLogSql(contract, settings), sqlFile, (find) =>
        collectSql(contract, values, sqlFile, find),
      ),
    },
    comparison: comparisonPlan(contract, values, known, rememberSql(contract, values, sqlFile)),
    first: {
      built: firstBuilt(contract, table('LOS_MODEL_REGISTRY'), values.dataset),
      open: 'IFF(n.LOS IS NULL, TRUE, NULL)',
    },
    // One that was cut short is due again. How many rows a table has is known without reading it; it has lost them where a run has built some,
    // and not where a graph that was resumed before the first load found none.
    opening: `SELECT UUID_STRING() AS ID, r.DUE, r.LOST, m.MARK, h.* FROM (
  SELECT COUNT_IF(KIND = 'reconciliation' AND STARTED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP()) AND DETAILS:left IS NULL) = 0 AS DUE,
    MAX(ROW_COUNT) > 0 AND (SELECT COUNT(*) FROM ${values.features}) = 0 AS LOST
  FROM ${table('LOS_RUN_LOG')} WHERE DATASET = ${values.dataset} AND KIND IN ('features', 'reconciliation') AND STATUS = 'SUCCEEDED'
) AS r CROSS JOIN (${known}) AS m CROSS JOIN (${hold.open}) AS h`,
    openingUnlogged: `SELECT UUID_STRING() AS ID, FALSE AS DUE, FALSE AS LOST, '' AS MARK, h.* FROM (${hold.open}) AS h`,
  };
}

/** Queues the admissions of the batch, or of all those that ought to be in the queue. */
export function queuePlan(
  contract: Contract,
  settings: ScoringSettings,
  sqlFile: SqlFile,
  which: 'changed' | 'all',
): QueuePlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const table = (name: string) => qualify(settings, name);
  const batch = `SELECT ${id} FROM ${table(names.changed)}`;
  const all = which === 'all';
  return {
    clear: `DELETE FROM ${table(names.waiting)} WHERE NOT RESCORE AND ${all ? 'RUN_ID IS NULL' : `ID IN (${batch})`}`,
    fill: sqlFile('sql/scoring/queue.sql', {
      id,
      dataset: literal(contract.name),
      waiting: table(names.waiting),
      features: table(names.features),
      log: table('LOS_PREDICTION_LOG'),
      quarantine: table('LOS_QUARANTINE'),
      ...liveSql(contract, settings, sqlFile),
      which: all ? 'TRUE' : `${id} IN (${batch})`,
      logged: all ? 'TRUE' : `CASE_ID IN (SELECT TO_VARCHAR(${id}) FROM ${table(names.changed)})`,
      or_corrected: ` OR (${CORRECTED})`,
    }),
  };
}

/** SELECT of the admissions that ought to be in the queue and are not. What another version has refused may wait for the next run. */
export function toBeQueuedSql(contract: Contract, settings: ScoringSettings, sqlFile: SqlFile): string {
  const { fill } = queuePlan(contract, settings, sqlFile, 'all');
  return fill.slice(fill.indexOf('SELECT')).replace(' AND q.MODEL_VERSION = r.VERSION', '');
}

/**
 * When a row that a reconciliation finds missing came in, as far as that is known: who was admitted before the first promotion is history,
 * as it was before the row was lost. What the log knows better it says (remember.sql).
 */
function firstBuilt({ admission }: Contract, registry: string, dataset: string): string {
  if (admission === undefined) return 'NULL';
  return `IFF(n.${admission} >= (SELECT TO_DATE(MIN(PROMOTED_AT)) FROM ${registry} WHERE DATASET = ${dataset}), CURRENT_TIMESTAMP(), NULL)`;
}

/** @param find ids of the batch, and the rows of those that have several */
function collectSql(
  contract: Contract,
  values: BatchValues,
  sqlFile: SqlFile,
  find: { readonly ids: string; readonly candidates: string },
): Pick<BuildPlan, 'collect' | 'choose'> {
  const { id, admission } = contract;
  const { columns: all, others } = columnLists(contract);
  const columns = all.join(', ');
  const los = losExpression(contract);
  const later = [
    ...(admission === undefined ? [] : [`${admission} DESC NULLS LAST`]),
    `IFF(${los} IS NULL, 1, 0)`,
    'LOS_FRESH DESC',
    `${los} DESC NULLS LAST`,
    // Of two that nothing tells apart always the same one.
    `HASH(${columns})`,
  ];
  return {
    collect: sqlFile('sql/features/collect.sql', {
      ...values,
      ...find,
      columns: [id, ...others].join(', '),
      values: ['i.LOS_ID', ...others.map((name) => `r.${name}`)].join(', '),
    }),
    choose: sqlFile('sql/features/choose.sql', {
      ...values,
      ...find,
      chosen: listSql(others, (name) => `${name} = o.${name}`),
      candidate: listSql(others, (name) => `c.${name}`),
      later: later.join(', '),
    }),
  };
}

function mergeSql(contract: Contract, values: BatchValues, sqlFile: SqlFile): string {
  const { rest, inputs, typedInputs } = columnLists(contract);
  const differs = (name: string) => `f.${name} IS DISTINCT FROM n.${name}`;
  const set = (name: string) => `${name} = n.${name}`;
  const all = [contract.id, ...rest, ...inputs, 'DEFAULTED'];
  return sqlFile('sql/features/merge.sql', {
    ...values,
    ...later('first_built', 'seen_open'),
    select: featureSelect(
      contract,
      withHistory(
        contract,
        (given) => sqlFile('sql/features/history.sql', given),
        `${values.changed} WHERE NOT LOS_GONE`,
        values.raw,
        values.features,
      ),
      ['LOS_COMPUTED', 'LOS_NOT_COMPUTED'],
      { LOS_SOURCE: sourceHash(contract) },
    ),
    hash: rowHash(contract, 'LOS_SOURCE'),
    also: `WITHDRAWN_AT = NULL, ROW_HASH = n.ROW_HASH, LOS_BUILT_AT = IFF(n.LOS IS NULL, NULL, IFF(f.LOS IS NULL, CURRENT_TIMESTAMP(), f.LOS_BUILT_AT))`,
    // A row that was built before defaults were marked has no mark yet: it gets one, and is not predicted again for that.
    inputs_differ: `${listSql(inputs, differs, ' OR ')} OR (f.DEFAULTED IS NOT NULL AND f.DEFAULTED IS DISTINCT FROM n.DEFAULTED)`,
    rest_differs: listSql([...rest, 'DEFAULTED'], differs, ' OR '),
    set_all: listSql([...rest, ...inputs, 'DEFAULTED'], set),
    set_rest: listSql([...rest, 'DEFAULTED'], set),
    inputs_by: inputsKey(contract),
    inputs_now: `OBJECT_CONSTRUCT_KEEP_NULL('DEFAULTED', f.DEFAULTED, ${listSql(typedInputs, ({ name, key }) => `'${key}', f.${name}`)})`,
    settled: String(SETTLED_HOURS),
    names: all.join(', '),
    values: listSql(all, (name) => `n.${name}`),
  });
}

function oneByOnePlan(contract: Contract, values: BatchValues, sqlFile: SqlFile): OneByOnePlan {
  return {
    features: featuresToCompute(contract).map(({ name, feature, sql }) => ({
      name,
      expression: castExpression(feature),
      derived: sqlFeature(name, feature),
      kept: sqlFeature(name, feature, `GET(LOS_COMPUTED, ${literal(name)})`),
      inputs: columnsIn(contract, sql).join(', ') || contract.id,
    })),
    inner: inputSelect(contract, values.changed, ['LOS_PLACE', 'LOS_GONE']),
    place: sqlFile('sql/features/place.sql', { ...values, ...later('inputs') }),
    places: `SELECT MAX(LOS_PLACE) FROM ${values.changed}`,
    probe: `SELECT MAX(HASH(VALUE)) FROM (SELECT {{expression}} AS VALUE FROM ({{inner}} WHERE NOT LOS_GONE AND LOS_PLACE BETWEEN ? AND ?))`,
    compute: sqlFile('sql/features/compute.sql', {
      ...values,
      ...later('name', 'expression', 'inner', 'places'),
    }),
    mark: `UPDATE ${values.changed} SET LOS_NOT_COMPUTED = ARRAY_APPEND(COALESCE(LOS_NOT_COMPUTED, ARRAY_CONSTRUCT()), {{name}})
WHERE NOT LOS_GONE AND ({{places}})`,
  };
}
