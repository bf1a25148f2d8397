import type { Account, Bind } from '../../account.js';
import type { Routine, Stream, Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Expr, Name, Query } from '../../language/ast.js';
import { positionOf } from '../../language/lexer.js';
import { splitName } from '../../language/split-name.js';
import type { Session } from '../../sessions/session.js';
import { cellLiteral, numberConstant, textConstant } from '../../types/cells.js';
import { type CastSettings, castTo, type Typed } from '../../types/coerce.js';
import { type DataType, DECFLOAT, FLOAT, MAX_BINARY, NUMBER, TEXT } from '../../types/data-type.js';
import { duckFormat } from '../../types/formats.js';
import { bindExpression } from './bind-expression.js';
import { Scope } from './scope.js';

/** What must have happened before a bound query can run, in this order. */
export type Step = { kind: 'prepare'; run: () => Promise<void> } | ExternalStep;

/** Rows that are sent out, and what is wanted of the answers. */
export interface ExternalStep {
  kind: 'external';
  /** DuckDB query: row number, then the arguments of each call that are no columns of the sources, then these. */
  rowsSql: string;
  table: string;
  calls: {
    routine: Routine;
    /** `there`: the argument as SQL over the table. */
    args: (Typed & { there: string })[];
    wanted: Wanted;
  }[];
}

/** What a statement reads of each value that an external function answers: a column each of the table of values. */
export interface Wanted {
  /** The value itself. */
  whole: boolean;
  /** Members of an object. */
  members: readonly string[];
  /** Those of them that are only read as FLOATs. Of a call that stands alone and is no STRICT function's. */
  floats?: readonly string[];
}

/** A source whose DuckDB text is only known when the statement runs (a stream's window, a stage's files). */
export interface Deferred {
  placeholder: string;
  /** @param statement the SQL that it is put into, with placeholders; undefined where there is more than one */
  sql: (statement?: string) => Promise<string>;
}

/** What a statement has collected while it is bound; views and SQL functions inside it share it. */
export class Collected {
  readonly steps: Step[] = [];
  readonly deferred: Deferred[] = [];
  readonly streams: Stream[] = [];
  readonly tables = new Map<number, Table>();
  /** DuckDB text of every WITH query so far, in order. */
  readonly ctes: string[] = [];
  /** Arguments that are words such as DAY, and name no column. */
  readonly words = new WeakSet<object>();
  /** Whether something in it gives another value each time: a random number, a sequence, JavaScript of a user. */
  drawn = false;
  /** Whether rows or values may follow from the order in which rows come: LIMIT, windows, groups, DISTINCT, a sample. */
  ordered = false;
  private counter = 0;

  /** A number that is used once in this statement. */
  next(): number {
    return ++this.counter;
  }
}

/**
 * Rows of tables other than as they are, each with its identity: every block of a query over them has two columns more,
 * `ROW_IDENTITY` of the rows that it was made of, and whether one of them has changed. See query/tracking.
 */
export interface Versions {
  /** DuckDB SQL for the rows of a table where the query names it, with the columns `$id` and `$changed`. */
  table(table: Table): string;
  /** The query that is bound in place of a view's. @throws SnowflakeError for one whose rows have no such identity */
  query(b: Binder, query: Query): Query;
}

let statements = 0;

/** The statement that is being turned into DuckDB SQL. */
export class Binder {
  readonly collected: Collected;
  /** Unique among the statements of the process: names of temporary tables contain it. */
  readonly id: number;
  readonly now: number;
  readonly casts: CastSettings;
  /** Arguments of the SQL function whose body is being bound. */
  readonly parameters = new Map<string, Typed>();
  /** Array binds: the columns that stand for `?`, by key. */
  readonly bindColumns = new Map<string, Typed>();
  /** The session that runs the statement, whatever view or function is being bound. */
  readonly running: Session;
  depth = 0;
  /** Characters of all bound values. */
  readonly bound: number;

  constructor(
    readonly account: Account,
    readonly session: Session,
    readonly text: string,
    readonly binds: Record<string, Bind> = {},
    /** True if a DML statement reads streams, so that their offsets move. */
    readonly consuming = false,
    readonly signal?: AbortSignal,
    parent?: Binder,
    readonly versions: Versions | undefined = parent?.versions,
  ) {
    this.collected = parent?.collected ?? new Collected();
    this.running = parent?.running ?? session;
    this.id = parent?.id ?? ++statements;
    this.now = parent?.now ?? account.clock.now();
    this.depth = parent ? parent.depth + 1 : 0;
    if (this.depth > 60) throw this.error('002052', '42P19', 'views or functions are nested too deeply');
    this.bound = Object.values(binds).reduce((sum, { value }) => sum + String(value ?? '').length, 0);
    this.casts = parent?.casts ?? castSettings(session);
  }

  /** A binder for the text of a view or function, which resolves names in its own schema with its owner's rights. */
  enter(object: { database: string; schema: string; owner: string }, text: string): Binder {
    const session: Session = Object.create(this.session, {
      database: { value: object.database },
      schema: { value: object.schema },
      role: { value: object.owner },
      secondaryRoles: { value: false },
    });
    return new Binder(this.account, session, text, {}, this.consuming, this.signal, this);
  }

  bind(expr: Expr, scope: Scope): Typed {
    return bindExpression(this, expr, scope);
  }

  cast(value: Typed, type: DataType, tolerant = false): Typed {
    return castTo(value, type, this.casts, tolerant);
  }

  /** An alias for a source in DuckDB, unlike any column's name. */
  alias(): string {
    return `$t${this.collected.next()}`;
  }

  /** The parts of a name; IDENTIFIER('…') is evaluated now. */
  nameParts(name: Name): string[] {
    if ('parts' in name) return name.parts;
    return this.identifierParts(name.identifier);
  }

  identifierParts(expr: Expr): string[] {
    const value = this.bind(expr, new Scope());
    if (typeof value.constant !== 'string')
      throw this.error('001003', '42000', 'IDENTIFIER takes a string literal, a bind or a session variable.');
    return splitName(value.constant);
  }

  /** The value of `?` or `:1`. */
  bindValue(key: string): Typed {
    const column = this.bindColumns.get(key);
    if (column) return column;
    const bind = this.binds[key];
    if (!bind) throw this.error('002049', '42601', `Bind variable ${key === '?' ? '?' : `:${key}`} not set.`);
    const value = Array.isArray(bind.value) ? (bind.value[0] ?? null) : bind.value;
    if (value === null) return { ...cellLiteral(TEXT(), null), untyped: true };
    if (bind.type === 'DECFLOAT') return castTo(textConstant(value), DECFLOAT, this.casts);
    return bindLiteral(bind.type, value);
  }

  position(at: number): { line: number; character: number } {
    return positionOf(this.text, at);
  }

  /** A compilation error. */
  error(code: string, sqlState: string, message: string, at?: number): SnowflakeError {
    const position = at === undefined ? undefined : this.position(at);
    const where = position ? `error line ${position.line} at position ${position.character}\n` : '\n';
    return new SnowflakeError(
      code,
      sqlState,
      `SQL compilation error:${position ? ' ' : ''}${where}${message}`,
      position,
    );
  }
}

/** What the session's parameters say about times and their texts. */
function castSettings(session: Session): CastSettings {
  const format = (name: string) => duckFormat(String(session.parameter(name)));
  return {
    timezone: session.timezone,
    print: {
      date: format('DATE_OUTPUT_FORMAT'),
      time: format('TIME_OUTPUT_FORMAT'),
      timestamp: format('TIMESTAMP_NTZ_OUTPUT_FORMAT'),
      timestampLtz: format('TIMESTAMP_LTZ_OUTPUT_FORMAT') ?? format('TIMESTAMP_OUTPUT_FORMAT'),
      timestampTz: format('TIMESTAMP_TZ_OUTPUT_FORMAT') ?? format('TIMESTAMP_OUTPUT_FORMAT'),
    },
    read: {
      date: format('DATE_INPUT_FORMAT'),
      time: format('TIME_INPUT_FORMAT'),
      timestamp: format('TIMESTAMP_INPUT_FORMAT'),
    },
  };
}

/** The type that a bound value (or an array of them) has. */
export function bindType(type: string, values: (string | null)[]): DataType {
  switch (type) {
    case 'FIXED': {
      const scale = Math.max(0, ...values.map((value) => /\.(\d*)$/.exec(value ?? '')?.[1]?.length ?? 0));
      return NUMBER(38, Math.min(37, scale));
    }
    case 'REAL':
      return FLOAT;
    case 'BOOLEAN':
    case 'DATE':
      return { kind: type };
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return { kind: type, scale: 9 };
    case 'BINARY':
      return { kind: 'BINARY', length: MAX_BINARY };
    default:
      return TEXT();
  }
}

/** The cell text of a bound value: drivers send dates as milliseconds, times as nanoseconds, since 1970. */
export function bindCell(type: string, value: string): string {
  switch (type) {
    case 'BOOLEAN':
      return /^(true|1)$/i.test(value) ? '1' : '0';
    case 'DATE':
      return /^-?\d+$/.test(value) ? String(Math.floor(Number(value) / 86_400_000)) : value;
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ': {
      const [count, offset] = value.split(' ');
      if (!/^-?\d+$/.test(count!))
        throw new SnowflakeError('100035', '22007', `Timestamp '${value}' is not recognized`);
      const nanos = BigInt(count!);
      const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0');
      const seconds = `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
      return type === 'TIMESTAMP_TZ' ? `${seconds} ${offset ?? 1440}` : seconds;
    }
    default:
      return value;
  }
}

function bindLiteral(type: string, value: string): Typed {
  const cell = bindCell(type, value);
  if (type === 'FIXED') {
    // Its text becomes part of DuckDB's statement.
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cell.trim()))
      throw new SnowflakeError('100038', '22018', `Numeric value '${cell}' is not recognized`);
    return numberConstant(withoutExponent(cell.trim().replace(/^\+/, '')));
  }
  return cellLiteral(bindType(type, [value]), cell);
}

/** `-1E+3`, as Python writes a Decimal, as `-1000`: a bound FIXED is a NUMBER, where a literal with E is a FLOAT. */
function withoutExponent(text: string): string {
  const [, sign = '', whole = '', part = '', power] = /^(-?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text)!;
  if (power === undefined || Math.abs(Number(power)) > 76) return text;
  const point = whole.length + Number(power);
  const digits = (whole + part).padEnd(point, '0').padStart((whole + part).length - Math.min(0, point), '0');
  const before = digits.slice(0, Math.max(0, point)) || '0';
  const after = digits.slice(Math.max(0, point));
  return `${sign}${before}${after ? `.${after}` : ''}`;
}
