import { SUBJECT_PREFIX } from '../../procedures/ground/names.js';
import type { MailEvents } from '../../report/mail/events.js';
import type { Image } from '../../report/mail/picture.js';
import type { RenderedMail } from '../../report/mail/render.js';
import { messageOf } from '../errors.js';
import type { Progress } from '../progress/progress.js';
import type { MailSettings } from '../settings/settings.js';
import type { Mail } from './smtp.js';

/** Context of a mailer. */
export interface Sender {
  /** Which deployment the mails speak of, e.g. `los on local`. */
  readonly deployment: string;
  /** `DATABASE.SCHEMA` of it. */
  readonly schema: string;
  /** In which they say when they were written. */
  readonly timeZone: string;
  /** Folder for what waits while LOS_EVENTS cannot be reached, absolute. */
  readonly spool: string;
}

/** Place of a mail in a conversation: its own Message-ID, those that it answers, and when what it says happened. */
export interface Place {
  readonly messageId: string;
  readonly references: readonly string[];
  readonly at: Date;
}

/** Writes the whole message of a mail. */
export async function compose<E extends keyof MailEvents>(
  event: E,
  data: MailEvents[E],
  { messageId, references, at }: Place,
  settings: MailSettings,
  sender: Sender,
  progress: Progress,
): Promise<Mail> {
  const { from } = settings;
  const to = [...settings.to];
  const pictures = await picturesOf(data, progress);
  const { subject, text, html } = await renderEvent(event, data, sender, at, pictures.length > 0);
  const { createTransport } = await import('nodemailer');
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    subject,
    text,
    html,
    messageId,
    date: at,
    ...(references.length > 0 ? { inReplyTo: references.at(-1), references: [...references] } : {}),
    from,
    to,
    headers: { 'X-Predict-Los-Event': event, 'Auto-Submitted': 'auto-generated' },
    attachments: pictures.map(({ name, png }) => ({
      filename: `${name}.png`,
      content: png,
      cid: `${name}@predict-los`,
      contentDisposition: 'inline' as const,
    })),
  });
  return { envelope: { from, to }, subject, raw: String(message) };
}

/** The subject that a mail would have, without the prefix of all. */
export async function titleOf<E extends keyof MailEvents>(
  event: E,
  data: MailEvents[E],
  sender: Sender,
): Promise<string> {
  const { subject } = await renderEvent(event, data, sender, new Date(), false);
  return subject.slice(SUBJECT_PREFIX.length).trim();
}

/** Nothing that goes wrong with a picture keeps a mail from leaving. */
async function picturesOf({ picture }: MailEvents[keyof MailEvents], progress: Progress): Promise<Image[]> {
  if (!picture?.draw) return [];
  try {
    const { images } = await import('../../report/mail/picture.js');
    return await images(picture.draw);
  } catch (error) {
    progress.warn(`A mail goes without its picture, which could not be drawn: ${messageOf(error)}`);
    return [];
  }
}

async function renderEvent<E extends keyof MailEvents>(
  event: E,
  data: MailEvents[E],
  { deployment, schema, timeZone }: Sender,
  at: Date,
  pictured: boolean,
): Promise<RenderedMail> {
  const { renderMail } = await import('../../report/mail/render.js');
  return renderMail(event, data, { deployment, schema, at, timeZone, pictured });
}
