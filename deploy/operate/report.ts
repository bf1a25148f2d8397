import type { Contract } from '../../procedures/dataset/contract.js';
import { readBoard } from '../../report/beds/board.js';
import { latestForecast, latestNotes } from '../../report/beds/nights.js';
import { readPatients } from '../../report/beds/patients.js';
import { type ReportFacts, reportPages } from '../../report/pages/report.js';
import { absenceSentence, type Part, partOf, throwWhereUsed } from '../../report/part.js';
import type { Exploration } from '../../report/results/exploration.js';
import { readDateLines } from '../../report/watching/dates.js';
import { readDelays } from '../../report/watching/delays.js';
import { readExcess } from '../../report/watching/excess.js';
import { readViews, type Views } from '../../report/watching/views.js';
import { readCosts } from '../clients/control.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { estimateCosts } from '../costs/estimate.js';
import { prices } from '../costs/prices.js';
import { exploreAdmissions } from '../eda/explore.js';
import { UserError } from '../errors.js';
import { awaitAll } from '../ground/await-all.js';
import { explainRelease } from '../history/release.js';
import { overview } from '../model/overview.js';
import { type RegistryEntry, versions } from '../model/registry.js';
import { unlessBeyondRole } from './ask.js';
import { health } from './health.js';

/** Text in the place of predictions during a silent period. */
const SILENT = 'No prediction is shown: a silent period runs (tasks.silent).';

interface ReportOptions {
  readonly exploration?: Exploration;
  readonly patients?: boolean;
}

/**
 * The report as one page of HTML: today, data, model, operations. It reads what procedures and views say, and changes nothing but
 * that the exploration is in the run log.
 * @param options.exploration what has been explored already; left out: as the admissions are now
 * @param options.patients whether it lists patients, for a role that may read that
 * @throws UserError where it is not deployed
 */
export async function report(ctx: Context, contract: Contract, options: ReportOptions = {}): Promise<string> {
  try {
    return await writeReport(ctx, contract, options);
  } catch (error) {
    if (!(error instanceof SnowflakeError && error.missingObject)) throw error;
    throw new UserError('Something that the report reads is not deployed here.', {
      next: 'Run los apply, which makes it.',
      cause: error,
    });
  }
}

async function writeReport(ctx: Context, contract: Contract, options: ReportOptions): Promise<string> {
  const { settings, target } = ctx;
  const { instanceType } = settings.training;
  const silent = settings.tasks.silent !== null;
  const patients =
    options.patients && !silent ? await unlessBeyondRole(() => readPatients(ctx, contract)) : null;
  if (options.patients && patients === null && !silent)
    throw new UserError('LOS_EXPECTED_DISCHARGES, the list of patients, cannot be read.', {
      next: `Set SNOWFLAKE_ROLE=${settings.snowflake.roles.patients}, which owns the list, or leave --patients out. The list exists where the contract has dates.`,
    });
  const known = versions(ctx);
  const overviewOf = (choose: typeof championOf) =>
    partOf(
      known.then((all) => {
        const chosen = choose(all.filter(({ dataset }) => dataset === contract.name));
        return chosen ? overview(ctx, contract, chosen.version) : null;
      }),
    );
  const parts = await awaitAll({
    board: partOf(silent ? null : readBoard(ctx, contract)),
    patients: partOf(patients),
    nights: partOf(silent ? [] : latestForecast(ctx, contract)),
    notes: partOf(silent ? [SILENT] : latestNotes(ctx, contract)),
    health: partOf(health(ctx, contract)),
    dates: partOf(silent ? [] : readDateLines(ctx, contract)),
    delays: partOf(contract.readyForDischarge ? readDelays(ctx, contract.name) : []),
    exploration: partOf(options.exploration ?? exploreAdmissions(ctx, contract)),
    excess: partOf(contract.excess ? readExcess(ctx, contract.name) : null),
    champion: overviewOf(championOf),
    challenger: overviewOf(challengerOf),
  });
  const views = await readViews(ctx, contract.name, settings.timeZone);
  const failures = [...Object.values(parts), ...Object.values<Part<unknown>>(views)].flatMap((part) =>
    'failure' in part ? [part.failure] : [],
  );
  for (const failure of failures) {
    const explained = await explainRelease(ctx, failure);
    if (explained !== failure) throw explained;
  }
  // Where neither forecast nor registry nor admissions can be read, nothing is deployed.
  if ([parts.nights, parts.champion, parts.exploration].every((part) => 'failure' in part)) throw failures[0];
  for (const failure of failures) ctx.progress.warn(absenceSentence('A part of the report', failure));
  const money = {
    estimate: estimateCosts(settings),
    costs: target.control ? await readCosts(target.control) : null,
    instanceType,
    instanceHour: prices.instanceHour[instanceType],
  };
  const about = {
    views: throwWhereUsed<Views>(views),
    money,
    deployment: settings.prefix,
    zone: settings.timeZone,
    names: settings.hospital,
  };
  return reportPages(contract, Object.assign(throwWhereUsed<ReadFacts>(parts), about));
}

type ReadFacts = Omit<ReportFacts, 'views' | 'money' | 'deployment' | 'zone' | 'names'>;

/** The version that answers. */
const championOf = (own: readonly RegistryEntry[]) => own.find(({ status }) => status === 'CHAMPION');

/** The newest version after it that was measured and does not answer. */
function challengerOf(own: readonly RegistryEntry[]): RegistryEntry | undefined {
  const champion = championOf(own);
  return champion && own.find(({ status, number }) => status === 'TRAINED' && number > champion.number);
}
