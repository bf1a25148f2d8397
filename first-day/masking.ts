import { type Answer, breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { type Place, qualify } from '../procedures/ground/names.js';
import { policyList, policyName, policyStatements } from '../procedures/records/masking.js';
import { describeRun, PATIENCE, runTask } from './run-task.js';
import type { FirstDay } from './scene.js';

/** Columns as hospitals have them, each with a value that a policy for all of its type could change on the way. */
const COLUMNS: readonly (readonly [column: string, type: string, value: string, policy: string])[] = [
  ['PRICE', 'NUMBER(10,2)', '12.34', 'NUMBER'],
  ['LONGEST', 'NUMBER(38,0)', '12345678901234567890123456789012345678', 'NUMBER'],
  ['RATIO', 'FLOAT', '0.1', 'FLOAT'],
  ['CAME', 'TIMESTAMP_NTZ(9)', '2026-01-02 03:04:05.123456', 'TIMESTAMP_NTZ'],
];

/**
 * One policy masks each type of data, with that type's widest form as its signature; BCR-1355 says that what a policy gives is cut to
 * "the scale of the column". No page says that a NUMBER(10,2) comes through, nor what INVOKER_ROLE is in a procedure with its owner's
 * rights and in a task.
 */
export const maskingChecks: readonly Check<FirstDay>[] = [
  {
    name: 'masked-values',
    asks: 'Do a procedure and a task of the owner read masked numbers and times to the last digit?',
    means: 'With snowflake.masking, features come from these.',
    look: readMasked,
    refusal: (error) =>
      open(
        refusalText(error),
        /unsupported feature/i.test(error.message)
          ? 'This edition masks nothing; leave snowflake.masking out.'
          : 'Masking needs the rights that los bootstrap prints with snowflake.masking on.',
      ),
  },
];

async function readMasked(day: FirstDay): Promise<Answer> {
  const { snowflake } = day.ctx;
  const [database = '', schema = ''] = day.schema.split('.');
  const place = { snowflake: { database, schema } } satisfies Place;
  const [{ ROLE } = { ROLE: '' }] = await snowflake.query('SELECT CURRENT_ROLE() AS ROLE');
  const types = [...new Set(COLUMNS.map(([, , , policy]) => policy))];
  const tag = qualify(place, 'MASKED');
  const read = `SELECT ${COLUMNS.map(([column]) => `TO_VARCHAR(${column}${column === 'CAME' ? ", 'YYYY-MM-DD HH24:MI:SS.FF6'" : ''}) AS ${column}`).join(', ')} FROM ${day.schema}.MASKED_ROWS`;
  for (const sql of [
    ...types.flatMap((type) => policyStatements(place, type, { shownTo: [String(ROLE)], objects: [] })),
    `CREATE TAG IF NOT EXISTS ${tag}`,
    `ALTER TAG ${tag} SET ${policyList(place, types.map(policyName))} FORCE`,
    `CREATE OR REPLACE TRANSIENT TABLE ${day.schema}.MASKED_ROWS (${COLUMNS.map(([column, type]) => `${column} ${type}`).join(', ')})`,
    `ALTER TABLE ${day.schema}.MASKED_ROWS MODIFY ${COLUMNS.map(([column]) => `COLUMN ${column} SET TAG ${tag} = 'tried'`).join(', ')}`,
    `INSERT INTO ${day.schema}.MASKED_ROWS SELECT ${COLUMNS.map(([, type, value]) => `'${value}'::${type}`).join(', ')}`,
    `CREATE OR REPLACE TRANSIENT TABLE ${day.schema}.READ_ROWS (${COLUMNS.map(([column]) => `${column} VARCHAR`).join(', ')})`,
    `CREATE OR REPLACE PROCEDURE ${day.schema}.READ_MASKED() RETURNS VARCHAR LANGUAGE JAVASCRIPT EXECUTE AS OWNER AS $$snowflake.execute({sqlText: \`INSERT INTO ${day.schema}.READ_ROWS ${read}\`}); return 'read';$$`,
    `CALL ${day.schema}.READ_MASKED()`,
  ])
    await snowflake.execute(sql);
  const changed = [...(await changes(day, 'a procedure'))];
  await snowflake.execute(`TRUNCATE TABLE ${day.schema}.READ_ROWS`);
  const run = await runTask(day, 'READ_MASKED_ROWS', `INSERT INTO ${day.schema}.READ_ROWS ${read}`);
  if (run?.state === 'SUCCEEDED') changed.push(...(await changes(day, 'a task')));
  if (changed.length > 0)
    return breaks(
      changed.join('; '),
      'Leave snowflake.masking out: features would be made of other values. Send this file back.',
    );
  if (run?.state === 'SUCCEEDED') return holds(`all ${COLUMNS.length} kinds come through, in both`);
  return open(
    `a procedure reads all ${COLUMNS.length} kinds as they are; the task ${run ? describeRun(run) : `has not ended after ${PATIENCE} s`}`,
  );
}

/** Which values are not what was written, of made-up rows. */
async function changes({ ctx, schema }: FirstDay, reader: string): Promise<string[]> {
  const [row] = await ctx.snowflake.query(`SELECT * FROM ${schema}.READ_ROWS`);
  return COLUMNS.filter(([column, , value]) => row?.[column] !== value).map(
    ([column, type, value]) => `${reader} reads a ${type} of ${value} as ${row?.[column] ?? 'NULL'}`,
  );
}
