import type { Contract } from '../../procedures/dataset/contract.js';
import { latestForecast, latestNotes } from '../../report/beds/nights.js';
import type { Overview } from '../../report/model/overview.js';
import { reportPages } from '../../report/pages/report.js';
import { readViews } from '../../report/watching/views.js';
import { readCosts } from '../clients/control.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { estimateCosts } from '../costs/estimate.js';
import { prices } from '../costs/prices.js';
import { type Exploration, exploreAdmissions } from '../eda/explore.js';
import { UserError } from '../errors.js';
import { awaitAll } from '../ground/await-all.js';
import { overview } from '../model/overview.js';
import { type RegistryEntry, versions } from '../model/registry.js';
import { health } from './health.js';

/**
 * The report as one page of HTML: today, data, model, operations. It reads what procedures and views say, and changes nothing but
 * that the exploration is in the run log.
 * @param exploration what has been explored already; left out: as the admissions are now
 * @throws UserError where it is not deployed
 */
export async function report(ctx: Context, contract: Contract, exploration?: Exploration): Promise<string> {
  try {
    return await writeReport(ctx, contract, exploration);
  } catch (error) {
    if (!(error instanceof SnowflakeError && error.missingObject)) throw error;
    throw new UserError('Something that the report reads is not deployed here.', {
      next: 'Run los apply, which makes it.',
      cause: error,
    });
  }
}

async function writeReport(ctx: Context, contract: Contract, exploration?: Exploration): Promise<string> {
  const { settings, target } = ctx;
  const { instanceType } = settings.training;
  const { known, costs, ...shown } = await awaitAll({
    nights: latestForecast(ctx, contract),
    notes: latestNotes(ctx, contract),
    health: health(ctx, contract),
    views: readViews(ctx, contract.name, settings.timeZone),
    exploration: exploration ?? exploreAdmissions(ctx, contract),
    known: versions(ctx),
    costs: target.control ? readCosts(target.control) : null,
  });
  return reportPages(contract, {
    ...shown,
    ...(await sides(ctx, contract, known)),
    money: {
      estimate: estimateCosts(settings),
      costs,
      instanceType,
      instanceHour: prices.instanceHour[instanceType],
    },
    deployment: settings.prefix,
    zone: settings.timeZone,
  });
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
