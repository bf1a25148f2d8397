import type { Contract } from '../../procedures/dataset/contract.js';
import type { Exploration as Answered } from '../../procedures/exploring/answer.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { mailTable } from './tables.js';

export interface Exploration extends Answered {
  readonly run: string;
}

/** Tables of a mail at most: it is for people in a hurry. */
const MAILED_TABLES = 3;
/** Lines of a table in it. */
const MAILED_LINES = 12;

/**
 * Has the admissions explored in Snowflake, and mails what stands out.
 * @throws UserError where another dataset is deployed
 */
export async function explore(ctx: Context, contract: Contract): Promise<Exploration> {
  const made = await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', []);
  if (made.dataset !== contract.name)
    throw new UserError(
      `The dataset ${made.dataset} is deployed and can be explored, not ${contract.name}.`,
      { next: 'Leave out --dataset, or deploy the other one with los apply first.' },
    );
  const { overview, highlights, questions } = made;
  const { meanLos, medianLos, p90Los, negative } = overview;
  const figure = (label: string, value: number | null) => (value === null ? [] : [{ label, value }]);
  const first = questions
    .filter(({ weight, tables }) => weight > 0 && tables.length > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAILED_TABLES);
  await ctx.mail.send('eda', {
    dataset: contract.name,
    questions: questions.length,
    sentences: highlights.slice(1),
    summary: highlights[0] ?? '',
    figures: [
      ...figure('Admissions', overview.admissions),
      ...figure('Mean stay (days)', meanLos),
      ...figure('Median stay (days)', medianLos),
      ...figure('Nine of ten within (days)', p90Los),
      ...(negative > 0 ? figure('Discharged before admitted, left out', negative) : []),
      ...figure('Still in hospital', overview.stillInHospital),
    ],
    tables: first.map(({ tables }) => mailTable(tables[0]!, MAILED_LINES)),
    next: 'los eda prints every answer with its tables; CALL EXPLORE_ADMISSIONS() gives the same in SQL.',
  });
  return made;
}
