import type { Contract } from '../../procedures/dataset/contract.js';
import { latestForecast, latestNotes } from '../beds/beds.js';
import { readCosts } from '../clients/control.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { estimateCosts } from '../costs/estimate.js';
import { type Exploration, explored } from '../eda/explore.js';
import { UserError } from '../errors.js';
import { dayOf, localTime } from '../ground/local-time.js';
import { type Overview, overview } from '../model/overview.js';
import { type RegistryEntry, versions } from '../model/registry.js';
import { health } from '../operate/health.js';
import { readViews } from '../watching/views.js';
import { dataPage } from './data.js';
import { modelPage } from './model.js';
import { operationsPage } from './operations.js';
import type { Page } from './page.js';
import { renderPages } from './render.js';
import { todayPage } from './today.js';

/**
 * The report as one page of HTML: today, data, model, operations. It reads what procedures and views say, and changes nothing but
 * that the exploration is in the run log.
 * @param exploration what has been explored already; left out: as the admissions are now
 * @throws UserError where it is not deployed
 */
export async function report(ctx: Context, contract: Contract, exploration?: Exploration): Promise<string> {
  try {
    return await written(ctx, contract, exploration);
  } catch (error) {
    if (!(error instanceof SnowflakeError && error.missingObject)) throw error;
    throw new UserError('Something that the report reads is not deployed here.', {
      next: 'Run los apply, which makes it.',
      cause: error,
    });
  }
}

async function written(ctx: Context, contract: Contract, exploration?: Exploration): Promise<string> {
  const { settings, target } = ctx;
  const zone = settings.timeZone;
  const now = new Date();
  const [nights, notes, doing, views, known, answers, costs] = await Promise.all([
    latestForecast(ctx, contract),
    latestNotes(ctx, contract),
    health(ctx, contract),
    readViews(ctx, contract.name),
    versions(ctx),
    exploration ?? explored(ctx, contract),
    target.control ? readCosts(target.control) : null,
  ]);
  const { champion, challenger } = await sides(ctx, contract, known);
  const pages: Page[] = [
    todayPage({ nights, notes, health: doing, champion, zone }),
    dataPage(answers),
    ...(champion === null ? [] : [modelPage(contract, champion, challenger, dayOf(now, zone))]),
    operationsPage({
      ...views,
      estimate: estimateCosts(settings),
      costs,
      instanceType: settings.training.instanceType,
      zone,
    }),
  ];
  return renderPages(
    `Length of stay: ${contract.name}`,
    `${settings.prefix}, ${localTime(now, zone)} (${zone})`,
    pages,
  );
}

/** A version's model card as the report's page of it. */
export function modelCardPage(contract: Contract, shown: Overview, written: string): string {
  const page = modelPage(contract, shown, null, written);
  return renderPages(`Model card: ${shown.entry.version}`, written, [page]);
}

/** The version that answers, and the newest one after it that was measured and does not. */
async function sides(
  ctx: Context,
  contract: Contract,
  known: readonly RegistryEntry[],
): Promise<{ champion: Overview | null; challenger: Overview | null }> {
  const own = known.filter(({ dataset }) => dataset === contract.name);
  const champion = own.find(({ status }) => status === 'CHAMPION');
  if (!champion) return { champion: null, challenger: null };
  const newer = own.find(({ status, number }) => status === 'TRAINED' && number > champion.number);
  return {
    champion: await overview(ctx, contract, champion.version),
    challenger: newer ? await overview(ctx, contract, newer.version) : null,
  };
}
