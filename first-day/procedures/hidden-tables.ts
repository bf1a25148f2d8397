import { breaks, type Check, holds } from '../../doctor/check.js';
import { isAnswer } from '../../doctor/run.js';
import { qualify } from '../../procedures/ground/names.js';
import { asReader } from '../as-reader.js';
import { APPLIED, type FirstDay } from '../scene.js';

/** Says how SHOW TABLES names a temporary table of the session that calls. */
const BODY = `var rows = snowflake.execute({sqlText: "SHOW TABLES LIKE 'PASSING_BY' IN SCHEMA " + PLACE});
while (rows.next()) { if (rows.getColumnValue('name') === 'PASSING_BY') return rows.getColumnValue('kind'); }
return 'not shown';`;

/** True if a caller's temporary tables can stand before the owner's, and are seen. */
export const hiddenTableChecks: readonly Check<FirstDay>[] = [
  {
    name: 'temporary-table-seen',
    asks: 'Does a procedure see by SHOW TABLES that a table of its caller is temporary?',
    means: 'So procedures refuse to read one in place of ours.',
    async look({ ctx, schema }) {
      const { snowflake } = ctx;
      for (const sql of [
        `CREATE OR REPLACE PROCEDURE ${schema}.KIND_OF(PLACE VARCHAR) RETURNS VARCHAR LANGUAGE JAVASCRIPT EXECUTE AS OWNER AS $$${BODY}$$`,
        `CREATE OR REPLACE TEMPORARY TABLE ${schema}.PASSING_BY AS SELECT 1 AS N`,
      ])
        await snowflake.execute(sql);
      const [row] = await snowflake.query(`CALL ${schema}.KIND_OF(?)`, [schema]);
      await snowflake.execute(`DROP TABLE ${schema}.PASSING_BY`);
      const kind = String(Object.values(row ?? {})[0]);
      return kind === 'TEMPORARY'
        ? holds('it is shown as TEMPORARY')
        : breaks(
            kind === 'not shown' ? kind : `shown as ${kind}`,
            'They would miss a table with a new name. Send this file back.',
          );
    },
  },
  {
    name: 'hidden-table',
    asks: 'May a role hide a table that it does not own behind a temporary one?',
    means: 'Procedures with owner’s rights read as their owner, for every caller.',
    needs: [APPLIED],
    look: (day) =>
      asReader(day, async () => {
        const { settings, snowflake } = day.ctx;
        const name = qualify(settings, 'LOS_RUN_LOG');
        try {
          await snowflake.execute(`CREATE TEMPORARY TABLE ${name} (N NUMBER)`);
        } catch (error) {
          if (!isAnswer(error)) throw error;
          return holds(`refused (${error.code ?? 'no code'})`);
        }
        await snowflake.execute(`DROP TABLE ${name}`);
        return breaks(
          'taken',
          'Procedures that train, promote, explore and erase refuse such sessions; those of the task graph do not look, so let only tasks call them. Send this file back.',
        );
      }),
  },
];
