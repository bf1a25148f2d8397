import type { Sequence } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import type { TokenStream } from './lexer.js';
import { alterObject, dropObject, readCommentChange } from './named-object.js';
import { createHead } from './options.js';
import { createInSchema } from './schema-object.js';
import { type ShownColumns, shown, shownResult, shownTime } from './show.js';
import { STATEMENT_TYPE, type Statement, type StatementContext, type StatementOutcome } from './statement.js';
import { createSequenceSql } from './table-storage.js';

function createSequence(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  const head = createHead(tokens, 'SEQUENCE');
  const options = readSequenceOptions(tokens);
  tokens.expectEnd();
  return createInSchema<Sequence>(
    context,
    'SEQUENCE',
    'Sequence',
    head,
    (base) => ({ kind: 'SEQUENCE', physical: `s${base.id}`, ...options }),
    async (tx, sequence) => void (await tx.run(createSequenceSql(sequence))),
  );
}

/** `[WITH] [START [WITH] [=] n] [INCREMENT [BY] [=] n] [ORDER | NOORDER] [COMMENT = '…']` */
function readSequenceOptions(tokens: TokenStream): { start: number; increment: number; comment: string } {
  const options = { start: 1, increment: 1, comment: '' };
  const number = () => (tokens.take('-') ? -1 : 1) * Number(tokens.next().value);
  tokens.take('WITH');
  for (;;) {
    tokens.take(',');
    if (tokens.take('START')) {
      tokens.take('WITH');
      tokens.take('=');
      options.start = number();
    } else if (tokens.take('INCREMENT')) {
      tokens.take('BY');
      tokens.take('=');
      options.increment = number();
    } else if (tokens.take('COMMENT')) {
      tokens.take('=');
      options.comment = tokens.string();
    } else if (!tokens.take('ORDER') && !tokens.take('NOORDER')) return options;
  }
}

function alterSequence(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  return alterObject(context, 'SEQUENCE', (sequence) => {
    if (!tokens.is('SET', 'COMMENT') && !tokens.is('UNSET', 'COMMENT')) {
      throw notSupportedLocally(
        `ALTER SEQUENCE … ${tokens.peek().value}`,
        'only its comment can be changed',
        'Create it anew.',
      );
    }
    return { ...sequence, comment: readCommentChange(tokens) };
  });
}

const SHOWN: ShownColumns<Sequence> = {
  name: (sequence) => sequence.name,
  database_name: (sequence) => sequence.database,
  schema_name: (sequence) => sequence.schema,
  start_value: (sequence) => String(sequence.start),
  interval: (sequence) => String(sequence.increment),
  created_on: shownTime,
  owner: (sequence) => sequence.owner,
  comment: (sequence) => sequence.comment,
  owner_role_type: 'ROLE',
  ordered: 'N',
};

function showSequences(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'SEQUENCES');
  const sequences = shown(context, 'SEQUENCE').filter((sequence) => !sequence.hidden);
  return shownResult(SHOWN, sequences);
}

function describeSequence({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.next();
  tokens.expect('SEQUENCE');
  const sequence = account.catalog.resolve('SEQUENCE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE'], sequence);
  return shownResult(SHOWN, [sequence], STATEMENT_TYPE.DESCRIBE);
}

export const sequenceStatements: Statement[] = [
  { leading: [['CREATE', 'SEQUENCE']], ddl: true, run: createSequence },
  { leading: [['DROP', 'SEQUENCE']], ddl: true, run: (context) => dropObject(context, 'SEQUENCE') },
  { leading: [['ALTER', 'SEQUENCE']], ddl: true, run: alterSequence },
  { leading: [['SHOW', 'SEQUENCES']], run: showSequences },
  { leading: [['DESCRIBE', 'SEQUENCE']], run: describeSequence },
];
