import { createHash, randomUUID } from 'node:crypto';
import { type Letter, letters } from '../../procedures/notifying/letter.js';
import type { EventMessage } from '../../procedures/notifying/outbox.js';
import { type Report, UUID } from '../../procedures/notifying/record.js';
import { digestOf } from '../../report/mail/digest.js';
import type { MailEvents, Picture } from '../../report/mail/events.js';
import type { SendOptions, StatusKind } from '../../report/mail/sender.js';
import { itemAt } from '../../udfs/require-value.js';
import { redactor } from '../clients/redact.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import type { Progress } from '../progress/progress.js';
import type { MailSettings } from '../settings/settings.js';
import { compose, type Place, type Sender, titleOf } from './compose.js';
import type { Delivery, Mailer } from './mailer.js';
import { OutboxUnreachable, SnowflakeOutbox } from './outbox.js';
import { type Mail, type Outcome, Smtp } from './smtp.js';
import type { SmtpChoice } from './smtp-server.js';
import { type Outbox, Spool } from './spool.js';

/** A report of this command, and its mail with the picture, which no outbox keeps. */
interface Fresh {
  readonly report: Report;
  readonly data: MailEvents[StatusKind];
}

/** The mailer of a context. It begins to send what earlier commands have left in the spool. */
export class StatusMailer implements Mailer {
  sent = 0;
  private readonly smtp: Smtp;
  private readonly spool: Spool;
  private snowflake: Outbox | undefined;
  private pictureOf: ((dataset: string) => Promise<Picture | undefined>) | undefined;
  /** One after the other, in the order in which they were written. */
  private queue: Promise<unknown> = Promise.resolve();
  /** The first report of this run, whose mail the others answer. */
  private first: string | undefined;
  private saidOff = false;
  /** True if reports of this run could be written into LOS_EVENTS; each attempt may take half a minute. */
  private reachable = true;

  /**
   * @param choice where mails are handed in; no server and no problem with one: no mail is sent, and the first that
   *   would have been is reported
   */
  constructor(
    private readonly choice: SmtpChoice,
    private readonly settings: MailSettings,
    private readonly sender: Sender,
    private readonly progress: Progress,
  ) {
    this.smtp = new Smtp(choice, progress);
    this.spool = new Spool(sender.spool, progress);
    if (!this.isOff) void this.enqueue(() => this.catchUp());
  }

  /** From now on the outbox is LOS_EVENTS. */
  connect(ctx: Pick<Context, 'snowflake' | 'settings'>): void {
    this.snowflake = new SnowflakeOutbox(ctx);
    this.pictureOf = async (dataset) => {
      const { errorPicture } = await import('../../report/watching/error-picture.js');
      return await errorPicture(ctx, dataset);
    };
  }

  async send<E extends StatusKind>(
    event: E,
    data: MailEvents[E],
    options: SendOptions = {},
  ): Promise<boolean> {
    if (this.isOff) {
      if (!this.saidOff) this.progress.note('No status mails: set LOS_SMTP_URL and mail.to to receive them');
      this.saidOff = true;
      return false;
    }
    return (await this.enqueue(() => this.report(event, data, options))) === true;
  }

  async deliver(): Promise<Delivery> {
    const done = this.queue.then(async () => {
      await this.catchUp();
      if (!this.snowflake) throw new Error('The context is not connected.');
      return await this.pass(this.snowflake, await this.snowflake.take('notify'));
    });
    this.queue = done.catch(() => undefined);
    return await done;
  }

  async flush(): Promise<void> {
    const { snowflake } = this;
    if (this.isOff || !snowflake) return;
    await this.enqueue(async () => {
      const taken = await snowflake.take('last').catch((error: unknown) => {
        // Where there is no outbox, nothing waits in it.
        if (!/does not exist/i.test(messageOf(error))) this.warn(error);
        return [];
      });
      await this.pass(snowflake, taken, { keep: (event) => void this.spool.put(event) });
    });
  }

  async close(): Promise<void> {
    await this.queue;
    await this.smtp.close();
  }

  private get isOff(): boolean {
    const { server, problem } = this.choice;
    return (server === undefined && problem === undefined) || this.settings.to.length === 0;
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.queue.then(work).catch((error: unknown) => {
      this.warn(error);
      return undefined;
    });
    this.queue = done;
    return done;
  }

  private warn(error: unknown): void {
    const why = redactor([this.choice.server?.password])(messageOf(error));
    this.progress.warn(`Status mails: ${why}. The work that they report is done`);
  }

  /** Sends what waits on disk. */
  private async catchUp(): Promise<void> {
    if (this.spool.waiting().length === 0) return;
    const { mails } = await this.pass(this.spool, await this.spool.take('command'));
    if (mails > 0) this.progress.note(`${mails} status mails that had waited were sent`);
  }

  private async report<E extends StatusKind>(
    event: E,
    data: MailEvents[E],
    options: SendOptions,
  ): Promise<boolean> {
    const routine = options.routine === true && this.settings.digestHour !== null;
    const id = randomUUID();
    const severity = event === 'failure' ? 'warning' : 'info';
    const report: Report = {
      id,
      kind: event,
      severity: routine ? 'routine' : severity,
      subject: await titleOf(event, data, this.sender),
      message: 'error' in data ? data.error : data.summary,
      next: data.next ?? null,
      thread: this.first ?? id,
      mail: routine ? null : data,
      scored: event === 'scoring' && 'rows' in data ? data.rows : 0,
      once: options.once === true,
    };
    if (!routine) this.first ??= id;
    const fresh = { report, data };
    const box = this.reachable ? this.snowflake : undefined;
    try {
      if (box) return (await this.pass(box, await box.take('command', report), { fresh })).sent.includes(id);
    } catch (error) {
      if (!(error instanceof OutboxUnreachable)) throw error;
      this.reachable = false;
    }
    // It repeats, but no table has kept it for the mail of the day.
    const own: Report = {
      ...report,
      severity: report.severity === 'routine' ? 'info' : report.severity,
      mail: data,
    };
    const taken = await this.spool.take('command', own);
    return (await this.pass(this.spool, taken, { fresh })).sent.includes(id);
  }

  /**
   * Sends what was taken, and says in the outbox what became of it.
   * @param fresh the report of this command among it
   * @param keep where what does not leave goes, instead of waiting on
   */
  private async pass(
    box: Outbox,
    taken: readonly EventMessage[],
    { fresh, keep }: { fresh?: Fresh; keep?: (event: EventMessage) => void } = {},
  ): Promise<Delivery> {
    const sent: string[] = [];
    const refused: EventMessage[] = [];
    let mails = 0;
    try {
      let down = false;
      const queue = letters(taken);
      for (const letter of queue) {
        const mail: Mail | null | undefined = down ? undefined : await this.tryCompose(letter, fresh);
        // Of several it may be one that makes no mail.
        if (mail === null && letter.events.length > 1) {
          queue.push(...letter.events.map((each) => ({ events: [each] })));
          continue;
        }
        const unmade: Outcome = mail === null ? 'refused' : 'down';
        const outcome: Outcome = mail ? await this.smtp.deliver(mail, box.waits) : unmade;
        down = outcome === 'down';
        const [event] = letter.events;
        if (outcome === 'taken') {
          mails++;
          this.sent++;
          sent.push(...letter.events.map(({ id }) => id));
        } else if (outcome === 'refused' && event?.mail) {
          this.progress.warn(`That mail was put into ${this.spool.keepRefused(event)} and is not sent again`);
          refused.push(event);
        } else if (keep) for (const each of letter.events) keep(each);
      }
    } finally {
      const kept = keep ? taken.map(({ id }) => id) : sent;
      if (taken.length > 0) await box.settle(kept, refused).catch((error: unknown) => this.warn(error));
    }
    return { mails, sent, taken: taken.length };
  }

  /** @returns null where none can be made of it, which holds up no other */
  private async tryCompose(letter: Letter, fresh: Fresh | undefined): Promise<Mail | null> {
    try {
      return await this.composeMail(letter, fresh);
    } catch (error) {
      const [{ id, kind }, ...others] = letter.events as [EventMessage, ...EventMessage[]];
      if (others.length === 0)
        this.progress.warn(`Of the event ${id} (${kind}) no mail can be made: ${messageOf(error)}`);
      return null;
    }
  }

  private async composeMail({ events }: Letter, fresh: Fresh | undefined): Promise<Mail> {
    const { id, mail, kind, thread, at } = itemAt(events, 0);
    // It becomes the mail's Message-ID.
    if (!UUID.test(id)) throw new Error('its id is no UUID');
    if (mail !== null) {
      const own = kind as StatusKind;
      const data = (fresh?.report.id === id ? fresh.data : mail) as MailEvents[StatusKind];
      const answers = thread === id ? [] : [messageId(thread)];
      return await this.compose(own, data, {
        messageId: messageId(id),
        references: answers,
        at: new Date(at),
      });
    }
    const picture = await this.digestPicture(events);
    const data = { ...digestOf(events, this.sender.timeZone), ...(picture ? { picture } : {}) };
    return await this.compose('events', data, {
      messageId: messageId(`${id}.${events.length}`),
      references: threadsOf(events),
      at: new Date(),
    });
  }

  /** Picture of how predictions turn out; without which a mail leaves too. */
  private async digestPicture(events: readonly EventMessage[]): Promise<Picture | undefined> {
    if (events.some(({ severity }) => severity === 'critical') || events.every(isRoutine)) return undefined;
    try {
      return await this.pictureOf?.(itemAt(events, 0).dataset);
    } catch (error) {
      this.progress.warn(`The mail goes without its picture: ${messageOf(error)}`);
      return undefined;
    }
  }

  private compose<E extends keyof MailEvents>(event: E, data: MailEvents[E], place: Place): Promise<Mail> {
    return compose(event, data, place, this.settings, this.sender, this.progress);
  }
}

const isRoutine = ({ severity }: EventMessage) => severity === 'routine';

/** The same for the same event, or for as many from the same on, whichever sender has them. */
const messageId = (id: string) => `<${id}@predict-los>`;

/** Ids of mails that were never sent, one for each alarm and training: mails that answer the same are one conversation. */
function threadsOf(events: readonly EventMessage[]): string[] {
  const threads = events.filter((event) => !isRoutine(event)).map(({ thread }) => thread);
  const ids = threads.map((thread) => createHash('sha256').update(thread).digest('hex').slice(0, 32));
  return [...new Set(ids)].map(messageId);
}
