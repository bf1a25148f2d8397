import type { STATUS_KINDS } from '../../procedures/notifying/record.js';
import type { MailEvents } from '../../report/mail/events.js';

export type StatusKind = (typeof STATUS_KINDS)[number];

export interface SendOptions {
  /** It repeats and went well: it waits for the mail of the day, where the settings want one. */
  readonly routine?: boolean;
  /** The same words are not mailed again for some hours, however often a cron job meets them. */
  readonly once?: boolean;
}

/** What was sent of what had waited. */
export interface Delivery {
  readonly mails: number;
  /** Ids of events that have left. */
  readonly sent: readonly string[];
  /** How many events were taken, those that did not leave too. */
  readonly taken: number;
}

/** Sends the status mails. All mails of a run are one conversation. */
export interface Mailer {
  /**
   * Writes an event into the outbox and sends it to the configured recipients, with what else waits there. What the server does not
   * take waits for the next command. A failure to send is reported through the progress display and counted, never thrown:
   * it must not undo the work it reports on.
   * @returns true when the SMTP server accepted the mail
   */
  send<E extends StatusKind>(event: E, data: MailEvents[E], options?: SendOptions): Promise<boolean>;
  /**
   * Sends all that is due, the loop's events too.
   * @throws what Snowflake says where the outbox cannot be reached
   */
  deliver(): Promise<Delivery>;
  /** Sends all that waits, due or not, before the outbox goes; what does not leave waits on disk. */
  flush(): Promise<void>;
  /** How many mails were accepted since the context was opened. */
  readonly sent: number;
  /** Waits for what is being sent. */
  close(): Promise<void>;
}
