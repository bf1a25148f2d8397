import { datasetNames } from '../../procedures/dataset/names.js';
import { qualified } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import { messageOf } from '../errors.js';
import { breaks, type FirstDayCheck, holds, open } from './check.js';

export const tableChecks: readonly FirstDayCheck[] = [
  {
    name: 'own-stream',
    question: "May this role make a stream on the admissions' table?",
    async look({ ctx, contract, schema }) {
      const means =
        'Only a table’s owner may make its first stream, unless CHANGE_TRACKING is on for it: admissions are noticed by one.';
      const table = qualified(ctx.settings, datasetNames(contract).raw);
      try {
        await ctx.snowflake.execute(`CREATE OR REPLACE STREAM ${schema}.ADMISSIONS ON TABLE ${table}`);
        return holds('it may', means);
      } catch (error) {
        if (!(error instanceof SnowflakeError)) throw error;
        const saw = `refused (${error.code}): ${messageOf(error).split('\n').at(-1)}`;
        if (error.missingObject)
          return open(
            'there is no such table, or this role may not see it',
            `${means} Run los apply, or give it away as docs/permissions.md says.`,
          );
        return breaks(
          saw,
          `${means} As its owner: ALTER TABLE … SET CHANGE_TRACKING = TRUE; or give the table to ${ctx.settings.snowflake.roles.deploy} (docs/permissions.md).`,
        );
      }
    },
  },
];
