import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { redactor } from '../clients/redact.js';
import { messageOf } from '../errors.js';
import type { Progress } from '../progress/progress.js';
import type { MailSettings } from '../settings/settings.js';
import { compose, type Place, type Sender, titleOf } from './compose.js';
import { type DigestTime, digestMail, endedDays, gather } from './digest.js';
import type { MailEvents } from './events.js';
import type { Mailer, SendOptions } from './mailer.js';
import { type SmtpChoice, transportOptions } from './smtp-server.js';
import { type Mail, Spool } from './spool.js';

/**
 * The mailer of a context. It begins to send what earlier commands have left waiting.
 * @param choice where mails are handed in; no server and no problem with one: no mail is sent, and the first that
 *   would have been is reported
 */
export function createMailer(
  choice: SmtpChoice,
  settings: MailSettings,
  sender: Sender,
  progress: Progress,
): Mailer {
  return new SmtpMailer(choice, settings, sender, progress);
}

/** A server that let us wait is left alone for so many times as long, so that it holds up no work. */
const PATIENCE = 20;

/** For so long the same failure is not mailed again. */
const ONCE_MS = 6 * 3_600_000;

class SmtpMailer implements Mailer {
  sent = 0;
  private readonly spool: Spool;
  private readonly digestTime: DigestTime | undefined;
  private transport: Promise<{ sendMail(mail: object): Promise<unknown>; close(): void }> | undefined;
  /** One after the other, in the order in which they were written. */
  private queue: Promise<unknown> = Promise.resolve();
  /** The first mail of this run, which the others answer. */
  private first: string | undefined;
  private askAgainAt = 0;
  private saidOff = false;
  private saidDown = false;

  constructor(
    private readonly choice: SmtpChoice,
    private readonly settings: MailSettings,
    private readonly sender: Sender,
    private readonly progress: Progress,
  ) {
    this.spool = new Spool(sender.spool);
    if (settings.digestHour !== null) this.digestTime = { hour: settings.digestHour, zone: sender.timeZone };
    if (!this.off) void this.inTurn(() => this.catchUp());
  }

  async send<E extends keyof MailEvents>(
    event: E,
    data: MailEvents[E],
    options: SendOptions = {},
  ): Promise<boolean> {
    if (this.off) {
      if (!this.saidOff) this.progress.note('No status mails: set LOS_SMTP_URL and mail.to to receive them');
      this.saidOff = true;
      return false;
    }
    return (await this.inTurn(() => this.handIn(event, data, options))) === true;
  }

  async close(): Promise<void> {
    await this.queue;
    await this.transport?.then((transport) => transport.close()).catch(() => {});
  }

  private get off(): boolean {
    const { server, problem } = this.choice;
    return (server === undefined && problem === undefined) || this.settings.to.length === 0;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.queue.then(work).catch((error: unknown) => {
      this.progress.warn(`Status mails: ${this.redacted(error)}. The work that they report is done`);
      return undefined;
    });
    this.queue = done;
    return done;
  }

  async endDay(): Promise<void> {
    if (!this.off) await this.inTurn(() => this.catchUp('today too'));
  }

  /** Sends what waits, and the mails of days that are over. */
  private async catchUp(which: 'ended days' | 'today too' = 'ended days'): Promise<void> {
    const folder = join(this.sender.spool, 'digest');
    const { digestTime } = this;
    if (digestTime)
      await endedDays(
        folder,
        which === 'today too' ? null : new Date(),
        digestTime,
        async (day, entries, id) => {
          const data = digestMail(day, entries, digestTime.zone);
          this.spool.put(await this.written('digest', data, { messageId: `<${id}@predict-los>` }));
        },
      );
    const waited = this.spool.waiting().length;
    const before = this.sent;
    if (waited > 0) await this.deliverWaiting();
    if (this.sent > before)
      this.progress.note(`${this.sent - before} status mails that had waited were sent`);
  }

  private async handIn<E extends keyof MailEvents>(
    event: E,
    data: MailEvents[E],
    { routine = false, once, kept }: SendOptions,
  ): Promise<boolean> {
    if (once !== undefined && this.spool.wasSaid(once, ONCE_MS)) return false;
    if (routine && this.digestTime) {
      const title = await titleOf(event, data, this.settings, this.sender);
      const scored = 'rows' in data && event === 'scoring' ? data.rows : 0;
      gather(
        join(this.sender.spool, 'digest'),
        { at: new Date().toISOString(), title, scored },
        this.digestTime,
      );
      return false;
    }
    if (kept) {
      const mail = await this.written(event, data, {
        messageId: kept.messageId,
        references: [...kept.threads],
      });
      return (await this.deliver(mail, 'It waits in LOS_EVENTS')) === 'taken';
    }
    const messageId = `<${randomUUID()}@predict-los>`;
    const references = this.first === undefined ? [] : [this.first];
    this.first ??= messageId;
    const name = this.spool.put(await this.written(event, data, { messageId, references }));
    if (once !== undefined) this.spool.noteSaid(once, ONCE_MS);
    return (await this.deliverWaiting()).includes(name);
  }

  /** @returns the names of those that the server took */
  private async deliverWaiting(): Promise<string[]> {
    const taken: string[] = [];
    for (const name of this.spool.waiting()) {
      if (performance.now() < this.askAgainAt) break;
      const mail = this.claimed(name);
      if (!mail) continue;
      const outcome = await this.deliver(
        mail,
        `It waits in ${this.spool.folder} for the next los command or los notify`,
      );
      if (outcome === 'taken') {
        this.spool.done(name);
        taken.push(name);
      } else if (outcome === 'refused')
        this.progress.warn(`That mail was put into ${this.spool.setAside(name)} and is not sent again`);
      else this.spool.giveBack(name);
    }
    return taken;
  }

  /** One that cannot be read holds up no other. */
  private claimed(name: string): Mail | undefined {
    try {
      return this.spool.claim(name);
    } catch (error) {
      this.progress.warn(
        `A mail that waited cannot be read and was put into ${this.spool.setAside(name)}: ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  /** @param otherwise what becomes of it where the server does not take it */
  private async deliver(
    { envelope, raw, subject }: Mail,
    otherwise: string,
  ): Promise<'taken' | 'refused' | 'not now'> {
    const { server } = this.choice;
    // That its address is none has been said when the context was opened.
    if (!server || performance.now() < this.askAgainAt) return 'not now';
    this.transport ??= import('nodemailer').then(({ createTransport }) =>
      createTransport(transportOptions(server)),
    );
    await this.transport;
    const started = performance.now();
    try {
      const info = (await (await this.transport).sendMail({ envelope, raw })) as {
        rejected?: readonly unknown[];
      };
      if (info.rejected?.length)
        this.progress.warn(
          `The mail server did not take “${subject}” for ${info.rejected.join(', ')}; the others have it`,
        );
      this.sent++;
      return 'taken';
    } catch (error) {
      const { aboutThis, refused } = verdict(error);
      if (!aboutThis) this.askAgainAt = performance.now() + PATIENCE * (performance.now() - started);
      if (!this.saidDown || refused)
        this.progress.warn(
          `The mail “${subject}” was not sent: ${this.redacted(error)}. ${refused ? 'Look at mail.to and mail.from in the settings' : `${otherwise}; check LOS_SMTP_URL, LOS_SMTP_USER and LOS_SMTP_PASSWORD`}`,
        );
      this.saidDown ||= !refused;
      return refused ? 'refused' : 'not now';
    }
  }

  private written<E extends keyof MailEvents>(event: E, data: MailEvents[E], place: Place): Promise<Mail> {
    return compose(event, data, place, this.settings, this.sender, this.progress);
  }

  private redacted(error: unknown): string {
    return redactor([this.choice.server?.password])(messageOf(error));
  }
}

/**
 * What a server has said: something about this mail, to its recipients or content, and whether it will never take it (a reply
 * of the 500s, RFC 5321). No answer, one to a greeting or login, and 421, with which it goes, are about other mails too.
 */
function verdict(error: unknown): { readonly aboutThis: boolean; readonly refused: boolean } {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
  const aboutThis = responseCode >= 400 && responseCode !== 421 && /^(RCPT TO|DATA)$/.test(command);
  return { aboutThis, refused: aboutThis && responseCode >= 500 };
}
