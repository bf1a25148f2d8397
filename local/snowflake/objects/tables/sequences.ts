import type { Sequence } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import { alterOutcome, dropObject, readCommentChange, readNamed } from '../../kernel/named-object.js';
import { createHead } from '../../kernel/options.js';
import { createInSchema, newPlace } from '../../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
} from '../../kernel/statement.js';
import type { TokenStream } from '../../language/lexer.js';
import { readClone } from './clone.js';

/** CREATE [OR REPLACE] SEQUENCE q { options | CLONE other }; docs: sql-reference/sql/create-sequence. */
async function createSequence(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'SEQUENCE');
  const source = tokens.is('CLONE')
    ? account.catalog.resolve('SEQUENCE', readClone(context), session)
    : undefined;
  if (source) account.access.require(session, 'USAGE', source);
  const options = source ?? readSequenceOptions(tokens);
  tokens.expectEnd();
  const { sequences } = account.storage;
  return createInSchema<Sequence>(
    context,
    'SEQUENCE',
    'Sequence',
    head,
    ({ id }) => ({
      kind: 'SEQUENCE',
      physical: `s${id}`,
      start: options.start,
      increment: options.increment,
      comment: options.comment,
      ...(options.ordered && { ordered: true as const }),
    }),
    (_tx, { physical, increment }) => {
      if (source) sequences.begin(physical, sequences.next(source), increment);
    },
  );
}

interface SequenceOptions {
  start: number;
  increment: number;
  comment: string;
  ordered: boolean;
}

/** `[WITH] [START [WITH] [=] n] [INCREMENT [BY] [=] n] [ORDER | NOORDER] [COMMENT = '…']` */
function readSequenceOptions(tokens: TokenStream): SequenceOptions {
  const options = { start: 1, increment: 1, comment: '', ordered: tokens.orderedSequences };
  tokens.take('WITH');
  for (;;) {
    tokens.take(',');
    if (tokens.take('START')) {
      tokens.take('WITH');
      tokens.take('=');
      options.start = readInteger(tokens);
    } else if (tokens.take('INCREMENT')) options.increment = readIncrement(tokens);
    else if (tokens.take('COMMENT')) {
      tokens.take('=');
      options.comment = tokens.string();
    } else if (tokens.take('ORDER')) options.ordered = true;
    else if (tokens.take('NOORDER')) options.ordered = false;
    else return options;
  }
}

function readInteger(tokens: TokenStream): number {
  const unexpected = tokens.tokenError();
  const value = (tokens.take('-') ? -1 : 1) * Number(tokens.next().value);
  if (!Number.isInteger(value)) throw unexpected;
  return value;
}

/** `[BY] [=] n` @throws SnowflakeError for 0 */
function readIncrement(tokens: TokenStream): number {
  tokens.take('BY');
  tokens.take('=');
  const value = readInteger(tokens);
  if (value === 0)
    throw new SnowflakeError(
      '001008',
      '22023',
      "SQL compilation error:\ninvalid value [0] for parameter 'INCREMENT'",
    );
  return value;
}

/** ALTER SEQUENCE; docs: sql-reference/sql/alter-sequence. */
async function alterSequence(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'SEQUENCE');
  const { object: sequence } = readNamed(context, 'SEQUENCE');
  if (!sequence) return alterOutcome();
  account.access.requireOwnership(session, sequence);
  let changed: Sequence = sequence;
  let increment: number | undefined;
  if (tokens.take('RENAME', 'TO')) changed = { ...sequence, ...newPlace(context, 'SEQUENCE') };
  else if (tokens.is('SET', 'COMMENT') || tokens.is('UNSET', 'COMMENT'))
    changed = { ...sequence, comment: readCommentChange(tokens) };
  else {
    tokens.take('SET');
    for (let first = true; first || !(tokens.done || tokens.is(';')); first = false) {
      tokens.take(',');
      if (tokens.take('NOORDER')) {
        const { ordered: _, ...rest } = changed;
        changed = rest;
      } else if (tokens.take('COMMENT')) {
        tokens.take('=');
        changed = { ...changed, comment: tokens.string() };
      } else if (tokens.is('ORDER') && changed.ordered) tokens.next();
      else if (tokens.is('ORDER')) throw cannotOrder();
      else {
        tokens.expect('INCREMENT');
        increment = readIncrement(tokens);
      }
    }
  }
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => {
    if (increment !== undefined) {
      // What comes next has been decided already: the new interval counts from there.
      const { sequences } = account.storage;
      const physical = `s${account.catalog.nextId()}`;
      sequences.begin(physical, sequences.next(sequence), increment);
      changed = { ...changed, physical, increment };
    }
    tx.put(changed);
  });
  return alterOutcome();
}

function cannotOrder(): SnowflakeError {
  return new SnowflakeError(
    '002062',
    '0A000',
    'SQL compilation error:\nA sequence that is NOORDER cannot be changed to ORDER.',
  );
}

interface Counted {
  sequence: Sequence;
  next: bigint;
}

const SHOWN: ShownColumns<Counted> = {
  name: ({ sequence }) => sequence.name,
  database_name: ({ sequence }) => sequence.database,
  schema_name: ({ sequence }) => sequence.schema,
  next_value: ({ next }) => String(next),
  interval: ({ sequence }) => String(sequence.increment),
  created_on: ({ sequence }) => showTime(sequence),
  owner: ({ sequence }) => sequence.owner,
  comment: ({ sequence }) => sequence.comment,
  owner_role_type: 'ROLE',
  ordered: ({ sequence }) => (sequence.ordered ? 'Y' : 'N'),
};

function readCounts({ account }: StatementContext, sequences: Sequence[]): Counted[] {
  return sequences.map((sequence) => ({ sequence, next: account.storage.sequences.next(sequence) }));
}

async function showSequences(context: StatementContext): Promise<StatementOutcome> {
  context.tokens.expect('SHOW', 'SEQUENCES');
  const sequences = listVisible(context, 'SEQUENCE').filter((sequence) => !sequence.hidden);
  return showResult(SHOWN, readCounts(context, sequences));
}

async function describeSequence(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('SEQUENCE');
  const sequence = account.catalog.resolve('SEQUENCE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE'], sequence);
  return showResult(SHOWN, readCounts(context, [sequence]), STATEMENT_TYPE.DESCRIBE);
}

export const sequenceStatements: Statement[] = [
  { leading: [['CREATE', 'SEQUENCE']], ddl: true, run: createSequence },
  { leading: [['DROP', 'SEQUENCE']], ddl: true, run: (context) => dropObject(context, 'SEQUENCE') },
  { leading: [['ALTER', 'SEQUENCE']], ddl: true, run: alterSequence },
  { leading: [['SHOW', 'SEQUENCES']], run: showSequences },
  { leading: [['DESCRIBE', 'SEQUENCE']], run: describeSequence },
];
