import { setTimeout as sleep } from 'node:timers/promises';
import { costLines } from '../../report/operations/costs.js';
import { readCosts, setFaults } from '../clients/control.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Command } from './command.js';

/** Describes how other clients reach the local cloud of a context. Passwords are its own, made at random per state folder. */
function describeConnection({ target, settings }: Context) {
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
    mail: {
      smtpUrl: target.smtp.server?.url ?? '',
      user: target.smtp.server?.user ?? '',
      password: target.smtp.server?.password ?? '',
      folder: target.mailFolder ?? '',
    },
    // Faults are set there: GET, POST and DELETE /faults.
    control: target.control ?? { url: '', token: '' },
  };
}

export type Connection = ReturnType<typeof describeConnection>;

export const command: Command<{ fault: string[] }, void> = {
  finishes: true,
  target: 'local',
  options: {
    fault: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe:
        'let calls go wrong: OPERATION=KIND[,after=N][,next=N][,share=P][,seed=S]; KIND is throttle, fail, unavailable, slow, hang, cut, lose (done, but the answer is lost) or garbage, and for external-function:NAME repeat (sent twice); may be repeated',
    },
  },
  examples: [
    ['los local --fault s3:PutObject=throttle,next=3', 'the next three uploads are refused as too many'],
    ["los local --fault 'sagemaker:*=fail,share=0.2,seed=7'", 'a fifth of all SageMaker calls fail'],
    [
      'los local --fault execute-api:Invoke=hang --fault smtp=cut',
      'the next prediction hangs, the next mail is cut',
    ],
    ['los local', 'run until Ctrl-C; other los commands attach to it; LOCAL_CLOUD_PORT=8084 fixes its ports'],
    ['los local --json', 'one line of JSON with addresses and keys, then serve'],
  ],
  // Prints before it settles to serve, so it does not leave that to the caller.
  async run(ctx, args) {
    const { control } = ctx.target;
    if (args.fault.length > 0) await setFaults(control, args.fault);
    const connection = describeConnection(ctx);
    const lines = args.json ? [JSON.stringify(connection)] : instructions(connection);
    process.stdout.write(`${lines.join('\n')}\n`);
    while (!ctx.signal.aborted) {
      // An abort ends the wait early and then the loop.
      await sleep(2000, undefined, { signal: ctx.signal }).catch(() => {});
      if (!ctx.signal.aborted && !(await ctx.target.isServing()))
        throw new UserError('The local cloud ended by itself.', {
          next: `See local.log in ${ctx.settings.state}.`,
        });
    }
    if (control && !args.json)
      for (const line of costLines(await readCosts(control))) ctx.progress.note(line);
  },
};

function instructions({ snowflake, aws, mail, control }: Connection): string[] {
  return [
    'The local cloud is running. Ctrl-C stops it.',
    '',
    `Snowflake  ${snowflake.accessUrl}`,
    `           account ${snowflake.account}, user ${snowflake.user}, password ${snowflake.password}`,
    `           database ${snowflake.database}, schema ${snowflake.schema}, warehouse ${snowflake.warehouse}, role ${snowflake.role}`,
    `AWS        ${aws.endpoint} (region ${aws.region})`,
    `           export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${aws.region} AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}`,
    `Mail       ${mail.smtpUrl}, user ${mail.user}, password ${mail.password}; received mails in ${mail.folder}`,
    `Faults     curl -H 'Authorization: Bearer ${control.token}' ${control.url}/faults -d '{"faults": ["s3:PutObject=throttle,next=3"]}'`,
  ];
}
