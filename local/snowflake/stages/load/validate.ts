// VALIDATION_MODE of COPY, and VALIDATE(), which tells the errors of a COPY that has run.
import { rm } from 'node:fs/promises';
import type { Account } from '../../account.js';
import type { Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { FunctionOfTable } from '../../feature.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../../kernel/statement.js';
import { fromRows } from '../../query/bind/table-functions.js';
import { literal } from '../../storage/storage.js';
import { toCell } from '../../types/cells.js';
import { NUMBER, type ResultColumn, type Row, TEXT } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import type { StageFile, StageFiles } from '../files/files.js';
import type { Validation } from '../formats/copy-options.js';
import { type LoadedFile, type LoadPlan, loadFile } from './load.js';
import { abortError, ERROR_COLUMNS, errorRow, NUMERIC_ERROR_COLUMNS } from './load-errors.js';

const COLUMNS: ResultColumn[] = ERROR_COLUMNS.map((name) => ({
  name,
  type: NUMERIC_ERROR_COLUMNS.includes(name) ? NUMBER() : TEXT(),
  nullable: true,
}));

/** COPY … VALIDATION_MODE: the errors of the files, or their first rows; nothing is loaded. */
export async function validateFiles(
  context: StatementContext,
  plan: LoadPlan,
  files: StageFiles,
  chosen: StageFile[],
  validation: Validation,
): Promise<StatementOutcome> {
  if (validation.kind === 'ROWS') return firstRows(context, plan, files, chosen, validation.rows);
  const rows: Row[] = [];
  for (const file of chosen) {
    context.signal.throwIfAborted();
    const one = await loadFile({ ...plan, keeps: () => false }, files, file);
    for (const path of one.parquet) await rm(path, { force: true });
    for (const error of one.errors) rows.push(errorRow(file, error));
  }
  return { statementTypeId: STATEMENT_TYPE.SELECT, columns: COLUMNS, rows };
}

/** @throws SnowflakeError at the first error in the rows */
async function firstRows(
  context: StatementContext,
  plan: LoadPlan,
  files: StageFiles,
  chosen: StageFile[],
  limit: number,
): Promise<StatementOutcome> {
  const targets = [...plan.columns, ...plan.metadata.map(({ column }) => column)];
  const cells = targets.map(({ type }, i) => toCell(type, quoteName(`v${i + 1}`)));
  const rows: Row[] = [];
  for (const file of chosen) {
    if (rows.length >= limit) break;
    context.signal.throwIfAborted();
    const one = await loadFile({ ...plan, keeps: () => true }, files, file);
    const error = one.errors.find((each) => each.row < limit - rows.length);
    if (error) {
      for (const path of one.parquet) await rm(path, { force: true });
      throw abortError(file, error, false);
    }
    const connection = await plan.account.storage.connect();
    try {
      for (const path of one.parquet) {
        const from = `read_parquet(${literal(path)})`;
        rows.push(
          ...(await connection.rows(`SELECT ${cells.join(', ')} FROM ${from} LIMIT ${limit - rows.length}`)),
        );
        await rm(path, { force: true });
      }
    } finally {
      connection.close();
    }
  }
  const columns = targets.map(({ name, type, nullable }) => ({ name, type, nullable }));
  return { statementTypeId: STATEMENT_TYPE.SELECT, columns, rows };
}

/** A COPY that has run, for VALIDATE(). Kept in memory, as the history of queries is. */
interface Job {
  tableId: number;
  sessionId: number;
  transformed: boolean;
  files: LoadedFile[];
}
const MOST_JOBS = 200;
const jobs = new WeakMap<Account, Map<string, Job>>();

/** @param files filled while the COPY runs */
export function rememberJob(
  { account, session, queryId }: StatementContext,
  table: Table,
  transformed: boolean,
  files: LoadedFile[],
): void {
  const known = jobs.get(account) ?? new Map<string, Job>();
  jobs.set(account, known);
  known.set(queryId, { tableId: table.id, sessionId: session.id, transformed, files });
  if (known.size > MOST_JOBS) known.delete(known.keys().next().value!);
}

/** TABLE(VALIDATE(table, JOB_ID => '_last' | 'query id')); docs: sql-reference/functions/validate. */
export const validate: FunctionOfTable = (b, parts, named) => {
  const table = b.account.catalog.resolve('TABLE', parts, b.session);
  b.account.access.require(b.session, 'SELECT', table);
  const id = String(named.get('JOB_ID')?.constant ?? '');
  const known = jobs.get(b.account) ?? new Map<string, Job>();
  const last = id.toUpperCase() === '_LAST';
  const job = last
    ? [...known.values()].reverse().find((each) => each.sessionId === b.session.id)
    : known.get(id);
  if (!job || (!last && job.tableId !== table.id))
    throw new SnowflakeError(
      '002018',
      '22023',
      `SQL compilation error:\nInvalid argument [COPY job ${id} of table ${table.name} was not found] for table function. Table function argument is required to be a constant.`,
    );
  if (job.transformed)
    throw new SnowflakeError(
      '002303',
      '0A000',
      'SQL compilation error:\nVALIDATE does not support COPY statements that transform data during a load.',
    );
  return fromRows(
    COLUMNS,
    job.files.flatMap(({ file, errors }) => errors.map((error) => errorRow(file, error))),
  );
};
