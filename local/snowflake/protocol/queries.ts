import { randomBytes } from 'node:crypto';
import type { Account, Bind, StatementResult } from '../account.js';
import { cancelError, SnowflakeError } from '../errors.js';
import { asSnowflakeError } from '../internal-error.js';
import { STATEMENT_TYPE, textColumn } from '../kernel/statement.js';
import { countBinds, type Piece, splitStatements } from '../language/split.js';
import { CANCELLING } from '../objects/session/cancel.js';
import { newQueryId, type QueryRecord } from '../sessions/history.js';
import { type ParameterValue, SESSION_PARAMETERS } from '../sessions/parameters.js';
import type { Session } from '../sessions/session.js';
import type { Row } from '../types/data-type.js';
import { arrowResult, loadArrow } from './arrow-results.js';
import { readStagedBinds } from './bind-stage.js';
import type { QueryBody } from './query-body.js';
import {
  chunkBody,
  errorJson,
  isArrow,
  progressJson,
  resultJson,
  type Surroundings,
  surroundingsOf,
} from './responses.js';
import { wireRows } from './wire-rows.js';

/** How long a request is held open before the client is told to ask again. */
const HOLD_MS = 45_000;
const MOST_REMEMBERED = 200;

/** The body of a result's chunk. */
type ChunkSource = (from: number, count: number) => string | Buffer;

/** A statement that a client sent, from its arrival on. */
interface Submitted {
  queryId: string;
  session: Session;
  /** True once the client has asked for its end, also while it waits for its turn. */
  canceled: boolean;
  /** The statement that runs now: of a multi-statement request, one after the other. */
  running: string;
  done: boolean;
  /** Never rejects. */
  finished: Promise<void>;
  result?: StatementResult;
  error?: SnowflakeError;
  surroundings?: Surroundings;
}

/** The statements that clients sent, and what came of them. */
export class Queries {
  private readonly byId = new Map<string, Submitted>();
  /** By session and request id. */
  private readonly byRequest = new Map<string, Submitted>();
  /** Results that travel in chunks, by the unguessable key in their URLs. */
  private readonly chunked = new Map<string, ChunkSource>();

  /** By the id of a statement of several: whether the request asked for its rows in Arrow's format. */
  private readonly childFormats = new Map<string, boolean>();

  constructor(
    private readonly account: Account,
    private readonly accessUrl: () => string,
  ) {}

  /** Answers /queries/v1/query-request. A request that a client repeats (same id) is not run twice. */
  async submit(session: Session, requestId: string, body: QueryBody): Promise<string> {
    const submitted =
      this.byRequest.get(`${session.id} ${requestId}`) ?? this.start(session, requestId, body);
    if (body.asyncExec) return progressJson(submitted.queryId, true);
    return this.answer(submitted);
  }

  /** Answers /queries/<id>/result: waits for the statement, which any session of its user may ask for. */
  async result(session: Session, queryId: string): Promise<string> {
    const submitted = this.byId.get(queryId);
    if (submitted) return this.answer(submitted);
    const record = this.account.history.get(queryId);
    if (!record || record.user !== session.user) return errorJson(noSuchResult(queryId), queryId);
    if (record.error) return errorJson(record.error, queryId);
    if (!record.outcome) return errorJson(noSuchResult(queryId), queryId);
    const surroundings = surroundingsOf(session);
    const arrow = this.childFormats.get(queryId) ?? surroundings.arrow;
    return this.json({ queryId, ...record.outcome }, { ...surroundings, arrow });
  }

  /** Answers /monitoring/queries/<id>. */
  monitoring(session: Session, queryId: string): unknown {
    const record = this.account.history.get(queryId);
    const submitted = this.byId.get(queryId);
    if (record && record.user === session.user) return { queries: [monitoringRecord(record)] };
    if (submitted && submitted.session.user === session.user) {
      return {
        queries: [
          {
            id: queryId,
            status: submitted.done ? 'FAILED_WITH_ERROR' : 'RUNNING',
            errorMessage: submitted.error?.message ?? null,
            errorCode: submitted.error?.code ?? null,
          },
        ],
      };
    }
    return { queries: [] };
  }

  /** @returns false if there is no such statement running */
  abort(session: Session, id: { queryId?: string; requestId?: string }): boolean {
    const submitted = id.queryId
      ? this.byId.get(id.queryId)
      : this.byRequest.get(`${session.id} ${id.requestId}`);
    if (!submitted || submitted.done || submitted.session.user !== session.user) return false;
    submitted.canceled = true;
    this.account.history.get(submitted.running)?.cancel?.();
    return true;
  }

  /** The body of a chunk, or undefined if its result is gone. */
  chunk(key: string, from: number, count: number): string | Buffer | undefined {
    return this.chunked.get(key)?.(from, count);
  }

  private start(session: Session, requestId: string, body: QueryBody): Submitted {
    const queryId = newQueryId();
    const submitted: Submitted = {
      queryId,
      session,
      canceled: false,
      running: queryId,
      done: false,
      finished: Promise.resolve(),
    };
    const beside = CANCELLING.test(body.sqlText ?? '');
    const turn = beside ? (work: () => Promise<void>) => work() : session.exclusive.bind(session);
    submitted.finished = turn(async () => {
      try {
        submitted.result = beside
          ? await this.executeBeside(submitted, body)
          : await this.execute(submitted, body);
      } catch (error) {
        submitted.error = asSnowflakeError(error, { queryId, text: body.sqlText ?? '' });
      }
      submitted.surroundings ??= surroundingsOf(session);
      submitted.done = true;
    });
    this.byId.set(submitted.queryId, submitted);
    this.byRequest.set(`${session.id} ${requestId}`, submitted);
    this.forgetOld();
    return submitted;
  }

  private async answer(submitted: Submitted): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const held = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, HOLD_MS);
    });
    await Promise.race([submitted.finished, held]);
    clearTimeout(timer);
    if (submitted.error) return errorJson(submitted.error, submitted.queryId);
    if (!submitted.result) return progressJson(submitted.queryId, false);
    return this.json(submitted.result, submitted.surroundings!);
  }

  private async json(result: StatementResult, surroundings: Surroundings): Promise<string> {
    let key: string | undefined;
    const { columns } = result;
    const rows = wireRows(columns, result.rows, surroundings.jsonIndent);
    const arrow = isArrow(result, surroundings) ? arrowResult(await loadArrow(), columns, rows) : undefined;
    const urlOf = (from: number, count: number) => {
      key ??= this.keepForChunks(arrow ? arrow.part : (...part) => chunkBody(rows, ...part));
      return `${this.accessUrl()}/results/${key}/${from}/${count}`;
    };
    return resultJson({ ...result, rows }, surroundings, urlOf, arrow);
  }

  private keepForChunks(source: ChunkSource): string {
    const key = randomBytes(24).toString('base64url');
    this.chunked.set(key, source);
    if (this.chunked.size > 20) this.chunked.delete(this.chunked.keys().next().value!);
    return key;
  }

  private async execute(submitted: Submitted, body: QueryBody): Promise<StatementResult> {
    const { session, queryId } = submitted;
    if (submitted.canceled) throw cancelError();
    const text = body.sqlText ?? '';
    const given = { ...body.parameters };
    const wanted = Number(given.MULTI_STATEMENT_COUNT ?? session.parameter('MULTI_STATEMENT_COUNT'));
    delete given.MULTI_STATEMENT_COUNT;
    return withParameters(session, given, async () => {
      // The common case, one statement, is not tokenized twice.
      const pieces = text.includes(';') ? splitStatements(text) : [{ text, bindsBefore: 0, binds: 0 }];
      if (pieces.length > 1) return this.runSeveral(submitted, body, pieces, wanted);
      if (wanted > 1) throw wrongCount(pieces.length, wanted);
      const result = await this.account.run(session, text, {
        binds: body.bindStage ? await readStagedBinds(this.account, session, body.bindStage) : body.bindings,
        describeOnly: body.describeOnly,
        queryId,
      });
      submitted.surroundings = surroundingsOf(session);
      const binds = body.describeOnly ? countBinds(text) : Object.keys(body.bindings ?? {}).length;
      return { ...result, binds, rows: body.describeOnly ? [] : rowsWithin(session, result) };
    });
  }

  /** Runs a statement that cancels others, which would wait for them in its own session. */
  private async executeBeside({ session, queryId }: Submitted, body: QueryBody): Promise<StatementResult> {
    const { id, user, role } = session;
    const own = await this.account.internalSession({ id, user, role });
    try {
      return await this.account.run(own, body.sqlText ?? '', {
        binds: body.bindings,
        describeOnly: body.describeOnly,
        queryId,
      });
    } finally {
      await this.account.closeSession(own);
    }
  }

  /** Runs a multi-statement request; each statement has its own id and result. */
  private async runSeveral(
    submitted: Submitted,
    body: QueryBody,
    pieces: Piece[],
    wanted: number,
  ): Promise<StatementResult> {
    const { session, queryId } = submitted;
    if (wanted !== 0 && wanted !== pieces.length) throw wrongCount(pieces.length, wanted);
    const record = this.account.history.start(session, body.sqlText ?? '', queryId);
    const children: { queryId: string; statementTypeId: number }[] = [];
    try {
      for (const piece of pieces) {
        if (submitted.canceled) throw cancelError();
        submitted.running = newQueryId();
        const result = await this.account.run(session, piece.text, {
          binds: bindsOf(piece, body.bindings),
          describeOnly: body.describeOnly,
          queryId: submitted.running,
        });
        children.push({ queryId: result.queryId, statementTypeId: result.statementTypeId });
        this.childFormats.set(result.queryId, surroundingsOf(session).arrow);
        if (this.childFormats.size > 1000) this.childFormats.delete(this.childFormats.keys().next().value!);
      }
    } catch (error) {
      const shown = asSnowflakeError(error, { queryId, text: body.sqlText ?? '' });
      this.account.history.fail(record, shown);
      throw shown;
    }
    const outcome = {
      statementTypeId: STATEMENT_TYPE.MULTI_STMT,
      columns: [textColumn('multiple statement execution')],
      rows: [['Multiple statements executed successfully.']],
      children,
    };
    this.account.history.succeed(record, outcome);
    return { queryId, ...outcome };
  }

  private forgetOld(): void {
    if (this.byRequest.size <= MOST_REMEMBERED) return;
    for (const [key, submitted] of this.byRequest) {
      if (!submitted.done) continue;
      this.byRequest.delete(key);
      this.byId.delete(submitted.queryId);
      if (this.byRequest.size <= MOST_REMEMBERED) return;
    }
  }
}

/** As many rows as ROWS_PER_RESULTSET lets a query answer. */
function rowsWithin(session: Session, { statementTypeId, rows }: StatementResult): Row[] {
  const most = Number(session.parameter('ROWS_PER_RESULTSET'));
  const cut = most > 0 && statementTypeId === STATEMENT_TYPE.SELECT && rows.length > most;
  return cut ? rows.slice(0, most) : rows;
}

/** Sets parameters for one statement. */
async function withParameters<T>(
  session: Session,
  given: Record<string, ParameterValue>,
  work: () => Promise<T>,
): Promise<T> {
  const names = Object.keys(given).filter((name) => name.toUpperCase() in SESSION_PARAMETERS);
  if (names.length === 0) return work();
  const before = new Map(session.parameters);
  for (const name of names) await session.setParameter(name.toUpperCase(), given[name]!);
  try {
    return await work();
  } finally {
    for (const name of names.map((each) => each.toUpperCase())) {
      const old = before.get(name);
      if (old === undefined) await session.unsetParameter(name);
      else await session.setParameter(name, old);
    }
  }
}

/** The binds of one statement of several: `?` are numbered through all of them, `:1` are shared. */
function bindsOf(piece: Piece, all: Record<string, Bind> | undefined): Record<string, Bind> | undefined {
  if (!all || piece.binds === 0) return all;
  const own: Record<string, Bind> = {};
  for (let i = 1; i <= piece.binds; i++) {
    const bind = all[String(piece.bindsBefore + i)];
    if (bind) own[String(i)] = bind;
  }
  return own;
}

function wrongCount(actual: number, wanted: number): SnowflakeError {
  return new SnowflakeError(
    '000008',
    '0A000',
    `Actual statement count ${actual} did not match the desired statement count ${wanted}.`,
  );
}

function monitoringRecord(record: QueryRecord): Record<string, unknown> {
  return {
    id: record.id,
    status: record.status === 'FAILED' ? 'FAILED_WITH_ERROR' : record.status,
    state: record.status === 'RUNNING' ? 'RUNNING' : 'FINISHED',
    sqlText: record.text,
    startTime: record.startTime,
    endTime: record.endTime ?? 0,
    totalDuration: (record.endTime ?? record.startTime) - record.startTime,
    errorCode: record.error?.code ?? null,
    errorMessage: record.error?.message ?? null,
    sessionId: record.sessionId,
    stats: {},
  };
}

function noSuchResult(queryId: string): SnowflakeError {
  return new SnowflakeError('000709', '02000', `Statement ${queryId} not found`);
}
