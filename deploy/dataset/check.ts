import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import type { Contract } from './contract.js';
import { featureSelect } from './feature-sql.js';
import { LEAK, leakAdvice } from './leak.js';
import { literal, qualified } from './names.js';
import { profileTable } from './profile.js';

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

/** Holds a contract against its table. The contract itself has been checked when it was read. */
export async function checkDataset(ctx: Context, contract: Contract): Promise<CheckResult> {
  const { settings, snowflake } = ctx;
  const table = qualified(settings, contract.table);
  const { rows, columns } = await profileTable(snowflake, table);
  const problems: string[] = [];
  const warnings: string[] = [];
  const known = new Map(columns.map((column) => [column.name, column]));
  for (const [name, type] of Object.entries(contract.columns)) {
    const column = known.get(name);
    if (!column) problems.push(`The table has no column ${name}.`);
    else if (kind(column.type) !== kind(type))
      problems.push(`${name} is ${column.type} in the table, ${type} in the contract.`);
  }
  if (problems.length > 0 || rows === 0) {
    if (rows === 0) problems.push('The table is empty.');
    return { dataset: contract.name, rows, problems, warnings };
  }
  const id = known.get(contract.id);
  if (id && id.values < rows) problems.push(`${rows - id.values} rows have no ${contract.id}.`);
  if (id && id.distinct < id.values)
    problems.push(
      `${contract.id} does not identify an admission: ${id.values - id.distinct} rows repeat another's.`,
    );
  const patient = known.get(contract.patient ?? '');
  if (patient && patient.values < rows)
    warnings.push(`${rows - patient.values} rows have no ${contract.patient}; they count as one patient.`);
  for (const column of columns)
    if (!(column.name in contract.columns))
      warnings.push(`The contract does not mention the column ${column.name}.`);

  const broken = await brokenFeatures(ctx, contract, table);
  if (broken.length > 0)
    return { dataset: contract.name, rows, problems: [...problems, ...broken], warnings };
  await checkRows(ctx, contract, table, rows, problems, warnings);
  return { dataset: contract.name, rows, problems, warnings };
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

async function checkRows(
  ctx: Context,
  contract: Contract,
  table: string,
  rows: number,
  problems: string[],
  warnings: string[],
): Promise<void> {
  const features = Object.entries(contract.features);
  const perFeature = features.flatMap(([name, feature], i) => [
    `COUNT(${name}) AS V${i}`,
    `COUNT(DISTINCT ${name}) AS D${i}`,
    feature.levels
      ? `COUNT_IF(${name} NOT IN (${feature.levels.map(literal).join(', ')})) AS O${i}`
      : `0 AS O${i}`,
    // Numbers by their correlation; categories below by the spread of their means.
    feature.type === 'numeric' ? `POWER(CORR(${name}, LOS), 2) AS R${i}` : `NULL AS R${i}`,
  ]);
  const [row] = await ctx.snowflake.query<Record<string, number | null>>(
    `SELECT COUNT(LOS) AS STAYS, COUNT_IF(LOS < 0) AS NEGATIVE, MAX(LOS) AS LONGEST,
  APPROX_PERCENTILE(LOS, 0.99) AS NINETY_NINTH, VAR_POP(LOS) AS SPREAD, AVG(LOS) AS MEAN_LOS,
  ${perFeature.join(',\n  ')}
FROM (${featureSelect(contract, table)})`,
  );
  const number = (key: string) => Number(row?.[key] ?? 0);
  const stays = number('STAYS');
  if (stays === 0) problems.push('No row has a length of stay.');
  if (number('NEGATIVE') > 0)
    problems.push(`${number('NEGATIVE')} stays are negative: discharged before admitted.`);
  if (number('LONGEST') > FAR_OUT * Math.max(1, number('NINETY_NINTH')))
    warnings.push(
      `The longest stay is ${days(number('LONGEST'))}, where 99 of 100 are within ${days(number('NINETY_NINTH'))}. Is it true?`,
    );
  const suspects = new Map<string, number>();
  for (const [i, [name, feature]] of features.entries()) {
    if (number(`D${i}`) < 2) warnings.push(`${name} always says the same.`);
    if (number(`V${i}`) < rows / 2)
      warnings.push(`${name} is missing in ${percent(1 - number(`V${i}`) / rows)} of the rows.`);
    if (number(`O${i}`) > 0)
      warnings.push(
        `${name} has ${number(`O${i}`)} rows with a level that is not in its list; they count as missing.`,
      );
    if (feature.type !== 'numeric' && number(`D${i}`) > stays / 5)
      warnings.push(`${name} has ${number(`D${i}`)} levels, too many for ${stays} stays.`);
    suspects.set(name, number(`R${i}`));
  }
  const grouped = features.filter(([, feature]) => feature.type !== 'numeric');
  if (grouped.length > 0 && number('SPREAD') > 0) {
    // Levels of a few rows would explain their own stays; they count as one level.
    const spreads = await ctx.snowflake.query<{ NAME: string; SHARE: number }>(
      grouped
        .map(
          ([name]) => `SELECT ${literal(name)} AS NAME,
  SUM(IFF(N >= 20, N * POWER(M - ${number('MEAN_LOS')}, 2), 0)) / ${stays * number('SPREAD')} AS SHARE
FROM (SELECT COUNT(*) AS N, AVG(LOS) AS M FROM (${featureSelect(contract, table)}) WHERE LOS IS NOT NULL GROUP BY ${name})`,
        )
        .join('\nUNION ALL\n'),
    );
    for (const { NAME, SHARE } of spreads) suspects.set(NAME, Number(SHARE));
  }
  for (const [name, share] of suspects)
    if (share > LEAK)
      warnings.push(`${name} alone explains ${percent(share)} of the variance of stays. ${leakAdvice(name)}`);
}

function kind(type: string): string {
  if (/^(NUMBER|FLOAT)/.test(type)) return 'number';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'date';
  return type.replace(/\(.*/, '');
}

function days(value: number): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} days`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
