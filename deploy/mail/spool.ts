import { createHash } from 'node:crypto';
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
import type { EventMessage, Scope } from '../../procedures/notifying/outbox.js';
import { ONCE_HOURS, type Report, UUID } from '../../procedures/notifying/record.js';
import type { Progress } from '../progress/progress.js';

/** Outbox. What was taken is this sender's until it is settled, or for ten minutes. */
export interface Outbox {
  /** Message about an event that has to wait. */
  readonly waits: string;
  /** Writes a report down, if there is one, and takes what is due; the report is among it unless it is routine. */
  take(scope: Scope, report?: Report): Promise<EventMessage[]>;
  /**
   * Settles all that was taken last; the rest waits on.
   * @param refused what the server never takes
   */
  settle(sent: readonly string[], refused: readonly EventMessage[]): Promise<void>;
}

/** For so long no other command takes what one has claimed; a mail is sent in less, or that fails. */
const CLAIM_MS = 10 * 60_000;
const CLAIMED = '.claimed';

/**
 * The outbox while LOS_EVENTS cannot be reached, a file an event: before the first apply, without a network, for a role that may
 * not write there. Of two commands one sends an event, which it claims by renaming its file; where it dies with it, the next sends
 * it once more, under the same Message-ID.
 */
export class Spool implements Outbox {
  readonly waits: string;
  /** By file, the event in it; undefined: it could not be read, and is not there any more. */
  private claims = new Map<string, EventMessage | undefined>();

  constructor(
    readonly folder: string,
    private readonly progress: Pick<Progress, 'warn'>,
  ) {
    this.waits = `It waits in ${folder} for the next los command`;
  }

  async take(_scope: Scope, report?: Report): Promise<EventMessage[]> {
    if (report && !(report.once && this.wasSaidRecently(report))) this.put(eventOf(report));
    const own = this.waiting().filter((name) => this.claim(name));
    this.claims = new Map(own.map((name) => [name, this.read(name)]));
    return [...this.claims.values()].flatMap((event) => event ?? []);
  }

  async settle(sent: readonly string[], refused: readonly EventMessage[]): Promise<void> {
    for (const [name, event] of this.claims) {
      if (event && (sent.includes(event.id) || refused.some(({ id }) => id === event.id)))
        rmSync(join(this.folder, name + CLAIMED), { force: true });
      else tryRename(join(this.folder, name + CLAIMED), join(this.folder, name));
    }
  }

  /**
   * Keeps an event, so that no other reads half of it, whatever stops the machine. Its file is named by a hash: of an event that comes
   * from a table no word becomes a path.
   */
  put(event: EventMessage, folder = this.folder): string {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const time = event.at.replace(/[^\dTZ]/g, '-').slice(0, 24);
    const name = `${time}_${createHash('sha256').update(event.id).digest('hex').slice(0, 32)}.json`;
    const part = join(folder, `.${name}.part`);
    writeFileSync(part, JSON.stringify(event), { mode: 0o600, flush: true });
    renameSync(part, join(folder, name));
    return join(folder, name);
  }

  /** Keeps for a person an event whose mail the server never takes. @returns the file */
  keepRefused(event: EventMessage): string {
    return this.put(event, join(this.folder, 'refused'));
  }

  /** Names of what waits, the oldest first: what a command died with, too. */
  waiting(): string[] {
    if (!existsSync(this.folder)) return [];
    const names = readdirSync(this.folder).flatMap((name) => {
      if (!name.endsWith(CLAIMED)) return [name];
      const stat = statSync(join(this.folder, name), { throwIfNoEntry: false });
      const free = name.slice(0, -CLAIMED.length);
      const isOld = stat !== undefined && Date.now() - stat.mtimeMs > CLAIM_MS;
      return isOld && tryRename(join(this.folder, name), join(this.folder, free)) ? [free] : [];
    });
    return names.filter((name) => /^[\w-]+\.json$/.test(name)).sort();
  }

  /** True if there is any event in it: one that is claimed or was set aside, too. */
  holdsMail(): boolean {
    if (!existsSync(this.folder)) return false;
    const files = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return files.some((name) => /\.json(\.claimed)?$/.test(name));
  }

  /** @returns false where another was quicker */
  private claim(name: string): boolean {
    const file = join(this.folder, name);
    // Touched before, so that no other finds it claimed and old.
    return ifThere(() => utimesSync(file, new Date(), new Date())) && tryRename(file, file + CLAIMED);
  }

  /** One that cannot be read holds up no other. */
  private read(name: string): EventMessage | undefined {
    try {
      const event = JSON.parse(readFileSync(join(this.folder, name + CLAIMED), 'utf8')) as EventMessage;
      if (typeof event?.id === 'string' && UUID.test(event.id) && typeof event.at === 'string') return event;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const folder = join(this.folder, 'refused');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    tryRename(join(this.folder, name + CLAIMED), join(folder, name));
    this.progress.warn(`A mail that waited cannot be read and was put into ${join(folder, name)}`);
    return undefined;
  }

  /** True if the same was reported within some hours, whatever its numbers; else it has been now. */
  private wasSaidRecently({ subject, message }: Report): boolean {
    const folder = join(this.folder, 'said');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs >= ONCE_HOURS * 3_600_000)
        rmSync(join(folder, name), { force: true });
    }
    const words = `${subject}\n${message}`.replace(/\d+/g, '');
    const file = join(folder, createHash('sha256').update(words).digest('hex').slice(0, 16));
    if (existsSync(file)) return true;
    writeFileSync(file, '');
    return false;
  }
}

/** A report as an event that LOS_EVENTS has not seen. */
function eventOf({ once: _, ...report }: Report): EventMessage {
  const at = new Date().toISOString();
  return { ...report, dataset: '', at, day: at.slice(0, 10), alarm: null, attempts: 0 };
}

/** Renames a file. @returns false where it is not there any more */
function tryRename(from: string, to: string): boolean {
  return ifThere(() => renameSync(from, to));
}

function ifThere(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
