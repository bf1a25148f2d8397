import { literal } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import { isUnverified, refusedPlaces, VERIFY } from '../resources/snowflake/unverified.js';
import { breaks, type FirstDayCheck, holds } from './check.js';

export const mailChecks: readonly FirstDayCheck[] = [
  {
    name: 'verified-mail',
    question: 'Does Snowflake write to the addresses in mail.verified?',
    async look({ ctx, schema }) {
      const { verified } = ctx.settings.mail;
      const means = 'Whether Snowflake itself mails alarms; los notify does not need it.';
      if (verified.length === 0) return holds('mail.verified names no address', means);
      // It belongs to the account, not to the checks' schema.
      const name = `${schema.split('.')[0]}_MAIL`;
      try {
        await ctx.snowflake.execute(
          `CREATE NOTIFICATION INTEGRATION ${name} TYPE = EMAIL ENABLED = TRUE ALLOWED_RECIPIENTS = (${verified.map(literal).join(', ')})`,
        );
        return holds(`all ${verified.length} are taken`, means);
      } catch (error) {
        if (!(error instanceof SnowflakeError && isUnverified(error))) throw error;
        return breaks(
          `refused (${error.code}), those at ${refusedPlaces(error)} of ${verified.length}`,
          `${means} los apply goes on without the task that mails. ${VERIFY}`,
        );
      } finally {
        await ctx.snowflake.execute(`DROP NOTIFICATION INTEGRATION IF EXISTS ${name}`);
      }
    },
  },
];
