import { identifier } from '../catalog/catalog.js';
import type { Routine } from '../catalog/objects.js';
import { existsError } from '../errors.js';
import { isParameterChange, readChanges } from '../events/alter-parameters.js';
import { changeParameters, isObjectParameter } from '../events/parameters.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
  textResult,
} from '../kernel/statement.js';
import { typeName } from '../types/type-name.js';
import { call } from './call.js';
import { checkExternal, createRoutine } from './create.js';
import { readArgumentTypes, readExternalOption, readRights, withExternalOption } from './definition.js';

/** The routine that `KIND [IF EXISTS] name(types)` means; undefined only with IF EXISTS. */
function requireRoutine(context: StatementContext): {
  kind: Routine['kind'];
  routine: Routine | undefined;
  shown: string;
} {
  const { account, session, tokens } = context;
  const kind = tokens.take('FUNCTION') ? 'FUNCTION' : 'PROCEDURE';
  if (kind === 'PROCEDURE') tokens.expect('PROCEDURE');
  const ifExists = tokens.take('IF', 'EXISTS');
  const parts = tokens.name();
  const types = readArgumentTypes(tokens);
  const name = identifier(parts[parts.length - 1]!);
  const found = account.catalog
    .findRoutines(kind, parts, session)
    .find((each) => each.arguments.map((a) => a.type.kind).join() === types.map((t) => t.kind).join());
  const routine =
    found ?? (ifExists ? undefined : account.catalog.resolveRoutine(kind, parts, types, session));
  return { kind, routine, shown: name };
}

async function drop(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP');
  const { routine, shown } = requireRoutine(context);
  tokens.expectEnd();
  if (!routine) return status(`Drop statement executed successfully (${shown} already dropped).`);
  account.access.requireOwnership(session, routine);
  await account.catalog.change(session.connection, (tx) => tx.remove(routine));
  return status(`${shown} successfully dropped.`);
}

async function alter(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER');
  const { kind, routine } = requireRoutine(context);
  if (isParameterChange(tokens, kind)) return alterParameters(context, routine);
  if (!routine) return status('Statement executed successfully.');
  account.access.requireOwnership(session, routine);
  const schema = { database: routine.database, name: routine.schema };
  let next: Routine = { ...routine };
  const property = (key: string, set: boolean): void => {
    if (key === 'COMMENT') {
      if (set) tokens.expect('=');
      next.comment = set ? tokens.string() : '';
    } else if (key === 'SECURE') next.secure = set;
    else {
      if (!next.external) throw tokens.tokenError();
      if (set) tokens.expect('=');
      next.external = withExternalOption(
        next.external,
        key,
        set ? readExternalOption(tokens, key) : undefined,
      );
    }
  };
  if (tokens.take('RENAME', 'TO')) {
    const parts = tokens.name();
    const [database, inSchema, name] = account.catalog.qualify(parts, session);
    if (account.catalog.findRoutines(kind, parts, session).length > 0) throw existsError(name);
    next = { ...next, database, schema: inSchema, name };
  } else if (tokens.take('EXECUTE', 'AS')) next.executeAs = readRights(tokens);
  else {
    const set = tokens.take('SET');
    if (!set) tokens.expect('UNSET');
    do {
      tokens.take(',');
      property(tokens.identifier(), set);
    } while (!tokens.done && !tokens.is(';'));
  }
  tokens.expectEnd();
  if (next.external) checkExternal(account, session, next.external, schema);
  await account.catalog.change(session.connection, (tx) => tx.put(next));
  return status('Statement executed successfully.');
}

/** ALTER FUNCTION | PROCEDURE … SET | UNSET LOG_LEVEL, TRACE_LEVEL: by who may set levels, see events/parameters.ts. */
async function alterParameters(
  { account, session, tokens }: StatementContext,
  routine: Routine | undefined,
): Promise<StatementOutcome> {
  const changes = readChanges(tokens, (key) => isObjectParameter('FUNCTION', key));
  if (routine) {
    const parameters = changeParameters(account, session, routine, changes);
    await account.catalog.change(session.connection, (tx) => tx.put({ ...routine, parameters }));
  }
  return status('Statement executed successfully.');
}

/** `F(FLOAT, VARCHAR) RETURN FLOAT`, as SHOW prints a signature. */
export function showSignature(routine: Routine): string {
  const shortType = (type: Routine['returns']) => typeName(type).replace(/\(.*/, '');
  const types = routine.arguments.map((a) =>
    a.default === undefined ? shortType(a.type) : `DEFAULT ${shortType(a.type)}`,
  );
  return `${identifier(routine.name)}(${types.join(', ')}) RETURN ${routine.returnsTable ? 'TABLE ()' : shortType(routine.returns)}`;
}

const yes = (value: boolean) => (value ? 'Y' : 'N');

const PROCEDURES: ShownColumns<Routine> = {
  created_on: showTime,
  name: (routine) => routine.name,
  schema_name: (routine) => routine.schema,
  is_builtin: 'N',
  is_aggregate: 'N',
  is_ansi: 'N',
  min_num_arguments: (routine) => String(routine.arguments.filter((a) => a.default === undefined).length),
  max_num_arguments: (routine) => String(routine.arguments.length),
  arguments: showSignature,
  description: (routine) => routine.comment || `user-defined ${routine.kind.toLowerCase()}`,
  catalog_name: (routine) => routine.database,
  is_table_function: (routine) => yes(routine.returnsTable !== undefined),
  valid_for_clustering: 'N',
  is_secure: (routine) => yes(routine.secure),
  secrets: '',
  external_access_integrations: '',
};

const FUNCTIONS: ShownColumns<Routine> = {
  ...PROCEDURES,
  is_external_function: (routine) => yes(routine.language === 'EXTERNAL'),
  language: (routine) => routine.language,
  is_memoizable: 'N',
  is_data_metric: 'N',
};

function show(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  tokens.take('USER');
  const external = tokens.take('EXTERNAL');
  const kind = tokens.take('FUNCTIONS') ? 'FUNCTION' : 'PROCEDURE';
  if (kind === 'PROCEDURE') tokens.expect('PROCEDURES');
  const routines = listVisible(context, kind).filter((each) => !external || each.language === 'EXTERNAL');
  return showResult(kind === 'FUNCTION' ? FUNCTIONS : PROCEDURES, routines);
}

function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  const routine = requireRoutine(context).routine!;
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'OWNERSHIP'], routine);
  const list = routine.arguments.map((a) => `${identifier(a.name)} ${typeName(a.type)}`).join(', ');
  const rows: (string | null)[][] = [
    ['signature', `(${list})`],
    [
      'returns',
      routine.returnsTable
        ? `TABLE (${routine.returnsTable.map((c) => `${c.name} ${typeName(c.type)}`).join(', ')})`
        : typeName(routine.returns),
    ],
    ['language', routine.language],
  ];
  if (routine.language !== 'SQL')
    rows.push(
      ['null handling', routine.strict ? 'RETURNS NULL ON NULL INPUT' : 'CALLED ON NULL INPUT'],
      ['volatility', routine.volatility],
    );
  if (routine.kind === 'PROCEDURE') rows.push(['execute as', routine.executeAs]);
  if (routine.external) {
    const e = routine.external;
    rows.push(
      ['headers', JSON.stringify(e.headers)],
      ['context_headers', JSON.stringify(e.contextHeaders)],
      ['max_batch_rows', e.maxBatchRows === undefined ? 'not set' : String(e.maxBatchRows)],
      // Whether an account shows these two and the integration no page says; Terraform's provider does not read them.
      ['request_translator', e.requestTranslator?.map(identifier).join('.') ?? null],
      ['response_translator', e.responseTranslator?.map(identifier).join('.') ?? null],
      ['compression', e.compression],
      ['api_integration', e.integration],
    );
  }
  rows.push([
    'body',
    routine.secure && !account.access.holds(session, routine, 'OWNERSHIP') ? null : routine.body,
  ]);
  return textResult(['property', 'value'], rows, STATEMENT_TYPE.DESCRIBE);
}

/** The statements on functions and procedures. */
export const routineStatements: Statement[] = [
  {
    leading: [
      ['CREATE', 'FUNCTION'],
      ['CREATE', 'EXTERNAL', 'FUNCTION'],
      ['CREATE', 'PROCEDURE'],
    ],
    ddl: true,
    run: createRoutine,
  },
  {
    leading: [
      ['ALTER', 'FUNCTION'],
      ['ALTER', 'PROCEDURE'],
    ],
    ddl: true,
    run: alter,
  },
  {
    leading: [
      ['DROP', 'FUNCTION'],
      ['DROP', 'PROCEDURE'],
    ],
    ddl: true,
    run: drop,
  },
  {
    leading: [
      ['SHOW', 'FUNCTIONS'],
      ['SHOW', 'USER', 'FUNCTIONS'],
      ['SHOW', 'EXTERNAL', 'FUNCTIONS'],
      ['SHOW', 'PROCEDURES'],
      ['SHOW', 'USER', 'PROCEDURES'],
    ],
    run: show,
  },
  {
    leading: [
      ['DESCRIBE', 'FUNCTION'],
      ['DESCRIBE', 'PROCEDURE'],
    ],
    run: describe,
  },
  { leading: [['CALL']], compound: true, run: call },
];
