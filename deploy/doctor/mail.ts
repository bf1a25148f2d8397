import { redactor } from '../clients/redact.js';
import { forDataset } from '../dataset/context.js';
import { messageOf } from '../errors.js';
import { transportOptions } from '../mail/smtp-server.js';
import { refusedEvents } from '../watching/refused.js';
import type { Check } from './check.js';

/** What the watch has to tell; an event that SYSTEM$SEND_EMAIL refuses waits for an operator. */
const toldCheck: Check = {
  name: 'told',
  title: 'SYSTEM$SEND_EMAIL takes the mails about events',
  needs: ['tables'],
  async look(scene) {
    const what = await refusedEvents(scene.ctx, forDataset(scene.ctx).contract);
    return what === undefined ? undefined : { what, fix: `Run ${scene.los('notify')}.` };
  },
};

/** Status mails; an installation without a mail server is sound. */
const serverCheck: Check = {
  name: 'mail',
  title: 'the mail server takes status mails',
  needs: ['connection'],
  async look({ ctx }) {
    const { server, problem } = ctx.target.smtp;
    if (ctx.settings.mail.to.length === 0) return undefined;
    if (problem) return { what: `${problem.what}, so no status mails are sent.`, fix: problem.fix };
    if (!server) return undefined;
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(transportOptions(server));
    try {
      await transport.verify();
      return undefined;
    } catch (error) {
      return {
        what: `The mail server ${new URL(server.url).host} does not take mails: ${redactor([server.password])(messageOf(error))}`,
        fix: 'Correct LOS_SMTP_URL (or mail.smtpUrl in los.config.yaml), LOS_SMTP_USER or LOS_SMTP_PASSWORD.',
      };
    } finally {
      transport.close();
    }
  },
};

export const mailChecks: readonly Check[] = [serverCheck, toldCheck];
