import {
  describeLosses,
  findLostContainer,
  findLostSource,
  findLostTables,
  type LostObject,
} from '../../../procedures/records/losses.js';
import { localTime } from '../../../report/text/local-time.js';
import { drive } from '../../clients/drive.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { readMarker } from '../../ground/marker.js';
import type { Resource } from '../resource.js';
import { descriptionIn, GIVEN_UP, type SqlDefinition } from './definition.js';

const readingOf = ({ settings: { prefix, timeZone } }: Context) => ({
  comment(text: unknown) {
    const { owner, fingerprint } = readMarker(prefix, text);
    return { ours: owner === 'managed', givenUp: fingerprint === GIVEN_UP };
  },
  time: (at: unknown) => localTime(at as string | Date, timeZone),
});

function refusal(losses: readonly LostObject[]): UserError | undefined {
  const { message, next } = describeLosses(losses);
  return losses.length === 0 ? undefined : new UserError(message, { next });
}

/** Why tables of records that were there, or the hospital's, are not made again. */
export async function refuseLostTables(ctx: Context, gone: readonly Resource<SqlDefinition>[]) {
  for (const { name, definition } of gone) {
    const { sourceOf } = definition;
    const lost = sourceOf && (await drive(ctx, findLostSource(ctx.settings, name, sourceOf)));
    if (lost) return new UserError(lost.message, { next: lost.next });
  }
  const tables = gone
    .filter(({ records }) => records)
    .map(({ name, formerly = [], definition }) => {
      return { name, formerly, description: descriptionIn(definition.create).replaceAll("''", "'") };
    });
  return refusal(await drive(ctx, findLostTables(ctx.settings, tables, readingOf(ctx))));
}

/** Why a schema or database that was there is not made again. */
export async function refuseLostContainer(ctx: Context, noun: 'SCHEMA' | 'DATABASE') {
  return refusal(await drive(ctx, findLostContainer(ctx.settings, noun, readingOf(ctx))));
}
