import { type Changes, changesOf } from '../dataset/changed-inputs.js';
import type { Contract } from '../dataset/contract.js';
import { dayOfShare } from '../dataset/day-share.js';
import { columnsBesideInputs } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { dateLiteral, literal, modelMarker, qualify } from '../ground/names.js';
import type { Plan, PlanSettings } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { execute, queryFirst, Refused, type Row, type Work } from '../ground/work.js';
import { type Mark, markColumns } from '../records/mark-columns.js';
import { type Cohort, everyRow, inverseWeights, type Missing, matureCohort, openRows } from './cohort.js';
import { recentCohort, requireDates } from './recent-days.js';

/** Division of the labelled rows, and what was left out. */
export interface SplitResult {
  /** One sentence for people: the rule. */
  readonly rule: string;
  readonly train: number;
  /** Rows that decide when boosting stops and calibrate the intervals; never fitted to. */
  readonly validation: number;
  /** Rows that nothing of the model has seen: every quoted metric is on them. */
  readonly holdout: number;
  /** Stays that had not ended, and the admissions younger than the mature cohort: not used. */
  readonly unfinished: number;
  readonly immature: number;
  /** Stays that end before they begin: slips of the pen, not used. */
  readonly negative: number;
  /** Earlier admissions of the holdout's patients: not used, so that no patient is on both sides. */
  readonly leftOut: number;
  /** The training set has rows of the sides `late` and `open` (cohort.ts); left out by versions of 0.3.0 and before. */
  readonly unsettled?: boolean;
  /** Rows carry weights that stand for stays missing at the cut-off. */
  readonly weighted: boolean;
  readonly trainMean: number;
  /** A stay that ten patients of the training rows had, or a shorter one; 0 where any stay is of 0 days. */
  readonly trainMin: number;
  /** Left out by versions of release 0.1.0. */
  readonly changes?: Changes;
}

/** The division as it may be printed: the shortest stay of versions of 0.3.0 and before is one patient's. */
export function printableSplit({ trainMin: _, ...split }: SplitResult): Omit<SplitResult, 'trainMin'> {
  return split;
}

/** Share of the late patients that become the holdout. */
const HOLDOUT_PATIENTS = 0.4;
/** Share of the earlier patients that validates where only the last weeks are used. */
const VALIDATING_PATIENTS = 0.2;
/** Fewer rows of a side say nothing. */
const FEWEST_ROWS = 20;
/** Largest share of admissions that may be set aside, where hardly any are there. */
const MOST_SET_ASIDE = 0.5;
/** Factor: how many times the fewest rows and patients of a holdout are aimed at there: they are chosen by chance. */
const SPARE = 1.5;

/**
 * Writes the training set: every usable labelled row with its ROW_SIDE and ROW_WEIGHT
 * (names that no hospital's column has; a feature called WEIGHT is likely).
 *
 * With dates: the latest admissions (settings.training.holdoutShare, or more where there are hardly any) are set aside. Two in five of their
 * patients are the holdout, whether they had been in hospital before or not, and their earlier admissions are
 * used for nothing; the other late admissions validate. So the model is judged on later admissions of
 * patients it has never seen, and these are like all late admissions. Without a patient column the same by row.
 *
 * Unfinished stays: see cohort.ts. Where some are missing, the admissions set aside begin early enough that
 * their first ones show (almost) every stay, and each side is weighted to stand for all of its own admissions; its
 * longest stays stand for those, too, that are so long that none of the side's admissions could show them. At least half of
 * the rows are left to train on.
 *
 * With a split column: that column; without dates: a random holdoutShare by a hash of the patient or the id.
 * In both cases a tenth of the training side, by hash, validates, unless the column says which rows do.
 */
export function* splitRows(plan: Plan): Work<SplitResult> {
  const { contract, settings } = plan;
  const names = datasetNames(contract);
  // What was known on admission, as a prediction will be asked.
  const source = `(SELECT * FROM ${qualify(settings, names.firstInputs)} WHERE WITHDRAWN_AT IS NULL)`;
  const target = qualify(settings, names.trainingSet);
  const { side, late, rule, cohort, weight } = yield* sideRule(contract, settings, source);
  const { condition } = cohort;
  const unsettled = settings.training.refit ? yield* openRows(contract, cohort, source) : null;
  const rest = unsettled && `${unsettled.late} OR ${unsettled.open}`;
  const columns = new Set([
    ...columnsBesideInputs(contract),
    ...Object.keys(contract.features),
    'LOS',
    'DEFAULTED',
  ]);
  const used = `f.LOS >= 0${condition ? ` AND ${condition}` : ''}`;
  const columnSql = (name: string) =>
    name === 'LOS' && unsettled ? `COALESCE(f.LOS, ${unsettled.soFar}) AS LOS` : `f.${name}`;
  yield* execute(`CREATE OR REPLACE TRANSIENT TABLE ${target}
COMMENT = ${literal(modelMarker(settings.prefix, contract.name))} AS
SELECT ${Array.from(columns).map(columnSql).join(', ')},
  ${unsettled ? `CASE WHEN f.LOS IS NULL THEN 'open' WHEN ${unsettled.late} THEN 'late' ELSE ${side} END` : side} AS ROW_SIDE,
  ${unsettled && weight !== null ? `IFF(f.LOS IS NULL OR ${unsettled.late}, 1, ${weight})` : (weight ?? '1::FLOAT')} AS ROW_WEIGHT
FROM ${source} AS f${late ?? ''} WHERE ${rest ? `(${used}) OR ${rest}` : used}`);
  yield* markColumns(plan, target, marksOf(plan, Array.from(columns)));
  const counts: Row =
    (yield* queryFirst(`SELECT
  COUNT_IF(ROW_SIDE = 'train') AS TRAIN, COUNT_IF(ROW_SIDE = 'validation') AS VALIDATION,
  COUNT_IF(ROW_SIDE = 'holdout') AS HOLDOUT, COUNT_IF(ROW_SIDE = 'left out') AS LEFT_OUT,
  SUM(IFF(ROW_SIDE = 'train', LOS * ROW_WEIGHT, NULL)) / NULLIF(SUM(IFF(ROW_SIDE = 'train', ROW_WEIGHT, NULL)), 0) AS TRAIN_MEAN,
  MIN(IFF(ROW_SIDE = 'train', LOS, NULL)) AS SHORTEST,
  (SELECT IFF(COUNT(*) = ${FEWEST_PATIENTS}, MAX(LOS), 0) FROM (
    SELECT MIN(LOS) AS LOS FROM ${target} WHERE ROW_SIDE = 'train' GROUP BY ${patientOf(contract)} ORDER BY 1 LIMIT ${FEWEST_PATIENTS})) AS TENTH,
  COUNT(DISTINCT IFF(ROW_SIDE = 'holdout', TO_VARCHAR(${contract.patient ?? contract.id}), NULL)) AS HOLDOUT_PATIENTS FROM ${target}`)) ||
    {};
  const left: Row =
    (yield* queryFirst(`SELECT COUNT_IF(LOS IS NULL) AS UNFINISHED, COUNT_IF(LOS < 0) AS NEGATIVE,
  ${condition ? `COUNT_IF(LOS >= 0 AND NOT (${condition}))` : '0'} AS IMMATURE FROM ${source}`)) || {};
  const result: SplitResult = {
    rule,
    train: Number(counts.TRAIN ?? 0),
    validation: Number(counts.VALIDATION ?? 0),
    holdout: Number(counts.HOLDOUT ?? 0),
    unfinished: Number(left.UNFINISHED ?? 0),
    immature: Number(left.IMMATURE ?? 0),
    negative: Number(left.NEGATIVE ?? 0),
    leftOut: Number(counts.LEFT_OUT ?? 0),
    ...(unsettled && { unsettled: true }),
    weighted: weight !== null,
    trainMean: Number(counts.TRAIN_MEAN ?? Number.NaN),
    // A prediction is never below it. The shortest stay of all may be one patient's, but that stays begin with 0 days is plain.
    trainMin: Number(counts.SHORTEST ?? Number.NaN) > 0 ? Number(counts.TENTH) : 0,
    changes: yield* changesOf(contract, source, `LOS >= 0${condition ? ` AND ${condition}` : ''}`),
  };
  for (const [name, rows] of Object.entries({
    training: result.train,
    validation: result.validation,
    holdout: result.holdout,
  }))
    if (rows < FEWEST_ROWS)
      throw new Refused(
        `Only ${rows} rows would be left for ${name} of ${contract.name}, fewer than ${FEWEST_ROWS} (${rule}).`,
        moreRows(contract, settings.training, result, name),
      );
  const patients = Number(counts.HOLDOUT_PATIENTS ?? 0);
  if (patients < FEWEST_PATIENTS)
    throw new Refused(
      `The holdout of ${contract.name} would be of ${patients} patients, and every figure of the version about their stays (${rule}).`,
      'Load admissions of more patients, or change training.holdoutShare.',
    );
  return result;
}

/** Which of the training set's columns name a patient, or tell what the contract calls sensitive. */
function marksOf({ contract, reads }: Plan, columns: readonly string[]) {
  const { id, patient, sensitive = [] } = contract;
  const tells = (name: string) => (reads[name] || [name]).some((read) => sensitive.includes(read));
  const marks: Record<string, Mark> = {};
  for (const name of columns)
    if (name === id || name === patient) marks[name] = 'identifier';
    else if (tells(name)) marks[name] = 'sensitive';
  return marks;
}

/**
 * Advises what would leave more rows, by what most of those lack that were not used, or else by the side that has too few.
 * @param side of which there are too few
 */
export function moreRows(
  { split, discharge = 'their stay' }: Pick<Contract, 'split' | 'discharge'>,
  { recentDays, holdoutShare }: Pick<PlanSettings['training'], 'recentDays' | 'holdoutShare'>,
  result: Pick<
    SplitResult,
    'train' | 'validation' | 'holdout' | 'unfinished' | 'immature' | 'negative' | 'leftOut'
  >,
  side: string,
): string {
  const { train, validation, holdout, unfinished, immature, negative, leftOut } = result;
  const early = recentDays
    ? `came before the last ${recentDays} days: train on more days, or on all`
    : 'came so late that some like them have not left yet: load older ones, or train once these have';
  const outside = split
    ? `are on none of the sides that ${split.column} names in the contract: name theirs`
    : early;
  const unused: readonly (readonly [rows: number, advice: string])[] = [
    [unfinished, `have no discharge: load ${discharge}, or admissions that have ended`],
    [immature, outside],
    [negative, 'end before they begin: mend their dates'],
    [leftOut, 'are earlier ones of patients in the holdout: make training.holdoutShare smaller'],
  ];
  const [most, advice] = unused.reduce((one, other) => (other[0] > one[0] ? other : one));
  if (most > train + validation + holdout) return `${most} admissions ${advice}.`;
  if (split) return `Load more discharged admissions, or let ${split.column} name more of them for ${side}.`;
  return `Load more discharged admissions, or make training.holdoutShare (${holdoutShare}) ${side === 'training' ? 'smaller' : 'greater'}.`;
}

interface SideRule {
  readonly side: string;
  /** A join that the expression of the side looks at. */
  readonly late?: string;
  readonly rule: string;
  readonly cohort: Cohort;
  /** SQL expression of a row's weight; null: every row weighs 1. */
  readonly weight: string | null;
}

function* sideRule(contract: Contract, settings: PlanSettings, source: string): Work<SideRule> {
  const { admission, discharge, patient, id, split } = contract;
  const share = settings.training.holdoutShare;
  requireDates(contract, settings.training.recentDays);
  if (split) {
    const equalsSql = (value: string) => `TO_VARCHAR(${split.column}) = ${literal(value)}`;
    const { validation } = split;
    const validates = validation === undefined ? hashBelow(id, 0.1, 'side') : equalsSql(validation);
    const used = [split.training, split.holdout, ...(validation === undefined ? [] : [validation])];
    return {
      side: `CASE WHEN ${equalsSql(split.holdout)} THEN 'holdout' WHEN ${validates} THEN 'validation' ELSE 'train' END`,
      rule: `column ${split.column} says which rows are the holdout${validation === undefined ? '; a random tenth of the others validates' : ' and which validate'}`,
      cohort: { ...everyRow, condition: `(${used.map(equalsSql).join(' OR ')})` },
      weight: null,
    };
  }
  if (!admission || !discharge)
    return {
      side: `CASE WHEN ${hashBelow(patient ?? id, share, 'side')} THEN 'holdout' WHEN ${hashBelow(patient ?? id, share + (1 - share) * 0.1, 'side')} THEN 'validation' ELSE 'train' END`,
      rule: `there are no dates, so a random ${percent(share)} of the ${patient ? 'patients' : 'rows'} is the holdout`,
      cohort: everyRow,
      weight: null,
    };

  const cohort = yield* recentCohort(
    yield* matureCohort(source, admission),
    source,
    admission,
    settings.training.recentDays,
  );
  const finished = `FROM ${source} WHERE LOS >= 0${cohort.condition ? ` AND ${cohort.condition}` : ''}`;
  const all = yield* queryFirst<Row & { STAYS: number; PATIENTS: number }>(
    `SELECT COUNT(*) AS STAYS, COUNT(DISTINCT ${patientOf(contract)}) AS PATIENTS ${finished}`,
  );
  const setAside = shareSetAside(share, Number(all?.STAYS ?? 0), Number(all?.PATIENTS ?? 0));
  const row = yield* queryFirst<Row & { FROM_DAY: string | null; HALF_DAY: string | null }>(`SELECT
  ${dayOfShare(admission, 1 - setAside)} AS FROM_DAY, ${dayOfShare(admission, 0.5)} AS HALF_DAY
${finished}`);
  if (!row?.FROM_DAY || !row.HALF_DAY)
    throw new Refused(
      `${contract.name} has no discharged admissions to train on${cohort.rule ? `: of those that count (${cohort.rule}) none has been. Of later ones more than 5 % are without a discharge` : ''}.`,
      'Load admissions with their discharges first (los demo shows how).',
    );
  const { missing } = cohort;
  const from = missing ? earlyEnough(missing, row.FROM_DAY, row.HALF_DAY) : row.FROM_DAY;
  const fromDay = dateLiteral(from);
  const late = `${admission} >= ${fromDay}`;
  const { recentDays } = settings.training;
  if (recentDays)
    return newestHeldOut(contract, cohort, from, late, missing && weightOf(missing, from, late));
  const chosen = hashBelow(patient ?? id, HOLDOUT_PATIENTS, 'side');
  const heldOut = `SELECT DISTINCT ${patient} AS HELD_OUT FROM ${source} WHERE LOS >= 0${cohort.condition ? ` AND ${cohort.condition}` : ''} AND ${late} AND ${chosen}`;
  return {
    side: `CASE WHEN ${late} THEN IFF(${chosen}, 'holdout', 'validation')${patient ? " WHEN h.HELD_OUT IS NOT NULL THEN 'left out'" : ''} ELSE 'train' END`,
    ...(patient ? { late: `\nLEFT JOIN (${heldOut}) AS h ON h.HELD_OUT = f.${patient}` } : {}),
    rule: `admissions from ${from} on are set aside: two in five of their ${patient ? 'patients (with all that these had before)' : 'rows'} are the holdout, the others validate${cohort.rule ? `; ${cohort.rule}` : ''}`,
    cohort,
    weight: missing && weightOf(missing, from, late),
  };
}

/**
 * The share of the admissions that is set aside: that of the settings, or more where their holdout would be too small to say anything.
 * @example
 * shareSetAside(0.2, 236_704, 92_017); // 0.2
 * shareSetAside(0.2, 275, 100); // 0.375
 */
export function shareSetAside(share: number, stays: number, patients: number): number {
  const held = Math.max(FEWEST_ROWS / Math.max(1, stays), FEWEST_PATIENTS / Math.max(1, patients));
  return Math.max(share, Math.min(MOST_SET_ASIDE, (SPARE * held) / HOLDOUT_PATIENTS));
}

const DAY = 86_400_000;

/**
 * Spares no row of the last weeks, where only these teach anything: all of the latest admissions are the holdout, weeks
 * that no version has seen, and a share of the patients before them validates.
 */
function newestHeldOut(
  { patient, id, admission }: Contract,
  cohort: Cohort,
  from: string,
  late: string,
  weight: string | null,
): SideRule {
  const alsoLate = `MAX(${admission}) OVER (PARTITION BY ${patient}) >= ${dateLiteral(from)}`;
  return {
    side: `CASE WHEN ${late} THEN 'holdout'${patient ? ` WHEN ${alsoLate} THEN 'left out'` : ''} WHEN ${hashBelow(patient ?? id, VALIDATING_PATIENTS, 'side')} THEN 'validation' ELSE 'train' END`,
    rule: `admissions from ${from} on are the holdout${patient ? ', with all that their patients had before' : ''}; a random ${percent(VALIDATING_PATIENTS)} of the ${patient ? 'patients' : 'rows'} before validates; ${cohort.rule}`,
    cohort,
    weight,
  };
}

/** The day from which on admissions are set aside, so that the first of them show almost every stay. */
function earlyEnough({ cutOff, complete }: Missing, wanted: string, half: string): string {
  const showing = new Date(Date.parse(cutOff) - complete * DAY).toISOString().slice(0, 10);
  // Days in ISO form are in the order of their text.
  const bounded = showing < half ? half : showing;
  return bounded < wanted ? bounded : wanted;
}

/** Rows by stay, each side for itself: those set aside, and those before them. */
function weightOf(
  { cutOff, shortest, longest, reach, shareLonger }: Missing,
  from: string,
  late: string,
): string | null {
  const span = Math.round((Date.parse(cutOff) - Date.parse(from)) / DAY);
  const [lateWeights, earlyWeights] = [
    inverseWeights(reach, [shortest, span], longest, shareLonger),
    inverseWeights(reach, [span + 1, Number.POSITIVE_INFINITY], longest, shareLonger),
  ].map((weights) => literal(JSON.stringify(weights)));
  const table = `IFF(${late}, PARSE_JSON(${lateWeights}), PARSE_JSON(${earlyWeights}))`;
  return `COALESCE(GET(${table}, TO_VARCHAR(LOS::NUMBER))::FLOAT, 1)`;
}

/** Whose row it is, in SQL: the patient; without a patient column, the admission by itself. */
export function personOf({ patient, id }: Pick<Contract, 'patient' | 'id'>): string {
  return patient === undefined ? `TO_VARCHAR(${id})` : `COALESCE(TO_VARCHAR(${patient}), TO_VARCHAR(${id}))`;
}

/**
 * Fold of a row for statistics that must not contain the row itself: one of sixteen, the same for all
 * admissions of a patient.
 */
export function foldOf(contract: Contract): string {
  return `SUBSTR(MD5('fold ' || ${personOf(contract)}), 1, 1)`;
}

/** A number of a row's patient, hardly any other's, whose remainder by 16 is told by the fold. */
export function patientNumber(contract: Contract): string {
  const hash = `MD5('fold ' || ${personOf(contract)})`;
  return `(CHARINDEX(${foldOf(contract)}, '0123456789abcdef') + 16 * TO_NUMBER(SUBSTR(${hash}, 2, 6), 'XXXXXX'))`;
}

/**
 * Place of a row in an order of all rows by chance, in hexadecimal: one of 256, the same for all admissions of a patient, whose
 * stays must not tell of each other.
 */
export function orderOf(contract: Contract): string {
  return `SUBSTR(MD5('order ' || ${personOf(contract)}), 1, 2)`;
}

/**
 * True for a share of the values of a column, always the same ones.
 * @param purpose what is chosen: choices for different purposes are independent of each other. With one hash
 *   for all, rows kept back to arrive later would have taken every row that was to validate.
 */
export function hashBelow(
  column: string,
  share: number,
  purpose: 'arrival' | 'side' | 'sample' | 'period' | 'part',
): string {
  const bound = Math.round(share * 0xffffff)
    .toString(16)
    .padStart(6, '0');
  return `SUBSTR(MD5(${literal(`${purpose} `)} || TO_VARCHAR(${column})), 1, 6) < '${bound}'`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
