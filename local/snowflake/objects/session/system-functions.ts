import { ddlOf } from '../../catalog/ddl.js';
import type { ObjectKind } from '../../catalog/objects.js';
import { cancelError, doesNotExist, localRefusal, SnowflakeError } from '../../errors.js';
import type { SystemFunction } from '../../feature.js';
import { TokenStream } from '../../language/lexer.js';
import { meterOf } from '../../metering/meter.js';
import { TEXT } from '../../types/data-type.js';
import { readTypes } from '../users/grants.js';

const UNITS: Record<string, number> = {
  MILLISECONDS: 1,
  SECONDS: 1000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
};

/** SYSTEM$WAIT(amount [, unit]): waits on the account's clock. */
const wait: SystemFunction = {
  name: 'SYSTEM$WAIT',
  arity: [1, 2],
  returns: TEXT(),
  run: async (b, [amount, unit = 'SECONDS']) => {
    const name = (unit ?? 'SECONDS').toUpperCase();
    const ms = UNITS[name];
    if (ms === undefined)
      throw new SnowflakeError('100078', '22000', `Invalid unit of time '${unit}' for SYSTEM$WAIT.`);
    meterOf(b.account).wait(b.session, Number(amount) * ms);
    await b.account.clock.sleep(Number(amount) * ms, b.signal);
    if (b.signal?.aborted) throw cancelError();
    return `waited ${amount} ${name.toLowerCase()}`;
  },
};

/** Object types as GET_DDL takes them, beside the kinds themselves. */
const DDL_KINDS: Record<string, ObjectKind> = {
  FILE_FORMAT: 'FILE FORMAT',
  EVENT_TABLE: 'TABLE',
  STORAGE_INTEGRATION: 'INTEGRATION',
  'STORAGE INTEGRATION': 'INTEGRATION',
};

/** Kinds that Snowflake gives the DDL of. */
const WITH_DDL: ObjectKind[] = [
  'DATABASE',
  'SCHEMA',
  'TABLE',
  'VIEW',
  'SEQUENCE',
  'FILE FORMAT',
  'FUNCTION',
  'PROCEDURE',
  'STREAM',
  'TASK',
  'WAREHOUSE',
  'INTEGRATION',
];

/** GET_DDL('TABLE', 'name' [, TRUE]) and the like; a routine's name carries its argument types. */
const getDdl: SystemFunction = {
  name: 'GET_DDL',
  arity: [2, 3],
  returns: TEXT(),
  run: (b, [type, name, qualified]) => {
    const upper = (type ?? '').toUpperCase();
    const kind = DDL_KINDS[upper] ?? (upper as ObjectKind);
    if (!WITH_DDL.includes(kind))
      throw localRefusal(`GET_DDL('${type}', …)`, `it is put together for ${WITH_DDL.join(', ')} only`);
    const { catalog, access } = b.account;
    const tokens = new TokenStream(name ?? '');
    const parts = tokens.name();
    const object =
      kind === 'FUNCTION' || kind === 'PROCEDURE'
        ? catalog.resolveRoutine(kind, parts, readTypes(tokens), b.session)
        : kind === 'TABLE' || kind === 'VIEW'
          ? catalog.resolveRelation(parts, b.session)
          : catalog.resolve(kind, parts, b.session);
    if (!access.visible(b.session, object)) throw doesNotExist('Object', name ?? '');
    return ddlOf(
      {
        catalog,
        qualified: ['true', '1'].includes(String(qualified).toLowerCase()),
        visible: (each) => access.visible(b.session, each),
      },
      object,
    );
  },
};

export const sessionFunctions: SystemFunction[] = [wait, getDdl];
