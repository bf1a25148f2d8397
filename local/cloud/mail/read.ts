/** Reads a mailbox's folder: for tests and tools. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ParsedMail } from 'mailparser';

export interface ReceivedMail {
  /** The .eml file's path. */
  file: string;
  from: string;
  /** The addresses it was delivered to, hidden copies included. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  attachments: { name: string; contentType: string; content: Buffer }[];
  date?: Date;
}

/** The .eml files in order of arrival; none for a folder that does not exist yet. */
export function listMails(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

/** All mails of a folder, parsed, in order of arrival. */
export async function readMails(folder: string): Promise<ReceivedMail[]> {
  return Promise.all(listMails(folder).map(readMail));
}

/** One .eml file, parsed. */
export async function readMail(file: string): Promise<ReceivedMail> {
  const { simpleParser } = createRequire(import.meta.url)('mailparser') as typeof import('mailparser');
  const mail: ParsedMail = await simpleParser(readFileSync(file));
  const envelope = String(mail.headers.get('x-envelope-to') ?? '');
  return {
    file,
    from: mail.from?.text ?? '',
    to: [...envelope.matchAll(/<([^>]*)>/g)].map((match) => match[1]!),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      name: filename ?? '',
      contentType,
      content,
    })),
    date: mail.date,
  };
}
