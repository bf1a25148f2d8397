import type { Contract } from '../../procedures/dataset/contract.js';
import type { Exploration } from '../../procedures/exploring/answer.js';
import type { Board } from '../beds/board.js';
import { huddlePage } from '../beds/huddle.js';
import type { Names } from '../beds/names.js';
import type { Night } from '../beds/nights.js';
import type { PatientLists } from '../beds/patients.js';
import type { Overview } from '../model/overview.js';
import type { Health } from '../results/operation.js';
import { dayOf, localTime } from '../text/local-time.js';
import type { MonthLine } from '../watching/dates.js';
import type { DelayLine } from '../watching/delays.js';
import type { Excess } from '../watching/excess.js';
import type { Views } from '../watching/views.js';
import { dataPage } from './data.js';
import { datesPage } from './dates.js';
import { delaysPage } from './delays.js';
import { excessPage } from './excess.js';
import { modelPage } from './model.js';
import { type Money, operationsPage } from './operations.js';
import { makePage, type Page } from './page.js';
import { renderPages } from './render.js';
import { todayPage } from './today.js';

/** Everything that the report shows. */
export interface ReportFacts {
  /** The board of the bed meeting; null: there is no forecast. */
  readonly board: Board | null;
  /** Lists of patients; null: they were not asked for. */
  readonly patients: PatientLists | null;
  readonly nights: readonly Night[];
  /** Notes of the forecast about its data. */
  readonly notes: readonly string[];
  readonly health: Health;
  readonly views: Views;
  /** Figures of people's dates of discharge beside the model's. */
  readonly dates: readonly MonthLine[];
  /** Nights after patients were fit to leave. */
  readonly delays: readonly DelayLine[];
  readonly exploration: Exploration;
  /** Observed and expected days; null: the contract names no units to compare. */
  readonly excess: readonly Excess[] | null;
  /** The version that answers, and the newest one after it that was measured and does not. */
  readonly champion: Overview | null;
  readonly challenger: Overview | null;
  readonly money: Money;
  /** Prefix of the deployment. */
  readonly deployment: string;
  /** IANA name of the zone that times are shown in. */
  readonly zone: string;
  readonly names: Names;
}

/** The report as one page of HTML: today, data, model, operations. */
export function reportPages(contract: Contract, facts: ReportFacts): string {
  const { zone } = facts;
  const now = new Date();
  const model = makePage('model', 'Model', () =>
    facts.champion === null
      ? { id: 'model', title: 'Model', sections: [] }
      : modelPage(facts.champion, facts.challenger, dayOf(now, zone)),
  );
  const dates = makePage('dates', 'Dates', () => datesPage(facts.dates, facts.names));
  const delays = makePage('delays', 'Delays', () => delaysPage(facts.delays, facts.names));
  const pages: Page[] = [
    todayPage(facts, dayOf(now, zone)),
    ...huddlePages(contract, facts),
    makePage('data', 'Data', () => dataPage(facts.exploration)),
    ...(contract.excess ? [makePage('excess', 'Excess days', () => excessPage(facts.excess ?? []))] : []),
    ...[dates, delays, model].filter(({ sections }) => sections.length > 0),
    operationsPage(facts),
  ];
  return renderPages(
    facts.names.name ?? `Length of stay: ${contract.name}`,
    `${facts.deployment}, ${localTime(now, zone)} (${zone})`,
    pages,
  );
}

/** None, unless patients were asked for and the contract names what teams write. */
function huddlePages({ ward }: Contract, facts: ReportFacts): Page[] {
  const level = ward === undefined ? 'department' : 'ward';
  // A part that cannot be read fails where it is used.
  const page = makePage('huddle', 'Huddle', () => {
    const huddle = facts.patients?.huddle;
    return huddle ? huddlePage(huddle, level, facts.names) : { id: 'huddle', title: 'Huddle', sections: [] };
  });
  return page.sections.length > 0 ? [page] : [];
}

/** A version's model card as the report's page of it. */
export function modelCardPage(shown: Overview, written: string): string {
  const page = modelPage(shown, null, written);
  return renderPages(`Model card: ${shown.entry.version}`, written, [page]);
}
