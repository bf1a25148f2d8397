import { qualify, schemaPath } from '../../../procedures/ground/names.js';
import { COUNTS } from '../../../procedures/records/counted.js';
import {
  describeLosses,
  droppedOnes,
  findLoss,
  type LostObject,
} from '../../../procedures/records/losses.js';
import { localTime } from '../../../report/text/local-time.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { readMarker } from '../../ground/marker.js';
import type { Resource } from '../resource.js';
import { descriptionIn, GIVEN_UP, type SqlDefinition } from './definition.js';
import { showOrNothing } from './sql-kind.js';

function refusal(losses: readonly LostObject[]): UserError | undefined {
  if (losses.length === 0) return undefined;
  const { message, next } = describeLosses(losses);
  return new UserError(message, { next });
}

function reading({ settings: { prefix, timeZone } }: Context) {
  const comment = (text: unknown) => {
    const { owner, fingerprint } = readMarker(prefix, text);
    return { ours: owner === 'managed', givenUp: fingerprint === GIVEN_UP };
  };
  return { comment, time: (at: unknown) => localTime(at as string | Date, timeZone) };
}

/** Tables of records that are gone and were there: dropped (SHOW TABLES HISTORY has them for their retention), renamed, or counted once. */
export async function refuseLostTables(
  ctx: Context,
  gone: readonly Resource<SqlDefinition>[],
): Promise<UserError | undefined> {
  const { settings } = ctx;
  const records = gone.filter((each) => each.records);
  if (records.length === 0) return undefined;
  const shown = await showOrNothing(ctx, `SHOW TABLES HISTORY IN SCHEMA ${schemaPath(settings)}`);
  const counted = await showOrNothing(
    ctx,
    `SELECT TABLE_NAME, SUM(ROW_COUNT) AS N, MAX(COUNTED_AT) AS AT FROM ${qualify(settings, COUNTS)} GROUP BY TABLE_NAME`,
  );
  const { comment, time } = reading(ctx);
  const losses = records.map(({ name, formerly = [], definition }) => {
    const description = descriptionIn(definition.create).replaceAll("''", "'");
    const qualified = (of: string) => qualify(settings, of);
    return findLoss({ name, formerly, description }, shown, counted, qualified, comment, time);
  });
  return refusal(losses.filter((loss) => loss !== undefined));
}

/** A schema or database that was dropped, or in whose place another was made: all tables are in the former one. */
export async function refuseLostContainer(
  ctx: Context,
  noun: 'SCHEMA' | 'DATABASE',
): Promise<UserError | undefined> {
  const { database, schema } = ctx.settings.snowflake;
  const { comment, time } = reading(ctx);
  const look = async (of: 'SCHEMA' | 'DATABASE', name: string, path: string, within: string) => {
    const found = await showOrNothing(ctx, `SHOW ${of}S HISTORY LIKE '${name}'${within}`);
    const shown = found.filter((row) => row.name === name);
    const [last] = droppedOnes(shown, [name]);
    const taken = shown.some((row) => !row.dropped_on);
    if (!last) return undefined;
    if (comment(last.comment).givenUp || (taken && of === noun)) return [];
    const what = `The ${of.toLowerCase()} ${name} was dropped at ${time(last.dropped_on)}, with all tables in it.`;
    const aside = taken ? `ALTER ${of} ${path} RENAME TO ${path}_NEW; ` : '';
    return [{ name: noun === 'SCHEMA' ? schema : database, what, mend: `${aside}UNDROP ${of} ${path};` }];
  };
  const within = ` IN DATABASE ${database}`;
  const own = noun === 'SCHEMA' ? await look('SCHEMA', schema, schemaPath(ctx.settings), within) : undefined;
  return refusal(own ?? (await look('DATABASE', database, database, '')) ?? []);
}
