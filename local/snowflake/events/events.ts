import type { Account } from '../account.js';
import type { Routine } from '../catalog/objects.js';
import { listen } from '../javascript/udf.js';
import type { Session } from '../sessions/session.js';
import { Execution } from './execution.js';
import { Ingestion } from './ingestion.js';
import { logLevel, traceLevel } from './levels.js';

interface Running {
  queryId: string;
  functions: { execution: Execution; token: string; forget: () => void }[];
}

/**
 * The account's telemetry: which routines run now, and what they tell.
 *
 * Snowflake takes events in asynchronously, some time after they were emitted. Here they are in the event table when
 * the statement that emitted them, or a statement inside its procedure, has ended: a test need not wait. They are
 * written in a transaction of their own, so that a rollback of the handler's work does not take them away.
 */
export class Events {
  private readonly running = new WeakMap<Session, Running[]>();
  private readonly procedures = new WeakMap<Session, Execution>();
  /** Sessions whose statements have ended before what they told was written. */
  private readonly owing = new WeakSet<Session>();
  private readonly ingestion: Ingestion;

  constructor(private readonly account: Account) {
    this.ingestion = new Ingestion(account);
  }

  /** A statement begins in this session. */
  begin(session: Session, queryId: string): void {
    const stack = this.running.get(session);
    const statement: Running = { queryId, functions: [] };
    if (stack) stack.push(statement);
    else this.running.set(session, [statement]);
  }

  /** The statement that began last in this session is over. @returns undefined if there is nothing to wait for */
  end(session: Session): Promise<void> | undefined {
    const statement = this.running.get(session)!.pop()!;
    for (const { execution, forget } of statement.functions) {
      execution.end();
      forget();
    }
    if (!this.ingestion.pending && !this.owing.has(session)) return undefined;
    const written = this.ingestion.flush();
    if (written) this.owing.delete(session);
    else this.owing.add(session);
    return written;
  }

  /**
   * Listens to a function in the statement that runs now: one execution, wherever it stands in it.
   * @returns the token for its calls; undefined if nothing that it tells would be recorded
   */
  listenTo(session: Session, routine: Routine): string | undefined {
    const stack = this.running.get(session);
    const statement = stack?.[stack.length - 1];
    if (!statement || this.isSilent(session, routine)) return undefined;
    const known = statement.functions.find(({ execution }) => execution.routine === routine);
    if (known) return known.token;
    const execution = this.execution(session, routine, statement.queryId, this.procedures.get(session));
    const listening = listen(execution);
    statement.functions.push({ execution, ...listening });
    return listening.token;
  }

  /**
   * Runs a procedure's handler. @param session what the handler's statements run in
   * @param caller the session of the CALL
   */
  async runInProcedure<T>(
    session: Session,
    caller: Session,
    routine: Routine,
    work: (execution: Execution) => Promise<T>,
  ): Promise<T> {
    const stack = this.running.get(caller);
    const queryId = stack?.[stack.length - 1]?.queryId ?? '';
    const before = this.procedures.get(session);
    const execution = this.execution(session, routine, queryId, this.procedures.get(caller));
    this.procedures.set(session, execution);
    try {
      return await work(execution);
    } finally {
      execution.end();
      if (before) this.procedures.set(session, before);
      else this.procedures.delete(session);
    }
  }

  /** SYSTEM$LOG in a statement: of the procedure that runs it, or of the statement itself. @param value JSON text */
  log(session: Session, level: string, value: string | null): void {
    const stack = this.running.get(session);
    const procedure = this.procedures.get(session);
    const execution =
      procedure ?? this.execution(session, undefined, stack?.[stack.length - 1]?.queryId ?? '', undefined);
    execution.log(level, value);
  }

  private isSilent(session: Session, routine: Routine): boolean {
    return (
      logLevel(this.account, session, routine) === 'OFF' &&
      traceLevel(this.account, session, routine) === 'OFF'
    );
  }

  private execution(
    session: Session,
    routine: Routine | undefined,
    queryId: string,
    parent: Execution | undefined,
  ): Execution {
    return new Execution(this.account, session, routine, queryId, parent, (record) =>
      this.ingestion.add(record),
    );
  }
}

const accounts = new WeakMap<Account, Events>();

/** The telemetry of an account. */
export function events(account: Account): Events {
  let found = accounts.get(account);
  if (!found) {
    found = new Events(account);
    accounts.set(account, found);
  }
  return found;
}
