import type { Health } from '../../deploy/operate/health.js';
import { itemAt } from '../../udfs/require-value.js';
import { fanOf } from '../beds/fan.js';
import type { Night } from '../beds/nights.js';
import { capacitySentences, dayOf, groupByUnit, pickTightest, unitTable } from '../beds/tables.js';
import { fan } from '../charts/fan.js';
import type { Overview } from '../model/overview.js';
import { absenceSentence } from '../part.js';
import { localTime } from '../text/local-time.js';
import { dropEmpty, makeSection, type Page, type Plot, type Section } from './page.js';

export interface Today {
  readonly nights: readonly Night[];
  /** What the forecast says of the data that it was made from. */
  readonly notes: readonly string[];
  readonly health: Health;
  /** The version that answers; null: none does. */
  readonly champion: Overview | null;
  readonly zone: string;
}

/** Departments and wards that have a chart of their own; where there are more, a table has all of them. */
const MOST_CHARTS = 40;

/** Beds of the nights to come, what is wrong, which version answers, and what is to be done. */
export function todayPage(facts: Today): Page {
  return {
    id: 'today',
    title: 'Today',
    sections: dropEmpty([
      makeSection('What to do', () => whatToDo(facts)),
      makeSection('Beds over the next nights', () => bedsSection(facts)),
      makeSection('Alarms', () => alarmsSection(facts)),
      makeSection('Scoring', () => scoringSection(facts)),
    ]),
  };
}

function whatToDo(facts: Today): Section {
  const steps = [
    ...stepsOf('The forecast of beds', () => [...capacitySentences(facts.nights), ...facts.notes]),
    ...stepsOf('How scoring does', () => [
      ...facts.health.problems.map(
        (problem) => `${problem} los doctor finds what is broken and how to mend it.`,
      ),
      ...facts.health.alarms.map(
        ({ message, lookAt }) => `${message} docs/runbook/${lookAt}.md says what to do.`,
      ),
      ...(facts.health.watched === null ? [NOT_WATCHED] : []),
    ]),
    ...stepsOf('The version that answers', () =>
      facts.champion === null ? ['No version answers predict_los yet: los train --promote trains one.'] : [],
    ),
  ];
  return {
    title: 'What to do',
    ...(steps.length > 0
      ? { steps }
      : { sentences: ['Forecast, monitoring and scoring report no problem.'] }),
  };
}

/** What is to be done about something, that it cannot be shown being the first. */
function stepsOf(what: string, make: () => string[]): string[] {
  try {
    return make();
  } catch (error) {
    return [`${absenceSentence(what, error)} los doctor finds what is broken and how to mend it.`];
  }
}

function bedsSection({ nights }: Today): Section {
  const [whole, ...parts] = groupByUnit(nights);
  const shown = pickTightest(parts, MOST_CHARTS);
  return {
    title: 'Beds over the next nights',
    sentences: whole
      ? [
          `${fanOf(whole).label} The band covers 8 of 10 nights; the line is the expected number.`,
          ...(shown.length < parts.length
            ? [
                `Of ${parts.length.toLocaleString('en-US')} departments and wards the ${shown.length} most likely to exceed their beds, or else the largest, have a chart; the tables have all.`,
              ]
            : []),
        ]
      : ['There is no forecast of beds: CALL FORECAST_BEDS() makes one, if the dataset has dates.'],
    plots: whole ? [bedsPlot(whole, true), ...shown.map((unit) => bedsPlot(unit, false))] : [],
    ...(shown.length < parts.length
      ? {
          tables: (['department', 'ward'] as const)
            .map((level) => unitTable(nights, level))
            .filter(({ rows }) => rows.length > 0),
        }
      : {}),
  };
}

function alarmsSection({ health, zone }: Today): Section {
  return {
    title: 'Alarms',
    ...(health.alarms.length === 0
      ? { sentences: [monitoringSentence(health, zone)] }
      : {
          tables: [
            {
              title: 'Open alarms',
              columns: ['severity', 'since', 'what'],
              rows: health.alarms.map(({ severity, since, message }) => [severity, since, message]),
            },
          ],
        }),
  };
}

function scoringSection({ health, champion, zone }: Today): Section {
  return {
    title: 'Scoring',
    figures: [
      ...(champion === null ? [] : championFigures(champion, zone)),
      { label: 'Admissions waiting for a prediction', value: health.waiting.admissions },
      { label: 'Admissions in quarantine', value: health.quarantined },
    ],
  };
}

const NOT_WATCHED =
  'Monitoring has not run yet: CALL WATCH_PREDICTIONS() checks inputs, predictions and the pipeline.';

function championFigures({ entry, record: { metrics } }: Overview, zone: string) {
  return [
    { label: 'Champion', value: entry.version },
    {
      label: `Promoted (${zone})`,
      value: entry.promotedAt === null ? '–' : localTime(entry.promotedAt, zone),
    },
    { label: 'Mean absolute error on holdout stays, days', value: metrics.mae.toFixed(2) },
    { label: 'Of predicting the mean, days', value: metrics.meanMae.toFixed(2) },
  ];
}

function monitoringSentence({ watched }: Health, zone: string): string {
  return watched === null
    ? NOT_WATCHED
    : `No alarm is open. Monitored up to ${watched.day}, at ${localTime(watched.at, zone)} (${zone}).`;
}

function bedsPlot(unit: readonly Night[], wide: boolean): Plot {
  const sheet = fanOf(unit);
  const title = sheet.title ?? '';
  const capacity = unit.some(({ capacity: beds }) => beds !== null);
  return {
    title: `${title}: ${itemAt(unit, 0).takenNow.toLocaleString('en-US')} occupied now`,
    svg: fan({ ...sheet, title: 'beds', legend: wide }),
    ...(wide ? { wide: fan({ ...sheet, title: 'beds', width: 800, height: 270 }) } : {}),
    table: {
      title: `${title}: beds occupied`,
      columns: [
        'night of',
        'expected',
        '8 of 10 from',
        'to',
        'at least (90 %)',
        'admissions',
        'discharges',
        ...(capacity ? ['over capacity, %'] : []),
      ],
      rows: unit.map((night) => [
        dayOf(night.night),
        ...[night.mean, night.p10, night.p90, night.atLeast90, night.admissions, night.discharges].map(
          tenths,
        ),
        ...(capacity ? [night.overCapacity === null ? '–' : tenths(night.overCapacity * 100)] : []),
      ]),
    },
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
