import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';
import { type Place, qualify } from './names.js';
import { requireFilled } from './plan.js';
import { END, NEXT } from './refusal-text.js';
import { withoutValues } from './without-values.js';
import { Refused, type Row, type StatementResult, type Step, type Work } from './work.js';

/**
 * Carries out a work inside Snowflake, in a procedure.
 * @param place where LOS_SAGEMAKER is
 * @param between called before each step
 * @throws what the work throws
 * @example
 * declare const PLACE: Place;
 * const day = perform(PLACE, lastDay('Europe/Berlin'));
 */
export function perform<T>(place: Place, work: Work<T>, between: () => void = () => undefined): T {
  let step = work.next();
  while (!step.done) {
    between();
    let result: unknown;
    try {
      result = executeStep(place, step.value);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(result);
  }
  return step.value;
}

function executeStep(place: Place, step: Step): StatementResult | ControlAnswer {
  if ('action' in step) return callSageMaker(place, step.action, step.request);
  const statement = snowflake.createStatement({ sqlText: requireFilled(step.sql), binds: step.binds });
  const found = statement.execute();
  if (step.wants === 'count') return { rows: [], changed: Number(statement.getNumRowsAffected() || 0) };
  const names: string[] = [];
  for (let column = 1; column <= statement.getColumnCount(); column++)
    names.push(statement.getColumnName(column));
  const rows: Row[] = [];
  while (found.next()) {
    const row: Record<string, unknown> = {};
    names.forEach((name, i) => {
      row[name] = found.getColumnValue(i + 1);
    });
    rows.push(row);
  }
  return { rows, changed: 0 };
}

function callSageMaker(place: Place, action: string, request: object): ControlAnswer {
  const rows = snowflake.execute({
    sqlText: `SELECT ${qualify(place, 'LOS_SAGEMAKER')}(?, PARSE_JSON(?)::OBJECT)`,
    binds: [action, JSON.stringify(request)],
  });
  rows.next();
  return rows.getColumnValue(1) as ControlAnswer;
}

/**
 * Ends a procedure with what its caller reads of an error: message and next step of a refusal, and nothing of a patient's row.
 * @throws Error always
 */
export function speak(error: unknown): never {
  if (!(error instanceof Refused)) throw withoutValues(error);
  throw new Error(
    `${error.by === undefined ? '' : `[${error.by}] `}${error.message}${NEXT}${error.next}${END}`,
  );
}
