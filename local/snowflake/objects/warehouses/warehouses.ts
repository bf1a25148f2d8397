import type { Account } from '../../account.js';
import { identifier } from '../../catalog/catalog.js';
import { generationOf } from '../../catalog/generation.js';
import type { Warehouse } from '../../catalog/objects.js';
import { invalidProperty, localRefusal, SnowflakeError } from '../../errors.js';
import { alterOutcome, dropObject, keepExisting, readNamed } from '../../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../../kernel/options.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
  textResult,
} from '../../kernel/statement.js';
import { meterOf } from '../../metering/meter.js';
import type { Session } from '../../sessions/session.js';
import { renameWarehouse } from '../containers/rename.js';
import { isStarted } from './warehouse-use.js';

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

/** Options that say how much to compute with, and for how long; one process computes for all, so most are checked and kept for SHOW. */
const SIZING: Record<string, { preset: string | number | boolean; values: (value: OptionValue) => boolean }> =
  {
    MIN_CLUSTER_COUNT: { preset: 1, values: (value) => isBetween(value, 1, 300) },
    MAX_CLUSTER_COUNT: { preset: 1, values: (value) => isBetween(value, 1, 300) },
    SCALING_POLICY: { preset: 'STANDARD', values: (value) => ['STANDARD', 'ECONOMY'].includes(word(value)) },
    GENERATION: { preset: '2', values: (value) => ['1', '2'].includes(String(value)) },
    // On in new accounts: docs, release-notes/bcr-bundles, BCR-2269.
    ENABLE_QUERY_ACCELERATION: { preset: true, values: (value) => typeof value === 'boolean' },
    STATEMENT_TIMEOUT_IN_SECONDS: { preset: 172_800, values: (value) => isBetween(value, 0, 604_800) },
    QUERY_ACCELERATION_MAX_SCALE_FACTOR: { preset: 8, values: (value) => isBetween(value, 0, 100) },
    WAREHOUSE_TYPE: {
      preset: 'STANDARD',
      values: (value) => ['STANDARD', 'SNOWPARK-OPTIMIZED'].includes(word(value)),
    },
  };

/** Options that would change what statements do, and do not here. */
const NOT_BUILT: Record<string, string> = {
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: 'statements do not queue here',
  MAX_CONCURRENCY_LEVEL: 'statements do not queue here',
  RESOURCE_MONITOR: 'credits are counted here, and not limited',
  RESOURCE_CONSTRAINT: 'the machine is what it is',
};

const word = (value: OptionValue): string => String(value).toUpperCase();

function isBetween(value: OptionValue, low: number, high: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

function badValue(key: string, value: OptionValue): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value '${value}' for property '${key}'`,
  );
}

function apply(warehouse: Warehouse, options: Record<string, OptionValue>): Warehouse {
  const changed = { ...warehouse };
  for (const [key, value] of Object.entries(options)) {
    const flag = () => {
      if (typeof value !== 'boolean') throw badValue(key, value);
      return value;
    };
    if (key === 'WAREHOUSE_SIZE') changed.size = sizeOf(String(value));
    else if (key === 'AUTO_SUSPEND') {
      if (value !== 'NULL' && !isBetween(value, 0, Number.MAX_SAFE_INTEGER)) throw badValue(key, value);
      changed.autoSuspend = value === 'NULL' ? null : Number(value);
    } else if (key === 'AUTO_RESUME') changed.autoResume = flag();
    else if (key === 'COMMENT') changed.comment = String(value);
    else if (key === 'INITIALLY_SUSPENDED') changed.state = flag() ? 'SUSPENDED' : 'STARTED';
    else if (NOT_BUILT[key]) throw localRefusal(`warehouse option ${key}`, NOT_BUILT[key]);
    else {
      const option = SIZING[key];
      if (!option) throw invalidProperty(key, 'WAREHOUSE');
      if (!option.values(value)) throw badValue(key, value);
      changed.sizing = { ...changed.sizing, [key]: typeof value === 'string' ? word(value) : Number(value) };
      if (typeof value === 'boolean') changed.sizing[key] = value;
    }
  }
  if (sizing(changed, 'MIN_CLUSTER_COUNT') > sizing(changed, 'MAX_CLUSTER_COUNT'))
    throw badValue('MIN_CLUSTER_COUNT', sizing(changed, 'MIN_CLUSTER_COUNT'));
  return changed;
}

function sizing(warehouse: Warehouse, key: string): string | number | boolean {
  return warehouse.sizing?.[key] ?? SIZING[key]!.preset;
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
  if (!warehouse) return alterOutcome();
  let changed = warehouse;
  if (tokens.take('SUSPEND') || tokens.is('RESUME')) {
    account.access.requireAny(session, ['OPERATE'], warehouse);
    const resume = tokens.take('RESUME');
    const unlessRunning = resume && tokens.take('IF', 'SUSPENDED');
    const state = resume ? 'STARTED' : 'SUSPENDED';
    if (unlessRunning && isStarted(account, warehouse)) {
      tokens.expectEnd();
      return alterOutcome();
    }
    if ((isStarted(account, warehouse) ? 'STARTED' : 'SUSPENDED') === state)
      throw new SnowflakeError(
        '090064',
        '22000',
        `Invalid state. Warehouse '${identifier(warehouse.name)}' cannot be ${resume ? 'resumed' : 'suspended'}.`,
      );
    if (!resume) meterOf(account).suspend(warehouse);
    changed = { ...warehouse, state, ...(resume && { resumedOn: account.clock.now() }) };
  } else if (tokens.take('ABORT', 'ALL', 'QUERIES')) {
    account.access.requireAny(session, ['OPERATE'], warehouse);
    tokens.expectEnd();
    for (const record of account.history.all())
      if (record.warehouse === warehouse.name && record.id !== context.queryId) record.cancel?.();
    return alterOutcome();
  } else if (tokens.take('RENAME', 'TO')) {
    account.access.requireOwnership(session, warehouse);
    const name = tokens.identifier();
    tokens.expectEnd();
    account.catalog.requireFree('WAREHOUSE', [name]);
    await account.catalog.change(session.connection, (tx) => renameWarehouse(context, tx, warehouse, name));
    return alterOutcome();
  } else {
    account.access.requireAny(session, ['MODIFY'], warehouse);
    if (tokens.take('UNSET')) {
      do changed = unset(changed, tokens.identifier());
      while (tokens.take(','));
    } else {
      tokens.expect('SET');
      const { WAIT_FOR_COMPLETION, ...options } = readOptions(tokens);
      // Another size is there at once, so that waiting for it takes no time.
      if (WAIT_FOR_COMPLETION !== undefined && typeof WAIT_FOR_COMPLETION !== 'boolean')
        throw badValue('WAIT_FOR_COMPLETION', WAIT_FOR_COMPLETION);
      changed = apply(warehouse, options);
    }
  }
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(changed));
  return alterOutcome();
}

function unset(warehouse: Warehouse, key: string): Warehouse {
  if (key === 'COMMENT') return { ...warehouse, comment: '' };
  if (key === 'AUTO_SUSPEND') return { ...warehouse, autoSuspend: 600 };
  if (key === 'AUTO_RESUME') return { ...warehouse, autoResume: true };
  if (key === 'WAREHOUSE_SIZE') return { ...warehouse, size: 'X-Small' };
  if (NOT_BUILT[key]) return warehouse; // it never has a value here
  if (!SIZING[key]) throw invalidProperty(key, 'WAREHOUSE');
  const { [key]: _, ...rest } = warehouse.sizing ?? {};
  return { ...warehouse, sizing: rest };
}

const columnsToShow = (account: Account, session: Session): ShownColumns<Warehouse> => ({
  name: (warehouse) => warehouse.name,
  state: (warehouse) => (isStarted(account, warehouse) ? 'STARTED' : 'SUSPENDED'),
  type: (warehouse) => String(sizing(warehouse, 'WAREHOUSE_TYPE')),
  size: (warehouse) => warehouse.size,
  min_cluster_count: (warehouse) => String(sizing(warehouse, 'MIN_CLUSTER_COUNT')),
  max_cluster_count: (warehouse) => String(sizing(warehouse, 'MAX_CLUSTER_COUNT')),
  started_clusters: (warehouse) =>
    isStarted(account, warehouse) ? String(sizing(warehouse, 'MIN_CLUSTER_COUNT')) : '0',
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
  created_on: showTime,
  resumed_on: (warehouse) => showTime(warehouse.resumedOn ?? warehouse.createdOn),
  updated_on: showTime,
  owner: (warehouse) => warehouse.owner,
  comment: (warehouse) => warehouse.comment,
  enable_query_acceleration: (warehouse) => String(sizing(warehouse, 'ENABLE_QUERY_ACCELERATION')),
  query_acceleration_max_scale_factor: (warehouse) =>
    String(sizing(warehouse, 'QUERY_ACCELERATION_MAX_SCALE_FACTOR')),
  resource_monitor: 'null',
  scaling_policy: (warehouse) => String(sizing(warehouse, 'SCALING_POLICY')),
  budget: null,
  owner_role_type: 'ROLE',
  // docs: release-notes/bcr-bundles/2025_07/bcr-2110
  generation: generationOf,
});

function showWarehouses(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'WAREHOUSES');
  return showResult(columnsToShow(context.account, context.session), listVisible(context, 'WAREHOUSE'));
}

function describeWarehouse({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.next();
  tokens.expect('WAREHOUSE');
  const warehouse = account.catalog.resolve('WAREHOUSE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'MONITOR', 'OPERATE', 'MODIFY'], warehouse);
  return textResult(
    ['created_on', 'name', 'kind'],
    [[showTime(warehouse), warehouse.name, 'WAREHOUSE']],
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
