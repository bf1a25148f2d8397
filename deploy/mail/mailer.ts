import type { MailEvents } from './events.js';

/** Sends the status mails. */
export interface Mailer {
  /**
   * Renders the event's template and sends it to the configured recipients. A failure to send is reported
   * through the progress display and counted, never thrown: it must not undo the work it reports on.
   * @param options.messageId of the mail; left out: a new one
   * @returns true when the SMTP server accepted the mail
   */
  send<E extends keyof MailEvents>(
    event: E,
    data: MailEvents[E],
    options?: { readonly messageId?: string },
  ): Promise<boolean>;
  /** How many mails were accepted since the context was opened. */
  readonly sent: number;
  close(): void;
}
