import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Command } from './command.js';

/** How other clients reach the local cloud. Passwords are its own, made at random per state folder. */
export interface Connection {
  readonly snowflake: {
    accessUrl: string;
    account: string;
    user: string;
    password: string;
    database: string;
    schema: string;
    warehouse: string;
    role: string;
  };
  readonly aws: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
  readonly mail: { smtpUrl: string; folder: string };
}

/** The connection of a context whose target is the local cloud. */
export function describeConnection({ target, settings }: Context): Connection {
  const { snowflake, aws } = target;
  return {
    snowflake: {
      accessUrl: snowflake?.accessUrl ?? '',
      account: snowflake?.account ?? '',
      user: snowflake?.username ?? '',
      password: snowflake?.password ?? '',
      database: settings.snowflake.database,
      schema: settings.snowflake.schema,
      warehouse: settings.snowflake.warehouse.name,
      role: snowflake?.role ?? '',
    },
    aws: {
      endpoint: aws.endpoint ?? '',
      region: aws.region,
      accessKeyId: aws.credentials?.accessKeyId ?? '',
      secretAccessKey: aws.credentials?.secretAccessKey ?? '',
    },
    mail: { smtpUrl: target.smtpUrl ?? '', folder: target.mailFolder ?? '' },
  };
}

export const command: Command<Record<string, never>, void> = {
  target: 'local',
  examples: [
    ['los local', 'run until Ctrl-C; other los commands attach to it'],
    ['los local --json', 'one line of JSON with addresses and keys, then serve'],
  ],
  // Prints before it settles to serve, so it does not leave that to the caller.
  async run(ctx, args) {
    const connection = describeConnection(ctx);
    const lines = args.json ? [JSON.stringify(connection)] : instructions(connection);
    process.stdout.write(`${lines.join('\n')}\n`);
    while (!ctx.signal.aborted) {
      // An abort ends the wait early and then the loop.
      await sleep(2000, undefined, { signal: ctx.signal }).catch(() => {});
      if (!ctx.signal.aborted && !(await ctx.target.alive()))
        throw new UserError('The local cloud ended by itself.', {
          next: `See local.log in ${ctx.settings.state}.`,
        });
    }
  },
};

function instructions({ snowflake, aws, mail }: Connection): string[] {
  return [
    'The local cloud is running. Ctrl-C stops it.',
    '',
    `Snowflake  ${snowflake.accessUrl}`,
    `           account ${snowflake.account}, user ${snowflake.user}, password ${snowflake.password}`,
    `           database ${snowflake.database}, schema ${snowflake.schema}, warehouse ${snowflake.warehouse}, role ${snowflake.role}`,
    `AWS        ${aws.endpoint} (region ${aws.region})`,
    `           export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${aws.region} AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}`,
    `Mail       ${mail.smtpUrl}, received mails in ${mail.folder}`,
  ];
}
