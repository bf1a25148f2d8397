import { redactor } from '../clients/redact.js';
import { messageOf } from '../errors.js';
import { UTC } from '../ground/local-time.js';
import type { Progress } from '../progress/progress.js';
import type { MailSettings } from '../settings/settings.js';
import type { MailEvents } from './events.js';
import type { Mailer } from './mailer.js';
import { type SmtpServer, transportOptions } from './smtp-server.js';

/**
 * The mailer of a context.
 * @param server where mails are handed in; undefined: no mail is sent, and the first that would have been is reported
 * @param deployment which deployment the mails speak of, e.g. `los on local`
 * @param timeZone in which they say when they were written
 */
export function createMailer(
  server: SmtpServer | undefined,
  settings: MailSettings,
  deployment: string,
  progress: Progress,
  timeZone = UTC,
): Mailer {
  return new SmtpMailer(server, settings, deployment, progress, timeZone);
}

class SmtpMailer implements Mailer {
  sent = 0;
  private transport: Promise<{ sendMail(mail: object): Promise<unknown>; close(): void }> | undefined;
  private saidOff = false;

  constructor(
    private readonly server: SmtpServer | undefined,
    private readonly settings: MailSettings,
    private readonly deployment: string,
    private readonly progress: Progress,
    private readonly timeZone: string,
  ) {}

  async send<E extends keyof MailEvents>(
    event: E,
    data: MailEvents[E],
    { messageId }: { readonly messageId?: string } = {},
  ): Promise<boolean> {
    const { server, settings } = this;
    if (server === undefined || settings.to.length === 0) {
      if (!this.saidOff) this.progress.note('No status mails: set LOS_SMTP_URL and mail.to to receive them');
      this.saidOff = true;
      return false;
    }
    try {
      const { renderMail } = await import('./render.js');
      const mail = renderMail(event, data, {
        subjectPrefix: settings.subjectPrefix,
        deployment: this.deployment,
        at: new Date(),
        timeZone: this.timeZone,
      });
      this.transport ??= import('nodemailer').then(({ createTransport }) =>
        createTransport(transportOptions(server), { from: settings.from }),
      );
      await (await this.transport).sendMail({
        ...mail,
        ...(messageId === undefined ? {} : { messageId }),
        from: settings.from,
        to: [...settings.to],
        headers: { 'X-Predict-Los-Event': event, 'Auto-Submitted': 'auto-generated' },
      });
      this.sent++;
      return true;
    } catch (error) {
      this.progress.warn(
        `The mail "${event}" was not sent: ${redactor([server.password])(messageOf(error))}. The work it reports is done; check LOS_SMTP_URL, LOS_SMTP_USER and LOS_SMTP_PASSWORD`,
      );
      return false;
    }
  }

  close(): void {
    this.transport?.then((transport) => transport.close()).catch(() => {});
  }
}
