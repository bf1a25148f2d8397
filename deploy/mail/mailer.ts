import type { MailSender } from '../../report/mail/sender.js';

/** Outcome of sending the mails that waited. */
export interface Delivery {
  readonly mails: number;
  /** Ids of events that have left. */
  readonly sent: readonly string[];
  /** Number of events taken, those that did not leave too. */
  readonly taken: number;
}

/** Sends the status mails. All mails of a run are one conversation. */
export interface Mailer extends MailSender {
  /**
   * Sends all that is due, the loop's events too.
   * @throws what Snowflake says where the outbox cannot be reached
   */
  deliver(): Promise<Delivery>;
  /** Sends all that waits, due or not, before the outbox goes; what does not leave waits on disk. */
  flush(): Promise<void>;
  /** Number of mails accepted since the context was opened. */
  readonly sent: number;
  /** Waits for what is being sent. */
  close(): Promise<void>;
}
