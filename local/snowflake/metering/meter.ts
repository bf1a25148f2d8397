// Counts what an account would bill. A local clock may stand still while statements run, so each session has a time of its own that goes on
// from statement to statement; a warehouse is awake from its first statement to AUTO_SUSPEND after its last.
import type { Account } from '../account.js';
import { generationOf } from '../catalog/generation.js';
import type { Warehouse } from '../catalog/objects.js';
import type { Session } from '../sessions/session.js';
import {
  CLOUD_SERVICES_CREDITS,
  COLD_AFTER_MS,
  COLD_START_MS,
  COMPILE_CREDITS,
  LEAST_RUN_MS,
  READ_MS,
  RESUME_MS,
  SECOND_GENERATION,
  SERVERLESS_CREDITS,
  TASK_START_MS,
  WAREHOUSE_CREDITS,
  WRITE_MS,
} from './rates.js';
import { NO_WAREHOUSE, Usage } from './usage.js';

/** How far a session has come; shared by the procedures that it calls. */
interface Timeline {
  at: number;
  /** Of a task: a clock that a test moves on meanwhile is no time that its statements took. */
  readonly apart?: boolean;
  /** Credits of cloud services, of a task that has no warehouse. */
  services: number;
}

/** From a warehouse's start until it is suspended. */
interface Run {
  readonly warehouse: Warehouse;
  readonly from: number;
  busyUntil: number;
}

/** A statement under way. */
export interface TimedStatement {
  readonly session: Session;
  readonly timeline: Timeline;
  readonly from: number;
  readonly started: number;
  /** Who does it; known once it is parsed. */
  work: Work;
}

/** A run of a task under way. */
export interface TimedTask {
  readonly timeline: Timeline;
  readonly from: number;
}

/** What kind of work a statement is: reading or writing by a warehouse, by the cloud services, or by others that it calls. */
export type Work = 'read' | 'write' | 'cloud services' | 'none';

/** Counts credits; one for each account. */
export class Meter {
  readonly usage = new Usage();
  private readonly timelines = new WeakMap<Session, Timeline>();
  private readonly awake = new Map<number, Run>();
  private readonly lastCalls = new Map<string, number>();

  constructor(private readonly account: Account) {}

  /** A statement begins, at the clock's time or when the one before it in its session has ended. */
  begin(session: Session): TimedStatement {
    const timeline = this.timelineOf(session);
    if (!timeline.apart) timeline.at = Math.max(timeline.at, this.account.clock.now());
    return { session, timeline, from: timeline.at, started: performance.now(), work: 'none' };
  }

  /** It has ended, well or not. */
  end({ session, timeline, from, started, work }: TimedStatement): void {
    const computed = work === 'read' || work === 'write';
    const begun = computed ? from + this.wake(session, from) : from;
    const least = work === 'write' ? WRITE_MS : READ_MS;
    const to = Math.max(timeline.at, begun + Math.max(performance.now() - started, least));
    timeline.at = to;
    if (computed) this.keepAwake(session, to);
    if (work === 'none') return;
    const services = computed ? COMPILE_CREDITS : ((to - from) / 3_600_000) * CLOUD_SERVICES_CREDITS;
    if (timeline.apart && session.warehouse === undefined) timeline.services += services;
    else this.usage.addCloudServices('WAREHOUSE', session.warehouse ?? NO_WAREHOUSE, from, services);
  }

  /** A task begins: after those before it in its graph, if there are any. @param after when they ended */
  beginTask(session: Session, after: number): TimedTask {
    const from = Math.max(after, this.account.clock.now()) + TASK_START_MS;
    const timeline = { at: from, apart: true, services: 0 };
    this.timelines.set(session, timeline);
    return { timeline, from };
  }

  /** @param name the task's full name where it has no warehouse @returns when it ended */
  endTask({ timeline, from }: TimedTask, name: string | undefined): number {
    if (name !== undefined) {
      this.usage.addCompute('TASK', name, from, timeline.at, SERVERLESS_CREDITS);
      this.usage.addCloudServices('TASK', name, from, timeline.services);
    }
    return timeline.at;
  }

  /** A session calls a model's endpoint, which takes its time when it has not been called for a while. */
  callEndpoint(session: Session, url: string): void {
    const timeline = this.timelineOf(session);
    const now = timeline.apart ? timeline.at : Math.max(timeline.at, this.account.clock.now());
    const last = this.lastCalls.get(url);
    if (last === undefined || now - last > COLD_AFTER_MS) timeline.at = now + COLD_START_MS;
    this.lastCalls.set(url, Math.max(timeline.at, now));
  }

  /** A session waits on the account's clock, which may be moved on meanwhile. */
  wait(session: Session, milliseconds: number): void {
    this.timelineOf(session).at += milliseconds;
  }

  /** A warehouse is suspended by a statement, or dropped. */
  suspend(warehouse: Warehouse): void {
    const run = this.awake.get(warehouse.id);
    if (run) this.close(run, Math.max(run.busyUntil, this.account.clock.now()));
  }

  /** Counts warehouses that are awake, as far as the clock has come; for who reads the usage. */
  settle(): void {
    for (const run of this.awake.values()) {
      const asleep = asleepAt(run);
      if (asleep <= this.account.clock.now()) this.close(run, asleep);
    }
  }

  /** Counts all warehouses that are awake as suspended in time: nobody uses them any more. */
  closeAll(): void {
    for (const run of this.awake.values()) this.close(run, asleepAt(run));
  }

  private timelineOf(session: Session): Timeline {
    let root = session;
    while (root.caller) root = root.caller;
    let timeline = this.timelines.get(root);
    if (!timeline) {
      timeline = { at: 0, services: 0 };
      this.timelines.set(root, timeline);
    }
    return timeline;
  }

  private warehouseOf(session: Session): Warehouse | undefined {
    return session.warehouse === undefined
      ? undefined
      : this.account.catalog.at('WAREHOUSE', session.warehouse);
  }

  /** @returns milliseconds until the session's warehouse is there */
  private wake(session: Session, at: number): number {
    const warehouse = this.warehouseOf(session);
    if (!warehouse) return 0;
    const run = this.awake.get(warehouse.id);
    if (run && at <= asleepAt(run)) return 0;
    if (run) this.close(run, asleepAt(run));
    this.awake.set(warehouse.id, { warehouse, from: at, busyUntil: at });
    return RESUME_MS;
  }

  private keepAwake(session: Session, until: number): void {
    const warehouse = this.warehouseOf(session);
    const run = warehouse && this.awake.get(warehouse.id);
    if (run) run.busyUntil = Math.max(run.busyUntil, until);
  }

  private close(run: Run, at: number): void {
    const { warehouse, from } = run;
    this.awake.delete(warehouse.id);
    const rate =
      (WAREHOUSE_CREDITS[warehouse.size] ?? 1) * (generationOf(warehouse) === '2' ? SECOND_GENERATION : 1);
    this.usage.addCompute('WAREHOUSE', warehouse.name, from, Math.max(at, from + LEAST_RUN_MS), rate);
  }
}

function asleepAt({ warehouse, busyUntil }: Run): number {
  const { autoSuspend } = warehouse;
  return autoSuspend ? busyUntil + autoSuspend * 1000 : Number.POSITIVE_INFINITY;
}

const meters = new WeakMap<Account, Meter>();

/** The account's meter. */
export function meterOf(account: Account): Meter {
  const meter = meters.get(account) ?? new Meter(account);
  meters.set(account, meter);
  return meter;
}
