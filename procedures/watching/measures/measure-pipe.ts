import { datasetNames } from '../../dataset/names.js';
import { hasStream } from '../../dataset/origin/door.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { together } from '../../ground/together.js';
import { errorLine } from '../../ground/without-values.js';
import { type Failure, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { dayOf } from './measuring.js';
import { type PipeMeasure, type PipeRow, pipeMeasures } from './pipe.js';

/** Questions about the pipeline, by table: each is one row of its own. */
const PARTS = [
  { name: 'admissions', text: 'watching/pipe-admissions' },
  { name: 'the queue', text: 'watching/pipe-queue' },
  { name: 'the quarantine', text: 'watching/pipe-quarantine' },
  { name: 'the prediction log', text: 'watching/pipe-log' },
  { name: 'the run log', text: 'watching/pipe-runs' },
  { name: 'the stream of admissions', text: 'watching/pipe-stream' },
] as const;

/** Measures of the pipeline. */
export interface PipeLook {
  readonly measures: readonly PipeMeasure[];
  /** Changes of the admissions' table wait to be read. */
  readonly unread: boolean;
  /** Questions that failed; their measures are left out. */
  readonly failures: readonly Failure[];
}

/** Measures what has come, gone and waits, in one statement; where that fails, each part by itself. */
export function* measurePipe(plan: WatchPlan, day: string): Work<PipeLook> {
  const values = valuesOf(plan, day);
  const texts = PARTS.map(({ text }) => sqlText(plan, text, values));
  const parts = yield* together(texts.map((text) => () => queryFirst<Partial<PipeRow>>(text)));
  let found: Partial<PipeRow> = {};
  const failures: Failure[] = [];
  parts.forEach((part, i) => {
    if ('result' in part) found = { ...found, ...part.result };
    else failures.push({ name: (PARTS[i] as { name: string }).name, why: errorLine(part.error) });
  });
  return { measures: pipeMeasures(found, plan.patienceHours), unread: found.UNREAD === true, failures };
}

function valuesOf(plan: WatchPlan, day: string): Readonly<Record<string, string>> {
  const { contract, place } = plan;
  const names = datasetNames(contract);
  const features = qualify(place, names.features);
  const { admission } = contract;
  const gone = `DATEADD(day, FLOOR(LOS)::NUMBER, TO_DATE(${admission}))`;
  const went =
    admission === undefined
      ? 'SELECT NULL AS SINCE_WENT, NULL AS WENT_A_DAY'
      : `SELECT DATEDIFF(day, MAX(WENT), ${dateLiteral(day)}) AS SINCE_WENT, COUNT_IF(WENT > DATEADD(day, -56, ${dateLiteral(day)})) / 56 AS WENT_A_DAY
  FROM (SELECT ${gone} AS WENT FROM ${features} WHERE LOS >= 0 AND TO_DATE(${admission}) > DATEADD(day, -180, ${dateLiteral(day)})) WHERE WENT <= ${dateLiteral(day)}`;
  return {
    day: dayOf(plan),
    as_of: dateLiteral(day),
    features,
    holidays:
      admission === undefined ? '(SELECT NULL::DATE AS DAY WHERE FALSE)' : qualify(place, 'LOS_HOLIDAYS'),
    to_sunday: String((7 - new Date(day).getUTCDay()) % 7),
    waiting: qualify(place, names.waiting),
    quarantine: qualify(place, 'LOS_QUARANTINE'),
    runs: qualify(place, 'LOS_RUN_LOG'),
    log: qualify(place, 'LOS_PREDICTION_LOG'),
    dataset: literal(contract.name),
    late_hours: String(plan.patienceHours),
    // Rows of others are looked for: whether they can be read, no stream says.
    unread:
      contract.origin || !hasStream(contract)
        ? `(SELECT COUNT(*) FROM ${qualify(place, names.raw)} WHERE FALSE) > 0`
        : `SYSTEM$STREAM_HAS_DATA(${literal(qualify(place, names.rawStream))})`,
    went,
  };
}
