import type { Account, Bind, RunOptions, StatementResult } from '../account.js';
import { cancelError, SnowflakeError } from '../errors.js';
import { events } from '../events/events.js';
import { asSnowflakeError } from '../internal-error.js';
import { leadingWords } from '../kernel/options.js';
import { isPiped, runPiped } from '../kernel/pipe.js';
import type { Statement, StatementContext, StatementOutcome } from '../kernel/statement.js';
import { status } from '../kernel/statement.js';
import { TokenStream } from '../language/lexer.js';
import { othersFirst } from '../language/split.js';
import { meterOf, type TimedStatement, type Work } from '../metering/meter.js';
import { useWarehouse } from '../objects/warehouses/warehouse-use.js';
import { explainError } from '../query/run/failed-column.js';
import type { Session } from '../sessions/session.js';
import { Turns } from '../storage/turns.js';
import { openStreams } from '../streams/source.js';
import { refuseInOwnersRights } from './owners-rights.js';
import { performError } from './performed.js';
import { refuseByName } from './unbuilt.js';

const LONGEST = 5;

/** Finds the statement a text begins with and runs it under the transaction rules. */
export class Dispatcher {
  private readonly byLeading = new Map<string, Statement>();
  /**
   * DDL runs one statement at a time: between looking whether a name is taken and making the object no other may
   * make it, and what a statement read of an object must still be so when it writes the object's new state.
   */
  private readonly ddl = new Turns();

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) {
      for (const words of statement.leading) this.byLeading.set(words.join(' '), statement);
    }
  }

  /** @throws SnowflakeError */
  async run(
    account: Account,
    session: Session,
    text: string,
    options: RunOptions = {},
  ): Promise<StatementResult> {
    const query = account.history.start(session, text, options.queryId);
    const telemetry = events(account);
    telemetry.begin(session, query.id);
    const abort = new AbortController();
    const stop = (reason: SnowflakeError) => {
      abort.abort(reason);
      session.connection.interrupt();
    };
    const cancel = () => stop(cancelError());
    query.cancel = cancel;
    options.signal?.addEventListener('abort', cancel);
    if (options.signal?.aborted) cancel();
    const timeout = timeoutOf(account, session);
    const timer =
      timeout > 0
        ? setTimeout(() => stop(timeoutError(timeout)), Math.min(timeout * 1000, 2 ** 31 - 1))
        : undefined;
    let tokens: TokenStream | undefined;
    const meter = meterOf(account);
    const timed = meter.begin(session);
    try {
      abort.signal.throwIfAborted();
      tokens = tokensOf(session, text, options);
      await othersFirst(text);
      const outcome = await this.dispatch(
        {
          account,
          session,
          text,
          tokens,
          binds: options.describeOnly ? withUnset(options.binds ?? {}) : (options.binds ?? {}),
          describeOnly: options.describeOnly ?? false,
          queryId: query.id,
          signal: abort.signal,
        },
        timed,
      );
      account.history.succeed(query, outcome);
      return { queryId: query.id, ...outcome };
    } catch (error) {
      const shown = abort.signal.aborted
        ? (abort.signal.reason as SnowflakeError)
        : performError(tokens, refuseByName(tokens, asSnowflakeError(error, { queryId: query.id, text })));
      account.history.fail(query, shown);
      throw shown;
    } finally {
      if (!options.describeOnly) meter.end(timed);
      const ingested = telemetry.end(session);
      if (ingested) await ingested;
      clearTimeout(timer);
      delete query.cancel;
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  private async dispatch(context: StatementContext, timed: TimedStatement): Promise<StatementOutcome> {
    const { session, tokens } = context;
    if (tokens.done)
      throw new SnowflakeError('000900', '42601', 'SQL compilation error:\nEmpty SQL statement.');
    if (isPiped(context)) return runPiped(context);
    const statement = this.find(tokens);
    if (!statement) throw tokens.tokenError();
    timed.work = workOf(statement);
    if (session.caller) refuseInOwnersRights(statement);
    if (context.describeOnly && !statement.describes) return status('Statement executed successfully.');
    if (statement.ddl) await session.transaction.commit();
    if (statement.compound) return statement.run(context);
    if (!context.describeOnly && computes(statement)) {
      const warehouse = await useWarehouse(context.account, session);
      if (warehouse) context.account.history.compute(context.queryId, warehouse);
    }
    if (statement.dml && !session.autocommit && !session.transaction.explicit) {
      session.transaction.begin(context.account.clock.now());
      await openStreams(context.account, session);
    }
    try {
      const { start } = tokens.peek();
      const run = () =>
        session.transaction.statement(async () => {
          // It may be run again.
          tokens.seek(start);
          return await statement.run(context);
        });
      return await (statement.ddl ? this.ddl.take(run, context.signal) : run());
    } catch (error) {
      throw context.signal.aborted ? error : await explainError(error);
    }
  }

  private find(tokens: TokenStream): Statement | undefined {
    const words = leadingWords(tokens, LONGEST);
    for (let length = words.length; length > 0; length--) {
      const statement = this.byLeading.get(words.slice(0, length).join(' '));
      if (statement) return statement;
    }
    return undefined;
  }
}

/** Describing a statement needs no values: what is not bound yet is a NULL of any type. */
function withUnset(binds: Record<string, Bind>): Record<string, Bind> {
  return new Proxy(binds, { get: (given, key) => given[String(key)] ?? { type: 'TEXT', value: null } });
}

/** Who does the work of a statement, for the meter: a procedure's own code is run by its warehouse, and a session's own affairs by none. */
function workOf(statement: Statement): Work {
  const [word] = statement.leading[0]!;
  if (statement.dml) return 'write';
  if (computes(statement) || word === 'CALL') return 'read';
  return statement.ddl || word === 'SHOW' || word === 'DESCRIBE' ? 'cloud services' : 'none';
}

/** Whether a statement needs a warehouse: queries, DML and COPY do; DDL, SHOW and the like do not. */
function computes({ dml, leading }: Statement): boolean {
  return dml === true || leading[0]![0] === 'SELECT';
}

function tokensOf(session: Session, text: string, options: RunOptions): TokenStream {
  const tokens = new TokenStream(text);
  const mapping = session.parameter('TIMESTAMP_TYPE_MAPPING');
  if (mapping === 'TIMESTAMP_LTZ' || mapping === 'TIMESTAMP_TZ') tokens.timestampType = mapping;
  tokens.orderedSequences = session.parameter('NOORDER_SEQUENCE_AS_DEFAULT') === false;
  tokens.values = {
    variable(name) {
      const value = session.variables.get(name)?.value;
      if (typeof value === 'string') return value;
      throw new SnowflakeError(
        '002211',
        '02000',
        `SQL compilation error:\nSession variable '$${name}' does not exist`,
      );
    },
    bind(position) {
      const value = options.binds?.[String(position)]?.value;
      if (typeof value === 'string') return value;
      throw new SnowflakeError('002049', '42601', `SQL compilation error:\nBind variable ? not set.`);
    },
  };
  return tokens;
}

function timeoutError(seconds: number): SnowflakeError {
  return new SnowflakeError(
    '000630',
    '57014',
    `Statement reached its statement or warehouse timeout of ${seconds} second(s) and was canceled.`,
  );
}

/** Seconds; the lowest that is not 0 of session and warehouse (docs: sql-reference/parameters, STATEMENT_TIMEOUT_IN_SECONDS). */
function timeoutOf(account: Account, session: Session): number {
  const warehouse = session.warehouse && account.catalog.find('WAREHOUSE', [session.warehouse], session);
  const of = [
    session.parameter('STATEMENT_TIMEOUT_IN_SECONDS'),
    warehouse ? warehouse.sizing?.STATEMENT_TIMEOUT_IN_SECONDS : undefined,
  ];
  const set = of.map((value) => Number(value ?? 0)).filter((seconds) => seconds > 0);
  return set.length > 0 ? Math.min(...set) : 0;
}
