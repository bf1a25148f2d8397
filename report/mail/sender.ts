import type { STATUS_KINDS } from '../../procedures/notifying/record.js';
import type { MailEvents } from './events.js';

export interface SendOptions {
  /** It repeats and went well: it waits for the mail of the day, where the settings want one. */
  readonly routine?: boolean;
  /** The same words are not mailed again for some hours, however often a cron job meets them. */
  readonly once?: boolean;
}

export type StatusKind = (typeof STATUS_KINDS)[number];

/** Sender of the results of commands. */
export interface MailSender {
  /**
   * Writes an event into the outbox and sends it to the configured recipients, with what else waits there. What the server does not
   * take waits for the next command. A failure to send is reported through the progress display and counted, never thrown:
   * it must not undo the work it reports on.
   * @returns true when the SMTP server accepted the mail
   */
  send<E extends StatusKind>(event: E, data: MailEvents[E], options?: SendOptions): Promise<boolean>;
}
