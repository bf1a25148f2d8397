import { typeKind } from '../../dataset/column-rules.js';
import type { Contract } from '../../dataset/contract.js';
import { rawType, sourceName, sourceOf } from '../../dataset/raw.js';
import { literal } from '../../ground/names.js';
import { query, type Row, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Check } from './checks.js';

/** A column of the hospital's table, as INFORMATION_SCHEMA has it. */
interface LiveColumn {
  readonly NAME: string;
  readonly TYPE: string;
}

/** Whether the hospital's table still has the columns that the contract reads: a graph run would find it only when a row changes. */
export const columnsCheck: Check = { name: 'columns', kinds: ['source'], look: lookAtColumns };

/** A sign where the hospital's table has not the columns that the contract reads. */
export function* lookAtColumns({ contract, place: { snowflake } }: WatchPlan): Work<Sign[]> {
  const live = yield* query<LiveColumn & Row>(
    `SELECT COLUMN_NAME AS NAME, DATA_TYPE AS TYPE FROM ${snowflake.database}.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ${literal(snowflake.schema)} AND TABLE_NAME = ${literal(contract.table)}`,
  );
  // That the table is gone or not to be seen is told elsewhere, in other words.
  return live.length === 0 ? [] : columnSigns(contract, live);
}

const LOST = 'No features are built until both agree; admissions wait, and none is lost.';
const RETYPED = 'Predictions treat a value of another type as missing; a row with such an id is set aside.';

/** @param live all columns of the table */
export function columnSigns(contract: Contract, live: readonly LiveColumn[]): Sign[] {
  const missing: string[] = [];
  const retyped: string[] = [];
  for (const name of Object.keys(contract.columns)) {
    const source = sourceOf(contract, name);
    const column = live.filter(({ NAME }) => NAME === source)[0];
    const wanted = rawType(contract, name) || '';
    if (!column) missing.push(source);
    // INFORMATION_SCHEMA calls VARCHAR TEXT.
    else if (typeKind(column.TYPE.replace(/^TEXT/, 'VARCHAR')) !== typeKind(wanted))
      retyped.push(`${source} is ${column.TYPE}, and ${wanted} in the contract`);
  }
  if (missing.length + retyped.length === 0) return [];
  const differences = [
    ...(missing.length > 0 ? [`it has no ${missing.join(', ')}, which the contract reads`] : []),
    ...retyped,
  ];
  return [
    {
      kind: 'source',
      subject: `columns of ${sourceName(contract)}`,
      severity: 'critical',
      message: `The columns of ${sourceName(contract)} have changed: ${differences.join('; ')}. ${missing.length > 0 ? LOST : RETYPED}`,
      lookAt: 'column',
    },
  ];
}
