import { breaks, type Check, holds } from '../../doctor/check.js';
import { variant } from '../../procedures/ground/work.js';
import type { FirstDay } from '../scene.js';

/** A kind of statement that procedures here run, in the schema of the checks; several where one needs another. */
type StatementKind = readonly [what: string, ...statements: string[]];

/**
 * Requirements of procedures with their owner's rights. The page
 * (developer-guide/stored-procedure/stored-procedures-rights) allows kinds of statements in words; Python and Java
 * handlers are refused temporary tables that it does not speak of.
 */
const requirements = (schema: string): readonly StatementKind[] => [
  ['transaction', 'BEGIN', `INSERT INTO ${schema}.TRIED SELECT 1`, 'COMMIT'],
  [
    'temporary table',
    `CREATE OR REPLACE TEMPORARY TABLE ${schema}.PASSING AS SELECT 1 AS N`,
    `DROP TABLE ${schema}.PASSING`,
  ],
  ['transient table', `CREATE OR REPLACE TRANSIENT TABLE ${schema}.LASTING AS SELECT 1 AS N`],
  [
    'COPY INTO location',
    `COPY INTO @${schema}.TRIED/rows.csv FROM (SELECT 1) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE) SINGLE = TRUE OVERWRITE = TRUE`,
  ],
  ['COPY INTO table', `COPY INTO ${schema}.TRIED FROM @${schema}.TRIED/rows.csv FILE_FORMAT = (TYPE = CSV)`],
  ['SHOW STREAMS', `SHOW STREAMS IN SCHEMA ${schema}`],
  ['CREATE STREAM', `CREATE OR REPLACE STREAM ${schema}.TRIED_STREAM ON TABLE ${schema}.TRIED`],
  ['SYSTEM$STREAM_HAS_DATA', `SELECT SYSTEM$STREAM_HAS_DATA('${schema}.TRIED_STREAM')`],
  [
    'CREATE FUNCTION',
    `CREATE OR REPLACE FUNCTION ${schema}.MADE(X FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return X;'`,
  ],
  ['ALTER FUNCTION', `ALTER FUNCTION ${schema}.MADE(FLOAT) SET COMMENT = 'tried'`],
  ['CALL', `CALL ${schema}.CALLED()`],
  [
    'TASK_HISTORY',
    `SELECT COUNT(*) FROM TABLE(${schema.split('.')[0]}.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 1))`,
  ],
  ['DESCRIBE TABLE', `DESCRIBE TABLE ${schema}.TRIED`],
];

/** Observations that are only written down: nothing here runs them in a procedure. */
const observations = (schema: string): readonly StatementKind[] => [
  ['REMOVE', `REMOVE @${schema}.TRIED/none`],
];

const BODY = `var out = {};
for (var i = 0; i < TRIED.length; i++) {
  out[TRIED[i][0]] = null;
  try { for (var j = 1; j < TRIED[i].length; j++) snowflake.execute({sqlText: TRIED[i][j]}); }
  catch (error) {
    out[TRIED[i][0]] = String(error.message);
    try { snowflake.execute({sqlText: 'ROLLBACK'}); } catch (none) {}
  }
}
return out;`;

export const procedureChecks: readonly Check<FirstDay>[] = [
  {
    name: 'procedure-statements',
    asks: 'Which kinds of statements may a JavaScript procedure run with its owner’s rights?',
    means: 'Scoring, training, monitoring and forecasts use such procedures.',
    async look({ ctx, schema }) {
      const { snowflake } = ctx;
      for (const sql of [
        `CREATE OR REPLACE TRANSIENT TABLE ${schema}.TRIED (N NUMBER)`,
        `CREATE OR REPLACE STAGE ${schema}.TRIED`,
        `CREATE OR REPLACE PROCEDURE ${schema}.CALLED() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'return "called";'`,
        `CREATE OR REPLACE PROCEDURE ${schema}.TRY_ALL(TRIED ARRAY) RETURNS VARIANT LANGUAGE JAVASCRIPT EXECUTE AS OWNER AS $$${BODY}$$`,
      ])
        await snowflake.execute(sql);
      const [row] = await snowflake.query(`CALL ${schema}.TRY_ALL(PARSE_JSON(?)::ARRAY)`, [
        JSON.stringify([...requirements(schema), ...observations(schema)]),
      ]);
      const said = variant<Record<string, string | null>>(Object.values(row ?? {})[0]);
      const summarize = ([what]: StatementKind) => `${what}: ${said[what]?.split('\n').at(-1) ?? 'allowed'}`;
      const refused = requirements(schema).filter(([what]) => said[what] !== null);
      const others = observations(schema).map(summarize);
      return refused.length > 0
        ? breaks(
            [...refused.map(summarize), ...others].join('; '),
            'They would stop there: tasks and trainings would stop too. Send this file back.',
          )
        : holds(
            [`all ${requirements(schema).length} kinds that are needed are allowed`, ...others].join('; '),
          );
    },
  },
  {
    name: 'stream-after-reading',
    asks: 'Has a stream data after a transaction that read it and deleted in its table?',
    means: 'At worst the graph runs once more after each scoring and finds no work.',
    /** A stream is read in the transaction that also changes its table: what it says afterwards. */
    async look({ ctx, schema }) {
      for (const sql of [
        `CREATE OR REPLACE TRANSIENT TABLE ${schema}.QUEUE (N NUMBER)`,
        `CREATE OR REPLACE STREAM ${schema}.QUEUED ON TABLE ${schema}.QUEUE`,
        `INSERT INTO ${schema}.QUEUE SELECT 1`,
        'BEGIN',
        `INSERT INTO ${schema}.QUEUE SELECT N FROM ${schema}.QUEUED WHERE FALSE`,
        `DELETE FROM ${schema}.QUEUE`,
        'COMMIT',
      ])
        await ctx.snowflake.execute(sql);
      const [row] = await ctx.snowflake.query(`SELECT SYSTEM$STREAM_HAS_DATA('${schema}.QUEUED') AS HAS`);
      return holds(
        String(row?.HAS).toLowerCase() === 'true'
          ? 'it still has data, so a task would run once more'
          : 'it has none',
      );
    },
  },
];
