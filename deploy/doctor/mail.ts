import { redactor } from '../clients/redact.js';
import { messageOf } from '../errors.js';
import type { Check } from './check.js';

/** Status mails; an installation without a mail server is sound. */
export const mailCheck: Check = {
  name: 'mail',
  title: 'the mail server takes status mails',
  needs: ['connection'],
  async look({ ctx }) {
    const url = ctx.target.smtpUrl;
    if (!url || ctx.settings.mail.to.length === 0) return undefined;
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    });
    try {
      await transport.verify();
      return undefined;
    } catch (error) {
      const { host, password } = new URL(url);
      return {
        what: `The mail server ${host} does not take mails: ${redactor([decodeURIComponent(password)])(messageOf(error))}`,
        fix: 'Correct LOS_SMTP_URL or mail.smtpUrl in los.config.yaml.',
      };
    } finally {
      transport.close();
    }
  },
};
