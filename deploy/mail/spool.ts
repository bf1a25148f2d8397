import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A finished mail: sent as it is, today or next week, so a second copy has the same Message-ID and date. */
export interface Mail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
  /** The message of RFC 5322. */
  readonly raw: string;
}

/** For so long nobody else sends what somebody has claimed; sending takes less, or fails. */
const CLAIM_MS = 10 * 60_000;

const WAITING = /^[\w-]+\.json$/;
const CLAIMED = /^([\w-]+\.json)\.claimed$/;

/**
 * Mails that a server has not taken yet, a file each. Whoever sends one claims it by renaming its file, so that of
 * two commands one sends it; who dies with it loses it ten minutes later, and then it leaves once more under the same
 * Message-ID.
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
    if (!existsSync(this.folder)) return [];
    const names = readdirSync(this.folder);
    for (const claimed of names) {
      const [, name] = CLAIMED.exec(claimed) ?? [];
      if (name === undefined || !isOld(join(this.folder, claimed))) continue;
      if (renamed(join(this.folder, claimed), join(this.folder, name))) names.push(name);
    }
    return names.filter((name) => WAITING.test(name)).sort();
  }

  /**
   * @returns undefined where another was quicker
   * @throws Error where it cannot be read; it is claimed all the same
   */
  claim(name: string): Mail | undefined {
    const claimed = this.claimed(name);
    if (!renamed(join(this.folder, name), claimed)) return undefined;
    utimesSync(claimed, new Date(), new Date());
    return JSON.parse(readFileSync(claimed, 'utf8')) as Mail;
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

  /** Remembers that a text has been said now. */
  noteSaid(text: string): void {
    mkdirSync(join(this.folder, 'said'), { recursive: true, mode: 0o700 });
    writeFileSync(this.said(text), '');
  }

  private said(text: string): string {
    const name = createHash('sha256').update(text.replace(/\d+/g, '')).digest('hex').slice(0, 16);
    return join(this.folder, 'said', name);
  }

  private claimed(name: string): string {
    return join(this.folder, `${name}.claimed`);
  }
}

/** Writes a file so that nobody reads half of it, whatever stops the machine. */
function writeWhole(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.${name}.part`);
  writeFileSync(part, text, { mode: 0o600, flush: true });
  renameSync(part, join(folder, name));
}

function isOld(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > CLAIM_MS;
}

/** Renames a file. @returns false where it is not there any more */
export function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
