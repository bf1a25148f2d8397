import { SnowflakeError } from '../clients/snowflake.js';
import { breaks, type FirstDay, type FirstDayCheck, holds } from './check.js';

/** The code of what a statement is refused with; null: it is taken. */
async function codeOf({ ctx }: FirstDay, sql: string): Promise<string | null> {
  try {
    await ctx.snowflake.query(sql);
    return null;
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return error.code ?? 'no code';
  }
}

const said = (code: string | null) => (code === null ? 'taken' : `refused (${code})`);

export const sqlChecks: readonly FirstDayCheck[] = [
  {
    name: 'ctas-comment',
    question: 'May CREATE TABLE … AS SELECT carry a COMMENT before AS?',
    async look(day) {
      const code = await codeOf(
        day,
        `CREATE OR REPLACE TRANSIENT TABLE ${day.schema}.COMMENTED COMMENT = 'first day' AS SELECT 1 AS X`,
      );
      return code === null
        ? holds('taken', 'Training divides its rows with such a statement.')
        : breaks(said(code), 'los train stops at its first step. Send this file back.');
    },
  },
  {
    name: 'percentile-of-dates',
    question: 'Does PERCENTILE_DISC take a DATE?',
    async look(day) {
      const code = await codeOf(
        day,
        "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY D) FROM (SELECT '2024-01-01'::DATE AS D)",
      );
      return holds(said(code), 'Dates are ranked as day numbers, so both will do.');
    },
  },
  {
    name: 'date-in-object',
    question: 'How is a DATE in an OBJECT written as text?',
    async look({ ctx }) {
      const [row] = await ctx.snowflake.query(
        "SELECT GET(OBJECT_CONSTRUCT('D', '2024-05-06'::DATE), 'D')::VARCHAR AS TEXT",
      );
      const means = 'predict_los reads days of an OBJECT as 2024-05-06.';
      return row?.TEXT === '2024-05-06'
        ? holds('2024-05-06', means)
        : breaks(
            String(row?.TEXT),
            `${means} Write TO_VARCHAR(day, 'YYYY-MM-DD') in the OBJECT, and send this file back.`,
          );
    },
  },
  {
    name: 'float-timestamps',
    question: 'Does TO_TIMESTAMP_LTZ(…, 3) refuse a FLOAT?',
    async look(day) {
      const code = await codeOf(day, 'SELECT TO_TIMESTAMP_LTZ(1.5e12::FLOAT, 3)');
      return holds(said(code), 'Only fixed-point numbers are turned into times, so both will do.');
    },
  },
  {
    name: 'unknown-function',
    question: 'With which code is an unknown function refused?',
    async look(day) {
      const code = await codeOf(day, 'SELECT LOS_NOBODY_HAS_THIS(1)');
      return holds(
        said(code),
        'Errors are told apart by their words; 002139 since bundle 2026_01, 002140 before.',
      );
    },
  },
  {
    name: 'foreign-routines',
    question: 'How does INFORMATION_SCHEMA show the type of a table function?',
    async look({ ctx, schema }) {
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION ${schema}.SOMEBODY_ELSES() RETURNS TABLE (A VARCHAR(10), B NUMBER(10,2)) AS 'SELECT ''a'', 1.5::NUMBER(10,2)'`,
      );
      const [database] = schema.split('.');
      const [row] = await ctx.snowflake.query(
        `SELECT DATA_TYPE FROM ${database}.INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_NAME = 'SOMEBODY_ELSES'`,
      );
      return holds(String(row?.DATA_TYPE), 'A type that predict-los never declares stays as it is written.');
    },
  },
  {
    name: 'unload-files',
    question: 'How many files does COPY INTO a location write, and does SINGLE = TRUE write one?',
    async look({ ctx, schema }) {
      const stage = `${schema}.UNLOADED`;
      await ctx.snowflake.execute(`CREATE OR REPLACE STAGE ${stage}`);
      const rows =
        "SELECT N || ',' || REPEAT('x', 80) AS LINE FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS N FROM TABLE(GENERATOR(ROWCOUNT => 200000))) ORDER BY N";
      const format = 'FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE)';
      await ctx.snowflake.execute(`COPY INTO @${stage}/many/ FROM (${rows}) ${format}`);
      await ctx.snowflake.execute(
        `COPY INTO @${stage}/one/rows.csv FROM (${rows}) ${format} SINGLE = TRUE MAX_FILE_SIZE = 5368709120`,
      );
      const files = async (folder: string) => (await ctx.snowflake.query(`LIST @${stage}/${folder}/`)).length;
      const [many, one] = [await files('many'), await files('one')];
      const saw = `200,000 rows: ${many} ${many === 1 ? 'file' : 'files'}; with SINGLE = TRUE ${one}`;
      return one === 1
        ? holds(saw, 'Training files are single ones, so the same data trains the same model.')
        : breaks(saw, 'A training cannot be repeated to the same bytes. Send this file back.');
    },
  },
];
