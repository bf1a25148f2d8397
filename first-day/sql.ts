import { type Answer, breaks, type Check, holds } from '../doctor/check.js';
import type { FirstDay } from './scene.js';

/** True if a statement is taken; where it may be refused as well, both answers hold. */
function statementCheck(
  name: string,
  asks: string,
  statement: (schema: string) => string,
  means: string,
  breaking?: string,
): Check<FirstDay> {
  return {
    name,
    asks,
    means,
    async look({ ctx, schema }) {
      await ctx.snowflake.query(statement(schema));
      return holds('taken');
    },
    refusal: ({ code }): Answer => {
      const saw = `refused (${code ?? 'no code'})`;
      return breaking === undefined ? holds(saw) : breaks(saw, breaking);
    },
  };
}

/** Checks of single statements. */
export const sqlChecks: readonly Check<FirstDay>[] = [
  statementCheck(
    'ctas-comment',
    'May CREATE TABLE … AS SELECT carry a COMMENT before AS?',
    (schema) =>
      `CREATE OR REPLACE TRANSIENT TABLE ${schema}.COMMENTED COMMENT = 'first day' AS SELECT 1 AS X`,
    'Training divides its rows with such a statement.',
    'los train stops at its first step. Send this file back.',
  ),
  statementCheck(
    'percentile-of-dates',
    'Does PERCENTILE_DISC take a DATE?',
    () => "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY D) FROM (SELECT '2024-01-01'::DATE AS D)",
    'Dates are ranked as day numbers, so both will do.',
  ),
  {
    name: 'date-in-object',
    asks: 'How is a DATE in an OBJECT written as text?',
    means: 'predict_los reads days of an OBJECT as 2024-05-06.',
    async look({ ctx }) {
      const [row] = await ctx.snowflake.query(
        "SELECT GET(OBJECT_CONSTRUCT('D', '2024-05-06'::DATE), 'D')::VARCHAR AS TEXT",
      );
      return row?.TEXT === '2024-05-06'
        ? holds('2024-05-06')
        : breaks(
            String(row?.TEXT),
            "Write TO_VARCHAR(day, 'YYYY-MM-DD') in the OBJECT, and send this file back.",
          );
    },
  },
  statementCheck(
    'float-timestamps',
    'Does TO_TIMESTAMP_LTZ(…, 3) refuse a FLOAT?',
    () => 'SELECT TO_TIMESTAMP_LTZ(1.5e12::FLOAT, 3)',
    'Only fixed-point numbers are turned into times, so both will do.',
  ),
  statementCheck(
    'unknown-function',
    'With which code is an unknown function refused?',
    () => 'SELECT LOS_NOBODY_HAS_THIS(1)',
    'Errors are told apart by their words; 002139 since bundle 2026_01, 002140 before.',
  ),
  {
    name: 'foreign-routines',
    asks: 'How does INFORMATION_SCHEMA show the type of a table function?',
    means: 'predict-los declares no such type, so its text stays unchanged.',
    async look({ ctx, schema }) {
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION ${schema}.SOMEBODY_ELSES() RETURNS TABLE (A VARCHAR(10), B NUMBER(10,2)) AS 'SELECT ''a'', 1.5::NUMBER(10,2)'`,
      );
      const [row] = await ctx.snowflake.query(
        `SELECT DATA_TYPE FROM ${schema.split('.')[0]}.INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_NAME = 'SOMEBODY_ELSES'`,
      );
      return holds(String(row?.DATA_TYPE));
    },
  },
  {
    name: 'unload-files',
    asks: 'How many files does COPY INTO a location write, and does SINGLE = TRUE write one?',
    means: 'Training files are single ones, so the same data trains the same model.',
    async look({ ctx, schema }) {
      const stage = `${schema}.UNLOADED`;
      await ctx.snowflake.execute(`CREATE OR REPLACE STAGE ${stage}`);
      const rows =
        "SELECT N || ',' || REPEAT('x', 80) AS LINE FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS N FROM TABLE(GENERATOR(ROWCOUNT => 200000))) ORDER BY N";
      const files = async (folder: string, file: string, options: string) => {
        await ctx.snowflake.execute(
          `COPY INTO @${stage}/${folder}/${file} FROM (${rows}) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE)${options}`,
        );
        return (await ctx.snowflake.query(`LIST @${stage}/${folder}/`)).length;
      };
      const many = await files('many', '', '');
      const one = await files('one', 'rows.csv', ' SINGLE = TRUE MAX_FILE_SIZE = 5368709120');
      const saw = `200,000 rows: ${many} ${many === 1 ? 'file' : 'files'}; with SINGLE = TRUE ${one}`;
      return one === 1
        ? holds(saw)
        : breaks(saw, 'This account cannot repeat a training to the same bytes. Send this file back.');
    },
  },
];
