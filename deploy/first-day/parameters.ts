import { breaks, type FirstDayCheck, holds, open } from './check.js';

/** Parameters of the account that tasks and procedures run under, the value that everything here assumes, and why. */
const ASSUMED: Readonly<Record<string, readonly [value: string, why: string]>> = {
  AUTOCOMMIT: ['true', 'tasks do not run where it is FALSE'],
  TRANSACTION_ABORT_ON_ERROR: ['false', 'a feature that cannot be built is set aside within its transaction'],
  QUOTED_IDENTIFIERS_IGNORE_CASE: ['false', 'columns of results are read by their names as they are written'],
};

/** Of those that make no difference, because the code holds either way. */
const SEEN = 'READ_CONSISTENCY_MODE';

export const parameterChecks: readonly FirstDayCheck[] = [
  {
    name: 'account-parameters',
    question: 'Does the account set parameters that procedures and tasks do not expect?',
    async look({ ctx }) {
      const means = 'Tasks run under the account’s parameters, whatever a session of los sets for itself.';
      const rows = await ctx.snowflake.query('SHOW PARAMETERS IN ACCOUNT');
      const values = new Map(rows.map(({ key, value }) => [String(key), String(value).toLowerCase()]));
      const names = [...Object.keys(ASSUMED), SEEN];
      const saw = names.map((name) => `${name} ${values.get(name) ?? 'not shown'}`).join(', ');
      const wrong = Object.entries(ASSUMED).filter(
        ([name, [value]]) => values.has(name) && values.get(name) !== value,
      );
      if (wrong.length > 0)
        return breaks(
          saw,
          `${means} ${wrong.map(([name, [value, why]]) => `${name} is to be ${value.toUpperCase()} (${why}): ALTER ACCOUNT SET ${name} = ${value.toUpperCase()}, or set it for each task of this schema (ALTER TASK … SET ${name} = ${value.toUpperCase()})`).join('; ')}.`,
        );
      return Object.keys(ASSUMED).some((name) => !values.has(name)) ? open(saw, means) : holds(saw, means);
    },
  },
];
