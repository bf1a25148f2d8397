import { probeOrigin } from '../deploy/dataset/probe-origin.js';
import { UserError } from '../deploy/errors.js';
import { quotasNeeded, readQuotas, requireRoom, standing } from '../deploy/model/quotas.js';
import { describeElsewhere, readEndpoints } from '../deploy/operate/private-api.js';
import { isUnverified, placesOfRefused, VERIFY } from '../deploy/resources/snowflake/unverified.js';
import { breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { datasetNames } from '../procedures/dataset/names.js';
import { hasStream } from '../procedures/dataset/origin/door.js';
import { readsOthers } from '../procedures/dataset/origin/relation.js';
import { literal, qualify } from '../procedures/ground/names.js';
import type { FirstDay } from './scene.js';

/** Parameters of the account that tasks and procedures run under, the value that everything here assumes, and why. */
const ASSUMED: Readonly<Record<string, readonly [value: string, why: string]>> = {
  AUTOCOMMIT: ['true', 'tasks do not run where it is FALSE'],
  TRANSACTION_ABORT_ON_ERROR: ['false', 'a feature that cannot be built is set aside within its transaction'],
  QUOTED_IDENTIFIERS_IGNORE_CASE: ['false', 'columns of results are read by their names as they are written'],
};

/** Settings that make no difference, because the code holds either way. */
const SEEN = 'READ_CONSISTENCY_MODE';

/** Checks of an account's settings and rights. */
export const accountChecks: readonly Check<FirstDay>[] = [
  {
    name: 'quotas',
    asks: "Do the account's quotas of SageMaker leave room for all versions that are kept?",
    async look({ ctx }) {
      const quotas = await readQuotas(ctx);
      const needs = `Needed: ${quotasNeeded(ctx.settings).join('; ')}.`;
      if (quotas.length === 0) return open('the quotas could not be read', needs);
      const taken = (await standing(ctx)).reduce((sum, { concurrency }) => sum + concurrency, 0);
      const listed = quotas.map(
        ({ name, value, from }) =>
          `${name}: ${value}${from === 'default' ? ' by default, not listed for this account' : ''}`,
      );
      const saw = `${listed.join('; ')}; concurrency taken: ${taken}`;
      try {
        const doubts = await requireRoom(ctx, 'all versions');
        return doubts.length ? open(saw, `${needs} ${doubts.join(' ')}`) : holds(saw, needs);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return breaks(saw, `${needs} ${error.next ?? ''}`);
      }
    },
  },
  {
    name: 'private-connectivity',
    asks: 'Is the account where aws.privateApi can work, and may this role see its private endpoints?',
    means:
      'Whether los doctor can tell why it does not reach a private API. No page names the role that may.',
    async look({ ctx }) {
      const unreachable = await describeElsewhere(ctx);
      if (unreachable) return holds(unreachable, 'aws.privateApi is not for this account.');
      const endpoints = await readEndpoints(ctx);
      if (endpoints === 'unsupported') return holds('the edition has none', 'It needs Business Critical.');
      return endpoints === 'hidden'
        ? holds('not with this role', 'ACCOUNTADMIN sees them; los doctor names what calls are refused with.')
        : holds(`${endpoints.length} are seen`);
    },
  },
  {
    name: 'account-parameters',
    asks: 'Does the account set parameters that procedures and tasks do not expect?',
    means: 'Tasks run under the account’s parameters, whatever a session of los sets for itself.',
    async look({ ctx }) {
      const rows = await ctx.snowflake.query('SHOW PARAMETERS IN ACCOUNT');
      const values = new Map(rows.map(({ key, value }) => [String(key), String(value).toLowerCase()]));
      const saw = [...Object.keys(ASSUMED), SEEN]
        .map((name) => `${name} ${values.get(name) ?? 'not shown'}`)
        .join(', ');
      const wrong = Object.entries(ASSUMED).flatMap(([name, [value, why]]) => {
        const set = `SET ${name} = ${value.toUpperCase()}`;
        return values.has(name) && values.get(name) !== value
          ? `${name} is to be ${value.toUpperCase()} (${why}): ALTER ACCOUNT ${set}, or set it for each task of this schema (ALTER TASK … ${set})`
          : [];
      });
      if (wrong.length > 0) return breaks(saw, `${wrong.join('; ')}.`);
      return Object.keys(ASSUMED).every((name) => values.has(name)) ? holds(saw) : open(saw);
    },
  },
];

/** Checks of what other owners have: addresses, and the table of admissions. */
export const ownerChecks: readonly Check<FirstDay>[] = [
  {
    name: 'verified-mail',
    asks: 'Does Snowflake write to the addresses in mail.verified?',
    means: 'Whether Snowflake itself mails alarms; los notify does not need it.',
    async look({ ctx, schema }) {
      const { verified } = ctx.settings.mail;
      if (verified.length === 0) return holds('mail.verified names no address');
      // It belongs to the account, not to the checks' schema.
      const name = `${schema.split('.')[0]}_MAIL`;
      try {
        await ctx.snowflake.execute(
          `CREATE NOTIFICATION INTEGRATION ${name} TYPE = EMAIL ENABLED = TRUE ALLOWED_RECIPIENTS = (${verified.map(literal).join(', ')})`,
        );
        return holds(`all ${verified.length} are taken`);
      } finally {
        await ctx.snowflake.execute(`DROP NOTIFICATION INTEGRATION IF EXISTS ${name}`);
      }
    },
    refusal: (error, { ctx }) =>
      isUnverified(error)
        ? breaks(
            `refused (${error.code}), those at ${placesOfRefused(error)} of ${ctx.settings.mail.verified.length}`,
            `los apply goes on without the task that mails. ${VERIFY}`,
          )
        : undefined,
  },
  {
    name: 'source',
    asks: 'May this role read the hospital’s rows where they are?',
    means:
      'Views of los read them with the rights of the role that runs los apply; los makes and changes nothing there.',
    async look({ ctx, contract }) {
      if (!readsOthers(contract)) return holds('they are in a table of los');
      const closed = await probeOrigin(ctx, contract);
      // Its answers are sent on: none names a relation.
      return closed
        ? breaks(
            'a relation is not there, may not be read, or lacks a column of the contract',
            'los plan names it, and what its owner grants.',
          )
        : holds('it may, with SELECT');
    },
  },
  {
    name: 'own-stream',
    asks: "May this role make a stream on the admissions' table?",
    means:
      'los notices admissions by a stream. Unless CHANGE_TRACKING is on for the table, only its owner may make the first stream.',
    async look({ ctx, contract, schema }) {
      if (!hasStream(contract)) return holds('it needs none: changes are found by comparison');
      const { raw, rows } = datasetNames(contract);
      const view = contract.origin !== undefined;
      const table = `${view ? 'VIEW' : 'TABLE'} ${qualify(ctx.settings, view ? rows : raw)}`;
      await ctx.snowflake.execute(`CREATE OR REPLACE STREAM ${schema}.ADMISSIONS ON ${table}`);
      return holds('it may');
    },
    refusal: (error, { ctx }) =>
      error.missingObject
        ? open(
            'there is no such table, or this role may not see it',
            'Run los apply, or give it away as docs/permissions.md says.',
          )
        : breaks(
            refusalText(error),
            `As its owner: ALTER TABLE … SET CHANGE_TRACKING = TRUE; or give the table to ${ctx.settings.snowflake.roles.deploy} (docs/permissions.md).`,
          ),
  },
];
