import { identifier } from '../catalog/catalog.js';
import type { Integration } from '../catalog/objects.js';
import { doesNotExist } from '../errors.js';
import { alterOutcome, dropOutcome, keepExisting } from '../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../kernel/options.js';
import { refuseTags } from '../kernel/refused.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
  textResult,
} from '../kernel/statement.js';
import { type Category, describeRows, newProperties, withProperties } from './definition.js';

const CATEGORIES: Category[] = ['API', 'STORAGE', 'NOTIFICATION'];

/** CREATE [OR REPLACE] {API | STORAGE | NOTIFICATION} INTEGRATION [IF NOT EXISTS] name … */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const category = CATEGORIES.find((each) => tokens.peek(1).value === each || tokens.peek(3).value === each)!;
  const head = createHead(tokens, category, 'INTEGRATION');
  const options = readOptions(tokens);
  tokens.expectEnd();
  const name = head.name[0]!;
  account.access.requireAccount(session, 'CREATE INTEGRATION');
  const existing = account.catalog.find('INTEGRATION', [name], session);
  const kept = existing && keepExisting(context, head, existing);
  if (kept) return kept;
  const integration: Integration = {
    kind: 'INTEGRATION',
    id: account.catalog.nextId(),
    name,
    owner: session.role,
    comment: String(options.COMMENT ?? ''),
    createdOn: account.clock.now(),
    category,
    enabled: options.ENABLED === true,
    properties: newProperties(account, category, options),
  };
  await account.catalog.change(session.connection, (tx) => {
    if (existing) tx.remove(existing);
    tx.put(integration);
  });
  return status(`Integration ${identifier(name)} successfully created.`);
}

/** `[API | STORAGE | NOTIFICATION] INTEGRATION [IF EXISTS] name` */
function requireIntegration(context: StatementContext): {
  name: string;
  integration: Integration | undefined;
} {
  const { account, session, tokens } = context;
  const category = CATEGORIES.find((each) => tokens.take(each));
  tokens.expect('INTEGRATION');
  const ifExists = tokens.take('IF', 'EXISTS');
  const name = tokens.identifier();
  const integration = account.catalog.find('INTEGRATION', [name], session);
  if (integration && (!category || integration.category === category)) return { name, integration };
  if (ifExists) return { name, integration: undefined };
  throw doesNotExist('Integration', identifier(name));
}

async function alter(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER');
  const { integration } = requireIntegration(context);
  if (!integration) return alterOutcome();
  account.access.requireOwnership(session, integration);
  refuseTags(tokens);
  const options: Record<string, OptionValue | undefined> = {};
  if (tokens.take('SET')) Object.assign(options, readOptions(tokens));
  else {
    tokens.expect('UNSET');
    do options[tokens.identifier()] = undefined;
    while (tokens.take(','));
  }
  tokens.expectEnd();
  const next: Integration = {
    ...integration,
    properties: withProperties(account, integration.category, integration.properties, options),
  };
  if ('ENABLED' in options) next.enabled = options.ENABLED === true;
  if ('COMMENT' in options) next.comment = String(options.COMMENT ?? '');
  await account.catalog.change(session.connection, (tx) => tx.put(next));
  return alterOutcome();
}

async function drop(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP');
  const { name, integration } = requireIntegration(context);
  tokens.expectEnd();
  if (!integration) return dropOutcome([name], false);
  account.access.requireOwnership(session, integration);
  await account.catalog.change(session.connection, (tx) => tx.remove(integration));
  return dropOutcome([name], true);
}

const TYPES: Record<Category, string> = {
  API: 'EXTERNAL_API',
  STORAGE: 'EXTERNAL_STAGE',
  NOTIFICATION: 'EMAIL',
};

const SHOWN: ShownColumns<Integration> = {
  name: (integration) => integration.name,
  type: (integration) => TYPES[integration.category],
  category: (integration) => integration.category,
  enabled: (integration) => String(integration.enabled),
  comment: (integration) => integration.comment,
  created_on: showTime,
};

function show(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const category = CATEGORIES.find((each) => tokens.take(each));
  tokens.expect('INTEGRATIONS');
  const integrations = listVisible(context, 'INTEGRATION');
  return showResult(
    SHOWN,
    integrations.filter((each) => !category || each.category === category),
  );
}

function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  const { integration } = requireIntegration(context);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'OWNERSHIP'], integration!);
  return textResult(
    ['property', 'property_type', 'property_value', 'property_default'],
    describeRows(integration!),
    STATEMENT_TYPE.DESCRIBE,
  );
}

const rowsOf = (...words: string[]) => [...CATEGORIES.map((category) => [...words, category, 'INTEGRATION'])];

/** The statements on API, storage and notification integrations. */
export const integrationStatements: Statement[] = [
  { leading: rowsOf('CREATE'), ddl: true, run: create },
  { leading: [['ALTER', 'INTEGRATION'], ...rowsOf('ALTER')], ddl: true, run: alter },
  { leading: [['DROP', 'INTEGRATION'], ...rowsOf('DROP')], ddl: true, run: drop },
  {
    leading: [['SHOW', 'INTEGRATIONS'], ...CATEGORIES.map((category) => ['SHOW', category, 'INTEGRATIONS'])],
    run: show,
  },
  { leading: [['DESCRIBE', 'INTEGRATION'], ...rowsOf('DESCRIBE')], run: describe },
];
