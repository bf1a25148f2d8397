import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { listMails, type ReceivedMail, readMail } from '@local-cloud/cloud/mail/read.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import type { Row } from '../../../deploy/clients/snowflake.js';
import { type OpenContext, openContext } from '../../../deploy/open.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { copyKept, type KeptState } from '../../deploy/golden.js';
import { scheduled } from '../../deploy/local-context.js';
import { tasksAtRest } from '../../deploy/tasks-at-rest.js';
import { FIRST, Hospital, type Saved } from './hospital.js';
import { runLos, type Said } from './los.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/**
 * Each scored by a task every quarter of an hour, looked at every hour, and people told by Snowflake itself. No one trains
 * here unless the accident needs it.
 */
export const SETTINGS = `mail: { to: [], verified: [oncall@example.org] }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }
watch: { retrain: false, retrainAfterDays: null }`;

/** What is kept beside a cloud's state: the hospital's own books, and the clock. */
interface Books extends Saved {
  readonly now: number;
}

/**
 * A deployment with the hospital that it serves, the clock by which its tasks run, and the mailbox of the person on call. Nothing
 * runs here but tasks; commands are run by their lines.
 */
export class OnCall {
  private read = new Set<string>();

  private constructor(
    /** Folders that go when it closes. */
    private readonly folders: readonly string[],
    readonly config: string,
    readonly cloud: LocalCloud,
    readonly clock: MovableClock,
    readonly hospital: Hospital,
    /** An administrator of the account, with a warehouse of their own: what they break, breaks nothing of theirs. */
    readonly dba: OpenContext,
  ) {
    this.forgetMails();
  }

  /**
   * @param at where the clock stands; @param saved the hospital's books, where there are any
   * @param more lines of the settings file, in YAML; @param copied folders of its own that hold stateDir
   */
  static async open(
    stateDir: string,
    at: number,
    seed: number,
    saved?: Saved,
    more = '',
    copied: readonly string[] = [],
  ): Promise<OnCall> {
    const folder = mkdtempSync(join(tmpdir(), 'los-on-call-'));
    const config = join(folder, 'los.config.yaml');
    writeFileSync(config, `state: ${stateDir}\n${scheduled(`${SETTINGS}\n${more}`)}\n`);
    const clock = new MovableClock({ at });
    const cloud = await startCloud({ stateDir, clock, propagationDelay: 0 });
    const dba = await openContext({
      target: 'local',
      config,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    await dba.snowflake.execute("CREATE WAREHOUSE IF NOT EXISTS DBA_WH WAREHOUSE_SIZE = 'XSMALL'");
    await dba.snowflake.execute('USE WAREHOUSE DBA_WH');
    return new OnCall([folder, ...copied], config, cloud, clock, new Hospital(seed, saved), dba);
  }

  /** Opens a copy of a state that is made once. @param more lines of the settings file, in YAML */
  static async copy(state: KeptState, seed: number, more = ''): Promise<OnCall> {
    const folder = mkdtempSync(join(tmpdir(), 'los-accident-'));
    const stateDir = join(folder, 'state');
    await copyKept(state, stateDir);
    const books = JSON.parse(readFileSync(join(stateDir, 'books.json'), 'utf8')) as Books;
    return OnCall.open(stateDir, books.now, seed, books, more, [folder]);
  }

  /** Ends the cloud and leaves what a copy needs in its folder. */
  async keep(stateDir: string): Promise<void> {
    const books: Books = { ...this.hospital.save(), now: this.clock.now() };
    await this.close();
    writeFileSync(join(stateDir, 'books.json'), JSON.stringify(books));
  }

  async close(): Promise<void> {
    await this.dba.close();
    await this.cloud.close();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  query<R extends Row = Record<string, string | number | null>>(sql: string): Promise<R[]> {
    return this.dba.snowflake.query<R>(sql);
  }

  sql(statement: string): Promise<number> {
    return this.dba.snowflake.execute(statement);
  }

  /** Runs a command line of los from outside. */
  los(line: string): Promise<Said> {
    return runLos(line, this.config);
  }

  /** Days since day 0 of the hospital, by the clock. */
  get day(): number {
    return Math.floor((this.clock.now() - FIRST) / (24 * HOUR));
  }

  /** The hospital's system brings what has happened. */
  deliver(): Promise<boolean> {
    return this.hospital.deliver(this.dba.snowflake);
  }

  /** Moves the clock, and waits until the tasks that were due have ended and what they had to tell is told. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.rest();
  }

  /** Moves the clock to an hour and minute of a day, by steps in which each task runs that is due. */
  async until(moment: number, step = HOUR): Promise<void> {
    while (this.clock.now() < moment) await this.pass(Math.min(step, moment - this.clock.now()));
  }

  /** Tasks have ended, and events have left as far as anything lets them. */
  async rest(): Promise<void> {
    for (let rounds = 0; ; rounds++) {
      await tasksAtRest(this.cloud);
      if (rounds >= PATIENCE || !(await this.hasUnsentEvents())) return;
      // A task that a stream starts keeps half a minute's distance from its run before.
      this.clock.advance(MINUTE / 2);
    }
  }

  private async hasUnsentEvents(): Promise<boolean> {
    const rows = await this.query(
      'SELECT 1 FROM PREDICT_LOS.LOS.LOS_EVENTS WHERE SENT_AT IS NULL LIMIT 1',
    ).catch(() => []);
    return rows.length > 0;
  }

  /** Mails that have come since they were read last. */
  async newMails(): Promise<ReceivedMail[]> {
    const files = listMails(this.cloud.mail.folder).filter((file) => !this.read.has(file));
    this.forgetMails();
    return Promise.all(files.map(readMail));
  }

  private forgetMails(): void {
    this.read = new Set(listMails(this.cloud.mail.folder));
  }
}

/** So often half a minute is waited for events to leave: where nothing sends them, no longer. */
const PATIENCE = 4;
