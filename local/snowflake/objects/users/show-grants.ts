import { GRANTABLE, RELATIONS } from '../../access/privileges.js';
import { identifier } from '../../catalog/catalog.js';
import type { CatalogObject, FutureGrant, Grant } from '../../catalog/objects.js';
import { showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import type { Row } from '../../types/data-type.js';
import { readTypes } from './grants.js';

const GRANTS = [
  'created_on',
  'privilege',
  'granted_on',
  'name',
  'granted_to',
  'grantee_name',
  'grant_option',
  'granted_by',
  'granted_by_role_type',
];
const OF_ROLE = ['created_on', 'role', 'granted_to', 'grantee_name', 'granted_by'];
const TO_USER = ['created_on', 'role', 'granted_to', 'grantee_name', 'granted_by'];
const FUTURE = ['created_on', 'privilege', 'grant_on', 'name', 'grant_to', 'grantee_name', 'grant_option'];

/** SHOW GRANTS [ON object | TO ROLE r | TO USER u | OF ROLE r] */
function showGrants(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.expect('SHOW', 'GRANTS');
  if (tokens.take('ON')) return grantsOn(context);
  if (tokens.take('OF', 'ROLE')) {
    const role = account.catalog.resolve('ROLE', [tokens.identifier()], session);
    tokens.expectEnd();
    const rows = account.catalog
      .grantsOn(role.id)
      .filter((grant) => grant.privilege === 'USAGE')
      .map((grant) => [showTime(grant), role.name, grant.to.kind, grant.to.name, grant.by]);
    return textResult(OF_ROLE, rows, STATEMENT_TYPE.SHOW);
  }
  let kind: 'USER' | 'ROLE' = 'USER';
  let name = session.user;
  if (tokens.take('TO')) {
    kind = tokens.take('USER') ? 'USER' : 'ROLE';
    if (kind === 'ROLE') tokens.expect('ROLE');
    name = tokens.identifier();
    account.catalog.resolve(kind, [name], session);
  }
  tokens.expectEnd();
  if (kind === 'USER') {
    const rows = account.catalog.grantsTo({ kind, name }).flatMap((grant) => {
      const role = account.catalog.get(grant.on.id);
      return role ? [[showTime(grant), role.name, 'USER', name, grant.by]] : [];
    });
    return textResult(TO_USER, rows, STATEMENT_TYPE.SHOW);
  }
  const owned = account.catalog
    .all()
    .filter((object) => object.owner === name && !(object.kind === 'SEQUENCE' && object.hidden));
  const rows = [
    ...account.catalog.grantsTo({ kind, name }).map((grant) => grantRow(context, grant)),
    ...owned.map((object) => ownershipRow(context, object)),
  ];
  return textResult(GRANTS, rows, STATEMENT_TYPE.SHOW);
}

function grantsOn(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  const named = tokens.peek(1).value === '.';
  if (!named && tokens.take('ACCOUNT')) {
    tokens.expectEnd();
    return textResult(
      GRANTS,
      account.catalog.grantsOn(0).map((grant) => grantRow(context, grant)),
      STATEMENT_TYPE.SHOW,
    );
  }
  // Without a kind it is a table or a view, whatever its name (dbt asks so before it grants).
  const bare = named || tokens.peek(1).value === ';' || tokens.peek(1).kind === 'end';
  const found = bare ? RELATIONS : GRANTABLE.find(({ singular }) => tokens.take(...singular));
  if (!found) throw tokens.tokenError();
  const name = tokens.name();
  const view = found.kind === 'TABLE' ? account.catalog.find('VIEW', name, session) : undefined;
  const object =
    view ??
    (found.kind === 'FUNCTION' || found.kind === 'PROCEDURE'
      ? account.catalog.resolveRoutine(found.kind, name, readTypes(tokens), session)
      : account.catalog.resolve(found.kind, name, session));
  tokens.expectEnd();
  const grants = account.catalog.grantsOn(object.id).map((grant) => grantRow(context, grant));
  const rows = object.owner === '' ? grants : [ownershipRow(context, object), ...grants];
  return textResult(GRANTS, rows, STATEMENT_TYPE.SHOW);
}

function grantRow({ account }: StatementContext, grant: Grant): Row {
  const object = account.catalog.get(grant.on.id);
  const name = object ? fullName(account.catalog.nameOf(object), object) : account.name;
  return [
    showTime(grant),
    grant.privilege,
    grantKind(grant.on.kind),
    name,
    grant.to.kind,
    grant.to.name,
    String(grant.grantOption),
    grant.by,
    'ROLE',
  ];
}

function ownershipRow({ account }: StatementContext, object: CatalogObject): Row {
  const name = fullName(account.catalog.nameOf(object), object);
  return [
    showTime(object),
    'OWNERSHIP',
    grantKind(object.kind),
    name,
    'ROLE',
    object.owner,
    'true',
    object.owner,
    'ROLE',
  ];
}

function grantKind(kind: string): string {
  return kind.replace(' ', '_');
}

/** A routine's name carries its argument types. */
function fullName(name: string, object: CatalogObject): string {
  if (object.kind !== 'FUNCTION' && object.kind !== 'PROCEDURE') return name;
  const types = object.arguments.map(
    ({ name: each, type }) => `${each} ${type.kind === 'TEXT' ? 'VARCHAR' : type.kind}`,
  );
  return `${object.database}.${object.schema}."${object.name}(${types.join(', ')})"`;
}

function showFutureGrants({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.expect('SHOW', 'FUTURE', 'GRANTS');
  const future = account.catalog
    .grants()
    .filter((grant): grant is FutureGrant => grant.kind === 'FUTURE GRANT');
  let shown: FutureGrant[];
  if (tokens.take('TO', 'ROLE')) {
    const role = account.catalog.resolve('ROLE', [tokens.identifier()], session);
    shown = future.filter((grant) => grant.to.kind === 'ROLE' && grant.to.name === role.name);
  } else {
    tokens.expect('IN');
    const kind = tokens.take('DATABASE') ? 'DATABASE' : 'SCHEMA';
    if (kind === 'SCHEMA') tokens.expect('SCHEMA');
    const container = account.catalog.resolve(kind, tokens.name(), session);
    shown = future.filter((grant) => grant.in.id === container.id);
  }
  tokens.expectEnd();
  const rows = shown.map((grant) => {
    const container = account.catalog.get(grant.in.id)!;
    const name = `${account.catalog.nameOf(container)}.<${identifier(grantKind(grant.objects))}>`;
    return [
      showTime(grant),
      grant.privilege,
      grantKind(grant.objects),
      name,
      grant.to.kind,
      grant.to.name,
      String(grant.grantOption),
    ];
  });
  return textResult(FUTURE, rows, STATEMENT_TYPE.SHOW);
}

export const showGrantStatements: Statement[] = [
  { leading: [['SHOW', 'GRANTS']], run: showGrants },
  { leading: [['SHOW', 'FUTURE', 'GRANTS']], run: showFutureGrants },
];
