import { redactor } from '../clients/redact.js';
import { messageOf } from '../errors.js';
import type { Progress } from '../progress/progress.js';
import { type SmtpChoice, transportOptions } from './smtp-server.js';

export interface Mail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
  /** The message of RFC 5322. */
  readonly raw: string;
}

/** taken: it has left. refused: the server will never take it. put off: it has to wait. down: so have all others. */
export type Outcome = 'taken' | 'refused' | 'put off' | 'down';

/** A server that let us wait is left alone for so many times as long, so that it holds up no other work. */
const PATIENCE = 20;

const NO_TLS =
  'it offers no STARTTLS, and a password leaves this machine encrypted only (smtps:// is TLS from the start)';

/** Hands mails to the mail server, and says once what keeps it from taking them. */
export class Smtp {
  private transport: Promise<{ sendMail(mail: object): Promise<unknown>; close(): void }> | undefined;
  private askAgainAt = 0;
  private saidDown = false;

  constructor(
    private readonly choice: SmtpChoice,
    private readonly progress: Progress,
  ) {}

  /** @param consequence what becomes of it where the server does not take it now */
  async deliver({ envelope, raw, subject }: Mail, consequence: string): Promise<Outcome> {
    const { server } = this.choice;
    // That its address is none has been said when the context was opened.
    if (!server || performance.now() < this.askAgainAt) return 'down';
    this.transport ??= import('nodemailer').then(({ createTransport }) =>
      createTransport(transportOptions(server)),
    );
    const transport = await this.transport;
    const started = performance.now();
    try {
      const info = (await transport.sendMail({ envelope, raw })) as { rejected?: readonly unknown[] };
      if (info.rejected?.length)
        this.progress.warn(
          `The mail server did not take “${subject}” for ${info.rejected.join(', ')}; the others have it`,
        );
      return 'taken';
    } catch (error) {
      const { aboutThis, refused } = verdict(error);
      if (!aboutThis) this.askAgainAt = performance.now() + PATIENCE * (performance.now() - started);
      const next = refused
        ? 'Look at mail.to and mail.from in the settings'
        : `${consequence}; check LOS_SMTP_URL, LOS_SMTP_USER and LOS_SMTP_PASSWORD`;
      const said = redactor([server.password])(messageOf(error));
      const why = /upgrading connection with STARTTLS/.test(said) ? NO_TLS : said;
      if (!this.saidDown || refused)
        this.progress.warn(`The mail “${subject}” was not sent: ${why}. ${next}`);
      this.saidDown ||= !refused;
      if (refused) return 'refused';
      return aboutThis ? 'put off' : 'down';
    }
  }

  async close(): Promise<void> {
    await this.transport?.then((transport) => transport.close()).catch(() => {});
  }
}

/**
 * Verdict of a server's answer: something about this mail, to its recipients or content, and whether it will never
 * take it (a reply of the 500s, RFC 5321). No answer, one to a greeting or login, and 421, with which it goes, are
 * about other mails too.
 */
function verdict(error: unknown): { readonly aboutThis: boolean; readonly refused: boolean } {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
  const aboutThis = responseCode >= 400 && responseCode !== 421 && /^(RCPT TO|DATA)$/.test(command);
  return { aboutThis, refused: aboutThis && responseCode >= 500 };
}
