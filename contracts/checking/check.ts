import { drive } from '../../deploy/clients/drive.js';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { changesOf, changesSentence } from '../../procedures/dataset/changed-inputs.js';
import { typeKind } from '../../procedures/dataset/column-rules.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureSelect } from '../../procedures/dataset/feature-sql.js';
import { withoutHistory } from '../../procedures/dataset/history.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { moveRows } from '../../procedures/dataset/origin/moves.js';
import { originRows, rawRows, rawType, sourceOf } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import { askAboutFeatures } from '../drafting/remarks.js';
import type { Finding } from '../finding.js';
import { type ColumnProfile, profileTable, type TableProfile } from '../profiling/profile.js';
import { lookAtMoves } from '../profiling/profile-moves.js';
import { refuseView, relationOf } from '../profiling/relation.js';
import { checkEvents } from './check-events.js';
import { checkNames, soundsAfter } from './check-names.js';
import { checkProtected } from './check-protected.js';
import { checkRows } from './check-rows.js';

/** Result of a check: what is wrong with a contract's table, and what looks odd. */
export interface CheckResult {
  readonly dataset: string;
  readonly rows: number;
  /** Training would fail or mislead. */
  readonly problems: readonly string[];
  /** Worth a look. */
  readonly warnings: readonly string[];
}

/**
 * Holds a contract against its table, one line per kind of finding. The contract itself was checked when it was read.
 * @example
 * const { problems, warnings } = await checkDataset(ctx, loadContract(ctx.settings.dataset, ctx.settings.timeZone));
 */
export async function checkDataset(ctx: Context, given: Contract): Promise<CheckResult> {
  // What follows from other rows than its own is no fault of the table.
  const contract = withoutHistory(given);
  const relation = relationOf(contract, ctx.settings);
  if (!contract.origin) await refuseView(ctx.snowflake, relation);
  const profile = await profileTable(ctx.snowflake, relation);
  const table = contract.origin ? `(${originRows(contract, contract.origin)})` : relation;
  const bySource = new Map(profile.columns.map((column) => [column.source, column]));
  const known = new Map(
    Object.keys(contract.columns).flatMap((name) => {
      const column = bySource.get(contract.origin?.columns[name] ?? sourceOf(contract, name));
      return column ? [[name, column] as const] : [];
    }),
  );
  const findings = [...tableFindings(contract, profile, known)];
  if (findings.length === 0) {
    findings.push(...columnFindings(contract, profile, known));
    const names = checkNames(contract, known);
    findings.push(...names.findings);
    const rows = rawRows(contract, table);
    findings.push(...(await wardFindings(ctx, contract, rows)));
    const broken = await findBrokenFeatures(ctx, contract, rows);
    findings.push(...broken);
    if (broken.length === 0) {
      const checked = await checkRows(ctx, contract, rows, profile.rows);
      findings.push(...checked.findings);
      // What reveals the stay is asked about already.
      const after = names.after.filter((name) => !checked.leaks.includes(name));
      if (after.length > 0) findings.push({ warning: soundsAfter(after) });
      const open = Object.entries(contract.features).flatMap(([name, feature]) => {
        const column = feature.knownAtAdmission ? undefined : known.get(name);
        return column ? [{ ...column, name }] : [];
      });
      findings.push(...askAboutFeatures(open).map((warning) => ({ warning })));
      findings.push(...(await changesAfterAdmission(ctx, contract)), ...(await checkEvents(ctx, contract)));
      findings.push(
        ...(await lookAtMoves(ctx, contract)),
        ...(await checkProtected(ctx, contract, rows, known)),
      );
    }
  }
  return {
    dataset: contract.name,
    rows: profile.rows,
    problems: findings.flatMap((finding) => ('problem' in finding ? [finding.problem] : [])),
    warnings: findings.flatMap((finding) => ('warning' in finding ? [finding.warning] : [])),
  };
}

type ColumnProfiles = ReadonlyMap<string, ColumnProfile>;

/** Why nothing more can be asked of the table. */
function* tableFindings(
  contract: Contract,
  { rows }: TableProfile,
  known: ColumnProfiles,
): Generator<Finding> {
  const missing = Object.keys(contract.columns).filter((name) => !known.has(name));
  const differing = [...known].flatMap(([name, { type }]) => {
    const wanted = rawType(contract, name) ?? type;
    return typeKind(type) === typeKind(wanted)
      ? []
      : [`${name} is ${type} in the table, ${wanted} in the contract`];
  });
  if (differing.length > 0) yield { problem: `${differing.join('; ')}.` };
  if (missing.length > 0)
    yield {
      problem: `The table has no ${plural('column', missing)} ${missing.map((name) => sourceOf(contract, name)).join(', ')}.`,
    };
  if (rows === 0) yield { problem: 'The table is empty.' };
}

function* columnFindings(
  contract: Contract,
  { rows, columns }: TableProfile,
  known: ColumnProfiles,
): Generator<Finding> {
  const id = known.get(contract.id);
  const patient = known.get(contract.patient ?? '');
  if (id && id.values < rows) yield { problem: `${rows - id.values} rows have no ${contract.id}.` };
  if (id && id.distinct < id.values)
    yield {
      problem: `${contract.id} does not identify an admission: ${(id.values - id.distinct).toLocaleString('en-US')} rows repeat another's; of each the latest counts.`,
    };
  if (patient && patient.values < rows)
    yield {
      warning: `${rows - patient.values} rows have no ${contract.patient}; they count as one patient.`,
    };
  const sources = [...known.values()].map(({ source }) => source);
  const unmentioned = columns.flatMap(({ source }) => (sources.includes(source) ? [] : [source]));
  if (unmentioned.length > 0)
    yield {
      warning: `The contract does not mention the ${plural('column', unmentioned)} ${unmentioned.join(', ')}.`,
    };
}

/** Reads what rows have shown that were seen before their stays were over; before a deployment nothing is known of that. */
async function changesAfterAdmission(ctx: Context, contract: Contract): Promise<Finding[]> {
  const view = qualify(ctx.settings, datasetNames(contract).firstInputs);
  try {
    const changes = await drive(ctx, changesOf(contract, view, 'WITHDRAWN_AT IS NULL AND LOS >= 0'));
    const warning = changesSentence(changes);
    return warning === undefined ? [] : [{ warning }];
  } catch (error) {
    if (error instanceof SnowflakeError && error.missingObject) return [];
    throw error;
  }
}

/** Wards, or departments, whose beds the contract counts, without any admission or move into them. */
async function wardFindings(ctx: Context, contract: Contract, table: string): Promise<Finding[]> {
  const { ward, department, moves, capacity = {} } = contract;
  const named = Object.keys(capacity).filter((name) => name !== '*');
  const column = ward ?? department;
  if (column === undefined || named.length === 0) return [];
  const into =
    ward === undefined || moves === undefined
      ? ''
      : ` UNION SELECT WARD FROM (${moveRows(contract, ctx.settings, ctx.settings.timeZone)})`;
  const wards = new Set<string | null>();
  try {
    const rows = await ctx.snowflake.query<{ WARD: string | null }>(
      `SELECT TO_VARCHAR(${column}) AS WARD FROM ${table} GROUP BY 1${into}`,
    );
    for (const { WARD } of rows) wards.add(WARD);
  } catch (error) {
    // That moves cannot be read is a finding of theirs.
    if (into !== '' && error instanceof SnowflakeError) return [];
    throw error;
  }
  const unknown = named.filter((name) => !wards.has(name));
  if (unknown.length === 0) return [];
  return [{ warning: `capacity: no admission is in ${unknown.join(', ')}. Is it called so in ${column}?` }];
}

/** Features that cannot be computed from the table: asked one by one, only where all at once fail. */
async function findBrokenFeatures(ctx: Context, contract: Contract, table: string): Promise<Finding[]> {
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
  const problems: Finding[] = [];
  for (const [name, feature] of Object.entries(contract.features)) {
    const why = await refusal({ ...contract, features: { [name]: feature } }, [name]);
    if (why) problems.push({ problem: `The feature ${name} cannot be computed: ${why}` });
  }
  return problems;
}

function plural(noun: string, list: readonly unknown[]): string {
  return list.length === 1 ? noun : `${noun}s`;
}
