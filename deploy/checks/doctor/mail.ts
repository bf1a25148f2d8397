import { redactor } from '../../clients/redact.js';
import { messageOf } from '../../errors.js';
import { transportOptions } from '../../mail/smtp-server.js';
import { describeRefusedEvents } from '../../watching/refused.js';
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
    asks: 'SYSTEM$SEND_EMAIL takes the mails about events',
    needs: ['tables'],
    async look({ ctx, contract, los }) {
      const what = await describeRefusedEvents(ctx, contract);
      return what === undefined ? undefined : breaks(what, `Run ${los('notify')}.`);
    },
  },
];
