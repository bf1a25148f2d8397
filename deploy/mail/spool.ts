import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { claim, claimedName, renamed, unclaimed } from './claims.js';

/** A finished mail: sent as it is, today or next week, so a second copy has the same Message-ID and date. */
export interface Mail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
  /** The message of RFC 5322. */
  readonly raw: string;
}

const WAITING = /^[\w-]+\.json$/;

/**
 * Mails that a server has not taken yet, a file each. Of two commands one sends a mail (claims.ts); where it dies with it, the
 * next sends it once more, under the same Message-ID.
 */
export class Spool {
  constructor(readonly folder: string) {}

  /** Keeps a mail until it is `done`. @returns the name it waits under */
  put(mail: Mail): string {
    const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID()}.json`;
    writeWhole(this.folder, name, JSON.stringify(mail));
    return name;
  }

  /** Names of what waits, the oldest first. */
  waiting(): string[] {
    return unclaimed(this.folder, WAITING);
  }

  /** Whether there is any mail in it: one that is claimed or was set aside, and lines for the mail of a day, too. */
  holdsMail(): boolean {
    if (!existsSync(this.folder)) return false;
    const files = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return files.some((name) => /\.jsonl?(\.claimed)?$/.test(name));
  }

  /**
   * @returns undefined where another was quicker
   * @throws Error where it cannot be read; it is claimed all the same
   */
  claim(name: string): Mail | undefined {
    if (!claim(this.folder, name)) return undefined;
    return JSON.parse(readFileSync(this.claimed(name), 'utf8')) as Mail;
  }

  /** A server has taken it. */
  done(name: string): void {
    rmSync(this.claimed(name), { force: true });
  }

  /** It did not leave, and waits on. */
  giveBack(name: string): void {
    renamed(this.claimed(name), join(this.folder, name));
  }

  /** It will never leave: kept for a person to look at. @returns the file */
  setAside(name: string): string {
    const folder = join(this.folder, 'refused');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    renamed(this.claimed(name), join(folder, name));
    return join(folder, name);
  }

  /** Whether a text, whatever its numbers, was said within so many milliseconds. */
  wasSaid(text: string, within: number): boolean {
    const stat = statSync(this.said(text), { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs < within;
  }

  /** Remembers that a text has been said now, and forgets what was said longer ago than so many milliseconds. */
  noteSaid(text: string, within: number): void {
    const folder = join(this.folder, 'said');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.said(text), '');
    for (const name of readdirSync(folder)) {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs >= within) rmSync(join(folder, name), { force: true });
    }
  }

  private said(text: string): string {
    const name = createHash('sha256').update(text.replace(/\d+/g, '')).digest('hex').slice(0, 16);
    return join(this.folder, 'said', name);
  }

  private claimed(name: string): string {
    return join(this.folder, claimedName(name));
  }
}

/** Writes a file so that it is never read half-written, whatever stops the machine. */
function writeWhole(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.${name}.part`);
  writeFileSync(part, text, { mode: 0o600, flush: true });
  renameSync(part, join(folder, name));
}
