import { changesOf, changesSentence } from '../../procedures/dataset/changed-inputs.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureSelect } from '../../procedures/dataset/feature-sql.js';
import { withoutHistory } from '../../procedures/dataset/history.js';
import { describeLeak, type Leak, leakAdvice, leakSentence, namesOf } from '../../procedures/dataset/leak.js';
import {
  FEWEST_FOR_PROPOSAL,
  longStayDaysOf,
  longStayMisfit,
  proposeLongStay,
} from '../../procedures/dataset/long-stay.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { rawRows, rawType, sourceOf } from '../../procedures/dataset/raw.js';
import { dayAt } from '../../procedures/ground/days.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import { percent } from '../../procedures/ground/percent.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import { findLeaks } from '../../procedures/leaks/find-leaks.js';
import { drive } from '../clients/drive.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { sqlFile } from '../sql-file.js';
import { checkNames, soundsAfter } from './check-names.js';
import { FAR_YEAR, profileTable } from './profiling/profile.js';

/** What is wrong with a contract's table, and what looks odd. */
export interface CheckResult {
  readonly dataset: string;
  readonly rows: number;
  /** Training would fail or mislead. */
  readonly problems: readonly string[];
  /** Worth a look. */
  readonly warnings: readonly string[];
}

/** A stay longer than so many times the 99th percentile is looked at: a slip of the pen pulls at every prediction. */
const FAR_OUT = 10;

/** Holds a contract against its table, one line per kind of finding. The contract itself was checked when it was read. */
export async function checkDataset(ctx: Context, given: Contract): Promise<CheckResult> {
  // What follows from other rows than its own is no fault of the table.
  const contract = withoutHistory(given);
  const { settings, snowflake } = ctx;
  const table = qualified(settings, contract.table);
  const { rows, columns } = await profileTable(snowflake, table);
  const problems: string[] = [];
  const warnings: string[] = [];
  const bySource = new Map(columns.map((column) => [column.source, column]));
  const names = Object.keys(contract.columns);
  const known = new Map(
    names.flatMap((name) => {
      const column = bySource.get(sourceOf(contract, name));
      return column ? [[name, column] as const] : [];
    }),
  );
  const missing = names.filter((name) => !known.has(name));
  const differing = names.filter(
    (name) => known.has(name) && kind(known.get(name)!.type) !== kind(rawType(contract, name)!),
  );
  if (differing.length > 0)
    problems.push(
      `${differing.map((name) => `${name} is ${known.get(name)!.type} in the table, ${rawType(contract, name)} in the contract`).join('; ')}.`,
    );
  if (missing.length > 0)
    problems.push(
      `The table has no ${plural('column', missing)} ${missing.map((name) => sourceOf(contract, name)).join(', ')}.`,
    );
  if (rows === 0) problems.push('The table is empty.');
  if (problems.length > 0) return { dataset: contract.name, rows, problems, warnings };
  const id = known.get(contract.id);
  if (id && id.values < rows) problems.push(`${rows - id.values} rows have no ${contract.id}.`);
  if (id && id.distinct < id.values)
    problems.push(
      `${contract.id} does not identify an admission: ${(id.values - id.distinct).toLocaleString('en-US')} rows repeat another's; of each the latest counts.`,
    );
  const patient = known.get(contract.patient ?? '');
  if (patient && patient.values < rows)
    warnings.push(`${rows - patient.values} rows have no ${contract.patient}; they count as one patient.`);
  const sources = new Set(names.map((name) => sourceOf(contract, name)));
  const unmentioned = columns.filter(({ source }) => !sources.has(source)).map(({ source }) => source);
  if (unmentioned.length > 0)
    warnings.push(
      `The contract does not mention the ${plural('column', unmentioned)} ${unmentioned.join(', ')}.`,
    );
  const named = checkNames(contract, known);
  problems.push(...named.problems);
  warnings.push(...named.warnings);

  const read = rawRows(contract, table);
  const nowhere = await wardsNowhere(ctx, contract, read);
  if (nowhere.length > 0)
    warnings.push(`capacity: no admission is in ${nowhere.join(', ')}. Is it called so in ${contract.ward}?`);
  const broken = await brokenFeatures(ctx, contract, read);
  if (broken.length > 0)
    return { dataset: contract.name, rows, problems: [...problems, ...broken], warnings };
  const leaks = await checkRows(ctx, contract, read, rows, problems, warnings);
  // What reveals the stay is asked about already.
  const after = named.after.filter((name) => !leaks.includes(name));
  if (after.length > 0) warnings.push(soundsAfter(after));
  const changed = await changedAfterAdmission(ctx, contract);
  if (changed !== undefined) warnings.push(changed);
  return { dataset: contract.name, rows, problems, warnings };
}

/** What rows have shown that were seen before their stays were over; before a deployment nothing is known of that. */
async function changedAfterAdmission(ctx: Context, contract: Contract): Promise<string | undefined> {
  const view = qualified(ctx.settings, datasetNames(contract).firstInputs);
  try {
    return changesSentence(await drive(ctx, changesOf(contract, view, 'WITHDRAWN_AT IS NULL AND LOS >= 0')));
  } catch (error) {
    if (error instanceof SnowflakeError && error.missingObject) return undefined;
    throw error;
  }
}

/** Wards whose beds the contract counts, without any admission. */
async function wardsNowhere(
  ctx: Context,
  { ward, capacity = {} }: Contract,
  table: string,
): Promise<string[]> {
  const named = Object.keys(capacity).filter((name) => name !== '*');
  if (ward === undefined || named.length === 0) return [];
  const rows = await ctx.snowflake.query<{ WARD: string | null }>(
    `SELECT TO_VARCHAR(${ward}) AS WARD FROM ${table} GROUP BY 1`,
  );
  const there = new Set(rows.map(({ WARD }) => WARD));
  return named.filter((name) => !there.has(name));
}

/** Features that cannot be computed from the table: asked one by one, only where all at once fail. */
async function brokenFeatures(ctx: Context, contract: Contract, table: string): Promise<string[]> {
  const refusal = async (part: Contract, names: readonly string[]) => {
    try {
      await ctx.snowflake.query(
        `SELECT ${names.map((name, i) => `COUNT(${name}) AS N${i}`).join(', ')} FROM (${featureSelect(part, table)})`,
      );
      return undefined;
    } catch (error) {
      if (error instanceof SnowflakeError)
        return error.message.replace(/\s*\(in: [^\n]*$/, '').replace(/\s+/g, ' ');
      throw error;
    }
  };
  if (!(await refusal(contract, Object.keys(contract.features)))) return [];
  const problems: string[] = [];
  for (const [name, feature] of Object.entries(contract.features)) {
    const why = await refusal({ ...contract, features: { [name]: feature } }, [name]);
    if (why) problems.push(`The feature ${name} cannot be computed: ${why}`);
  }
  return problems;
}

/** @returns features that reveal the stay */
async function checkRows(
  ctx: Context,
  contract: Contract,
  table: string,
  rows: number,
  problems: string[],
  warnings: string[],
): Promise<string[]> {
  const features = Object.entries(contract.features);
  const perFeature = features.flatMap(([name, feature], i) => [
    `COUNT(${name}) AS V${i}`,
    `COUNT(DISTINCT ${name}) AS D${i}`,
    feature.levels
      ? `COUNT_IF(${name} NOT IN (${feature.levels.map(literal).join(', ')})) AS O${i}`
      : `0 AS O${i}`,
  ]);
  const { admission, discharge } = contract;
  const planned = (day: string) =>
    discharge
      ? `COUNT_IF(${day} > DATEADD(day, 1, ${dayAt(ctx.settings.timeZone)}) AND YEAR(${day}) < ${FAR_YEAR})`
      : '0';
  const ends = `DATEADD(day, LOS, TO_DATE(${admission}))`;
  const far = `YEAR(${ends}) >= ${FAR_YEAR}`;
  const [row] = await ctx.snowflake.query<Record<string, number | string | null>>(
    `SELECT COUNT(LOS) AS STAYS, COUNT_IF(LOS < 0) AS NEGATIVE, ${planned(ends)} AS PLANNED,
  ${discharge ? `COUNT_IF(${far}) AS FAR, TO_VARCHAR(MAX(IFF(${far}, ${ends}, NULL)), 'YYYY-MM-DD') AS FAR_DAY,` : ''}
  COUNT_IF(LOS >= ${longStayDaysOf(contract, ctx.settings.training.longStayDays)}) AS LONG_STAYS, APPROX_PERCENTILE(IFF(LOS >= 0, LOS, NULL), 0.9) AS NINETIETH,
  ${planned(`TO_DATE(${admission})`)} AS AHEAD, MAX(LOS) AS LONGEST,
  COUNT(DISTINCT IFF(LOS IS NULL, NULL, COALESCE(TO_VARCHAR(${contract.patient ?? contract.id}), ''))) AS PATIENTS,
  APPROX_PERCENTILE(LOS, 0.99) AS NINETY_NINTH,
  ${perFeature.join(',\n  ')}
FROM (${featureSelect(contract, table)})`,
  );
  const number = (key: string) => Number(row?.[key] ?? 0);
  const stays = number('STAYS');
  if (stays === 0) problems.push('No row has a length of stay.');
  if (number('FAR') > 0)
    problems.push(
      `${number('FAR') === 1 ? '1 discharge is' : `${number('FAR')} discharges are`} of the year ${FAR_YEAR} or later: they count as stays of centuries that have ended, and those patients are not predicted. If that stands for a patient who is still admitted, say so in the contract: ${discharge}: { type: ${rawType(contract, discharge!)}, nulls: ['${row?.FAR_DAY}'] }.`,
    );
  warnings.push(...datesAhead(contract, rows, number('AHEAD'), number('PLANNED')));
  if (number('NEGATIVE') > 0)
    problems.push(`${number('NEGATIVE')} stays are negative: discharged before admitted.`);
  if (stays > 0 && number('PATIENTS') < FEWEST_PATIENTS) {
    problems.push(
      `The stays of fewer than ${FEWEST_PATIENTS} patients are known: too few to look at, or to train on.`,
    );
    return [];
  }
  // Nothing of the stay itself: it is one patient's.
  if (number('LONGEST') > FAR_OUT * Math.max(1, number('NINETY_NINTH')))
    warnings.push(
      `Some stays are more than ${FAR_OUT} times as long as 99 of 100 are${stays < 100 * FEWEST_PATIENTS ? '' : ` (within ${days(number('NINETY_NINTH'))})`}. Are they true?`,
    );
  // Fewer than a tenth of them would be fewer than ten patients.
  if (number('PATIENTS') >= FEWEST_FOR_PROPOSAL) {
    const long = longStayDaysOf(contract, ctx.settings.training.longStayDays);
    const misfit = longStayMisfit(number('LONG_STAYS') / stays, long, proposeLongStay(number('NINETIETH')));
    if (misfit) warnings.push(misfit);
  }
  const constant: string[] = [];
  const sparse: string[] = [];
  const unlisted: string[] = [];
  const scattered: string[] = [];
  for (const [i, [name, feature]] of features.entries()) {
    if (number(`D${i}`) < 2) constant.push(name);
    if (number(`V${i}`) < rows / 2) sparse.push(`${name} (${percent(1 - number(`V${i}`) / rows, 0)})`);
    if (number(`O${i}`) > 0) unlisted.push(`${name} (${number(`O${i}`)} rows)`);
    if (feature.type !== 'numeric' && number(`D${i}`) > stays / 5)
      scattered.push(`${name} (${number(`D${i}`)})`);
  }
  if (constant.length > 0)
    warnings.push(`${constant.join(', ')} always ${constant.length === 1 ? 'says' : 'say'} the same.`);
  if (sparse.length > 0) warnings.push(`Missing in more than half of the rows: ${sparse.join(', ')}.`);
  if (unlisted.length > 0)
    warnings.push(`Levels that are not in their lists count as missing: ${unlisted.join(', ')}.`);
  if (scattered.length > 0) warnings.push(`Too many levels for ${stays} stays: ${scattered.join(', ')}.`);
  const leaks = await leaksOf(ctx, contract, table, stays);
  if (leaks.length > 0)
    problems.push(`${leakSentence(namesOf(leaks), leaks.map(describeLeak))} ${leakAdvice(namesOf(leaks))}`);
  return namesOf(leaks);
}

/** What a training would refuse, by the same measure. */
async function leaksOf(ctx: Context, contract: Contract, table: string, stays: number): Promise<Leak[]> {
  return await drive(
    ctx,
    findLeaks(contract, {
      rows: `(${featureSelect(contract, table)})`,
      which: 'LOS >= 0',
      count: stays,
      text: (name, values) => sqlFile(`sql/leaks/${name}.sql`, values),
    }),
  );
}

/** What is said of days that have not come yet. */
function datesAhead({ discharge }: Contract, rows: number, admissions: number, discharges: number): string[] {
  if (admissions > rows / 2)
    return [
      'Most dates lie in the future, as after a shift for de-identification. Versions are trained on them as they are, but figures that count from today (census, beds, expected discharges, drift) do not describe them.',
    ];
  const are = (count: number, noun: string) => (count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`);
  return [
    ...(discharges > 0
      ? [
          `${are(discharges, 'discharge')} later than tomorrow. A stay with a discharge counts as ended: it is trained on, and not predicted. Keep planned ones out of ${discharge}.`,
        ]
      : []),
    ...(admissions > 0
      ? [
          `${are(admissions, 'admission')} later than tomorrow: planned ones are predicted as they stand, and explorations look at them from their day on.`,
        ]
      : []),
  ];
}

function plural(noun: string, list: readonly unknown[]): string {
  return list.length === 1 ? noun : `${noun}s`;
}

function kind(type: string): string {
  // By their own clock or the session's they would be of other days.
  if (/^TIMESTAMP_L?TZ/.test(type)) return type.replace(/\(.*/, '');
  if (/^(NUMBER|FLOAT)/.test(type)) return 'number';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'date';
  return type.replace(/\(.*/, '');
}

function days(value: number): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} days`;
}
