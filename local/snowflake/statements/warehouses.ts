import { identifier } from '../catalog/catalog.js';
import type { Warehouse } from '../catalog/objects.js';
import { invalidProperty, notSupportedLocally, SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import { altered, dropObject, keepExisting, readNamed } from './named-object.js';
import { createHead, type OptionValue, readOptions } from './options.js';
import { renameWarehouse } from './rename.js';
import { type ShownColumns, shown, shownResult, shownTime } from './show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
  textResult,
} from './statement.js';

const SIZES: Record<string, string> = {
  XSMALL: 'X-Small',
  'X-SMALL': 'X-Small',
  SMALL: 'Small',
  MEDIUM: 'Medium',
  LARGE: 'Large',
  XLARGE: 'X-Large',
  'X-LARGE': 'X-Large',
  XXLARGE: '2X-Large',
  X2LARGE: '2X-Large',
  '2X-LARGE': '2X-Large',
  XXXLARGE: '3X-Large',
  X3LARGE: '3X-Large',
  '3X-LARGE': '3X-Large',
  X4LARGE: '4X-Large',
  '4X-LARGE': '4X-Large',
};

/** Options that say how much to compute with: accepted, kept where SHOW shows them; one process computes for all. */
const SIZING = [
  'MAX_CLUSTER_COUNT',
  'MIN_CLUSTER_COUNT',
  'SCALING_POLICY',
  'ENABLE_QUERY_ACCELERATION',
  'QUERY_ACCELERATION_MAX_SCALE_FACTOR',
  'WAREHOUSE_TYPE',
  'MAX_CONCURRENCY_LEVEL',
  'GENERATION',
];

function apply(warehouse: Warehouse, options: Record<string, OptionValue>): Warehouse {
  const changed = { ...warehouse };
  for (const [key, value] of Object.entries(options)) {
    if (key === 'WAREHOUSE_SIZE') changed.size = sizeOf(String(value));
    else if (key === 'AUTO_SUSPEND') changed.autoSuspend = value === 'NULL' ? null : Number(value);
    else if (key === 'AUTO_RESUME') changed.autoResume = value === true;
    else if (key === 'COMMENT') changed.comment = String(value);
    else if (key === 'INITIALLY_SUSPENDED') changed.state = value === true ? 'SUSPENDED' : 'STARTED';
    else if (
      key === 'STATEMENT_TIMEOUT_IN_SECONDS' ||
      key === 'STATEMENT_QUEUED_TIMEOUT_IN_SECONDS' ||
      key === 'RESOURCE_MONITOR'
    )
      throw notSupportedLocally(
        `warehouse option ${key}`,
        'it is not enforced here',
        'Set STATEMENT_TIMEOUT_IN_SECONDS in the session.',
      );
    else if (!SIZING.includes(key)) throw invalidProperty(key, 'WAREHOUSE');
  }
  return changed;
}

function sizeOf(given: string): string {
  const size = SIZES[given.toUpperCase()];
  if (!size)
    throw new SnowflakeError(
      '001008',
      '22023',
      `SQL compilation error:\ninvalid value [${given}] for parameter 'WAREHOUSE_SIZE'`,
    );
  return size;
}

async function createWarehouse(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'WAREHOUSE');
  tokens.take('WITH');
  const options = readOptions(tokens);
  tokens.expectEnd();
  const name = head.name[0]!;
  const existing = account.catalog.find('WAREHOUSE', [name], session);
  if (!existing || head.orReplace) account.access.requireCreate(session, 'WAREHOUSE');
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
  const fresh: Warehouse = {
    kind: 'WAREHOUSE',
    id: account.catalog.nextId(),
    name,
    owner: session.role,
    comment: '',
    createdOn: account.clock.now(),
    size: 'X-Small',
    autoSuspend: 600,
    autoResume: true,
    state: 'STARTED',
  };
  const keep =
    existing && head.orAlter
      ? { id: existing.id, owner: existing.owner, createdOn: existing.createdOn, state: existing.state }
      : {};
  const warehouse = apply({ ...fresh, ...keep }, options);
  await account.catalog.change(session.connection, (tx) => {
    if (existing && head.orReplace) tx.remove(existing);
    tx.put(warehouse);
  });
  session.warehouse = name;
  return status(`Warehouse ${identifier(name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

async function alterWarehouse(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'WAREHOUSE');
  const current = tokens.is('SUSPEND') || tokens.is('RESUME') || tokens.is('SET');
  const warehouse = current
    ? account.catalog.resolve('WAREHOUSE', [session.warehouse ?? ''], session)
    : readNamed(context, 'WAREHOUSE').object;
  if (!warehouse) return altered();
  let changed = warehouse;
  if (tokens.take('SUSPEND') || tokens.is('RESUME')) {
    account.access.requireAny(session, ['OPERATE'], warehouse);
    const resume = tokens.take('RESUME');
    tokens.take('IF', 'SUSPENDED');
    const state = resume ? 'STARTED' : 'SUSPENDED';
    if (warehouse.state === state)
      throw new SnowflakeError(
        '090064',
        '22000',
        `Invalid state. Warehouse '${identifier(warehouse.name)}' cannot be ${resume ? 'resumed' : 'suspended'}.`,
      );
    changed = { ...warehouse, state };
  } else if (tokens.take('ABORT', 'ALL', 'QUERIES')) {
    throw notSupportedLocally('ALTER WAREHOUSE … ABORT ALL QUERIES', 'queries are cancelled one by one');
  } else if (tokens.take('RENAME', 'TO')) {
    account.access.requireOwnership(session, warehouse);
    const name = tokens.identifier();
    tokens.expectEnd();
    account.catalog.requireFree('WAREHOUSE', [name]);
    await account.catalog.change(session.connection, (tx) => renameWarehouse(context, tx, warehouse, name));
    return altered();
  } else {
    account.access.requireAny(session, ['MODIFY'], warehouse);
    if (tokens.take('UNSET')) changed = { ...warehouse, ...unset(tokens.identifier()) };
    else {
      tokens.expect('SET');
      changed = apply(warehouse, readOptions(tokens));
    }
  }
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(changed));
  return altered();
}

function unset(key: string): Partial<Warehouse> {
  if (key === 'COMMENT') return { comment: '' };
  if (key === 'AUTO_SUSPEND') return { autoSuspend: 600 };
  throw notSupportedLocally(`ALTER WAREHOUSE … UNSET ${key}`, 'only COMMENT and AUTO_SUSPEND can be unset');
}

const shownColumns = (session: Session): ShownColumns<Warehouse> => ({
  name: (warehouse) => warehouse.name,
  state: (warehouse) => warehouse.state,
  type: 'STANDARD',
  size: (warehouse) => warehouse.size,
  min_cluster_count: '1',
  max_cluster_count: '1',
  started_clusters: (warehouse) => (warehouse.state === 'STARTED' ? '1' : '0'),
  running: '0',
  queued: '0',
  is_default: 'N',
  is_current: (warehouse) => (session.warehouse === warehouse.name ? 'Y' : 'N'),
  is_interactive: 'N',
  auto_suspend: ({ autoSuspend }) => (autoSuspend === null ? null : String(autoSuspend)),
  auto_resume: (warehouse) => String(warehouse.autoResume),
  available: '100',
  provisioning: '0',
  quiescing: '0',
  other: '0',
  created_on: shownTime,
  resumed_on: shownTime,
  updated_on: shownTime,
  owner: (warehouse) => warehouse.owner,
  comment: (warehouse) => warehouse.comment,
  enable_query_acceleration: 'false',
  query_acceleration_max_scale_factor: '8',
  resource_monitor: 'null',
  scaling_policy: 'STANDARD',
  budget: null,
  owner_role_type: 'ROLE',
});

function showWarehouses(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'WAREHOUSES');
  return shownResult(shownColumns(context.session), shown(context, 'WAREHOUSE'));
}

function describeWarehouse({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.next();
  tokens.expect('WAREHOUSE');
  const warehouse = account.catalog.resolve('WAREHOUSE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'MONITOR', 'OPERATE', 'MODIFY'], warehouse);
  return textResult(
    ['created_on', 'name', 'kind'],
    [[shownTime(warehouse), warehouse.name, 'WAREHOUSE']],
    STATEMENT_TYPE.DESCRIBE,
  );
}

function dropWarehouse(context: StatementContext): Promise<StatementOutcome> {
  const { session } = context;
  return dropObject(context, 'WAREHOUSE', {
    after({ name }) {
      if (session.warehouse === name) session.warehouse = undefined;
    },
  });
}

export const warehouseStatements: Statement[] = [
  { leading: [['CREATE', 'WAREHOUSE']], ddl: true, run: createWarehouse },
  { leading: [['ALTER', 'WAREHOUSE']], ddl: true, run: alterWarehouse },
  { leading: [['DROP', 'WAREHOUSE']], ddl: true, run: dropWarehouse },
  { leading: [['SHOW', 'WAREHOUSES']], run: showWarehouses },
  { leading: [['DESCRIBE', 'WAREHOUSE']], run: describeWarehouse },
];
