import { redactor } from '../../deploy/clients/redact.js';
import type { Context } from '../../deploy/context.js';
import { messageOf } from '../../deploy/errors.js';
import { transportOptions } from '../../deploy/mail/smtp-server.js';
import { asking } from '../../deploy/operate/ask.js';
import { describeRefusedEvents } from '../../deploy/watching/refused.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { messageLine } from '../../procedures/ground/without-values.js';
import { count } from '../../report/text/count.js';
import { breaks, type Check } from '../check.js';
import type { Scene } from './scene.js';

export const mailChecks: readonly Check<Scene>[] = [
  {
    name: 'mail',
    asks: 'the mail server takes status mails',
    needs: ['connection'],
    /** An installation without a mail server is sound. */
    async look({ ctx }) {
      const { server, problem } = ctx.target.smtp;
      if (ctx.settings.mail.to.length === 0) return undefined;
      if (problem) return breaks(`${problem.what}, so no status mails are sent.`, problem.fix);
      if (!server) return undefined;
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(transportOptions(server));
      try {
        await transport.verify();
        return undefined;
      } catch (error) {
        return breaks(
          `The mail server ${new URL(server.url).host} does not take mails: ${redactor([server.password])(messageOf(error))}`,
          'Correct LOS_SMTP_URL (or mail.smtpUrl in los.config.yaml), LOS_SMTP_USER or LOS_SMTP_PASSWORD.',
        );
      } finally {
        transport.close();
      }
    },
  },
  {
    name: 'told',
    asks: 'events leave as mails, and SYSTEM$SEND_EMAIL takes those',
    needs: ['tables'],
    async look({ ctx, contract, los }) {
      const refused = await describeRefusedEvents(ctx, contract);
      if (refused !== undefined) return breaks(refused, `Run ${los('notify')}.`);
      if (ctx.settings.mail.verified.length === 0) return undefined;
      const waits = await describeWaitingEvents(ctx, contract);
      const mend = `Correct mail.verified, ${los('apply')}, then ${los('notify')}, which mails by SMTP`;
      return waits === undefined ? undefined : breaks(waits, mend);
    },
  },
];

/** A digest leaves once a day; what has waited for longer has found no sender. */
const LONGEST_WAIT = 26 * 3600;

/** That Snowflake does not mail events, though it has addresses for them, in a sentence; undefined: it does, or none waits. */
async function describeWaitingEvents(ctx: Context, contract: Contract): Promise<string | undefined> {
  const ask = asking(ctx, contract);
  const [unsent] = await ask<{ untold: number; untoldSeconds: number | null }>('unsent');
  if (!unsent || unsent.untold === 0) return undefined;
  const runs = await ask<{ kind: string; status: string; message: string }>('runs');
  const failed = runs.find(({ kind, status }) => kind === 'notify' && status === 'FAILED');
  const waits = count(unsent.untold, 'event waits to be mailed', 'events wait to be mailed');
  if (failed) return `${waits}, and the last run of notify failed: ${messageLine(failed.message)}`;
  const seconds = unsent.untoldSeconds ?? 0;
  return seconds > LONGEST_WAIT ? `${waits}, the first for ${Math.floor(seconds / 3600)} hours.` : undefined;
}
