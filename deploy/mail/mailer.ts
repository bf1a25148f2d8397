import type { MailEvents } from './events.js';

export interface SendOptions {
  /** It repeats and went well: it waits for the mail of the day, where the settings want one. */
  readonly routine?: boolean;
  /** The same is not said again for some hours, however often a cron job meets it. */
  readonly once?: string;
  /** Another place keeps it until it has left (LOS_EVENTS does), and it belongs to conversations of its own. */
  readonly kept?: { readonly messageId: string; readonly threads: readonly string[] };
}

/** Sends the status mails. All mails of a run are one conversation. */
export interface Mailer {
  /**
   * Renders the event's template and sends it to the configured recipients. What the server does not take waits in the
   * spool for the next command. A failure to send is reported through the progress display and counted, never thrown:
   * it must not undo the work it reports on.
   * @returns true when the SMTP server accepted the mail
   */
  send<E extends keyof MailEvents>(event: E, data: MailEvents[E], options?: SendOptions): Promise<boolean>;
  /** Sends what has been gathered for the mail of the day now: no later command may come to send it. */
  endDay(): Promise<void>;
  /** How many mails were accepted since the context was opened. */
  readonly sent: number;
  /** Waits for what is being sent. */
  close(): Promise<void>;
}
