import { itemAt } from '../../udfs/require-value.js';
import { bars, columns } from '../charts/bars.js';
import { type Timeline, timeline } from '../charts/timeline.js';
import type { Table } from '../mail/events.js';
import type { Costs, Estimate } from '../results/costs.js';
import { localTime } from '../text/local-time.js';
import type { Runs, Views } from '../watching/views.js';
import { dropEmpty, makeSection, type Page, type Plot, type Section } from './page.js';
import { type Status, statusSections } from './status.js';

const DAY = 86_400_000;
/** Features whose drift is drawn, those that moved most; the table has all. */
const MOST_BARS = 15;

/** Cost of the operations page. */
export interface Money {
  readonly estimate: Estimate;
  /** Cost that the local AWS would have had; null with the real one. */
  readonly costs: Costs | null;
  /** Instance type of a training, and the list price of its hour in dollars, if there is one. */
  readonly instanceType: string;
  readonly instanceHour: number | undefined;
}

export interface Operations extends Status {
  readonly views: Views;
  readonly money: Money;
}

/** Page for operators: what to do, how predictions turn out, what has moved, what ran and what it costs. */
export function operationsPage(all: Operations): Page {
  return {
    id: 'operations',
    title: 'Operations',
    sections: dropEmpty([
      ...statusSections(all),
      makeSection('Prediction errors', () => errors(all)),
      makeSection('What happened', () => eventsSection(all)),
      makeSection('Drift of the inputs', () => driftSection(all)),
      makeSection('Runs', () => runsSection(all)),
      makeSection('Cost', () => cost(all)),
    ]),
  };
}

function errors({ views: { weeks, marks } }: Operations): Section {
  const title = 'Prediction errors';
  if (weeks.length === 0)
    return {
      title,
      sentences: ['No week of predictions has been monitored yet: CALL WATCH_PREDICTIONS().'],
    };
  const days = weeks.map(({ fromDay }) => fromDay);
  const last = itemAt(weeks, -1);
  const end = new Date(Date.parse(last.fromDay) + 6 * DAY).toISOString().slice(0, 10);
  const within = marks.filter(
    ({ day, kind }) => kind !== 'alarm ended' && day >= itemAt(days, 0) && day <= end,
  );
  const sheet: Timeline = {
    label: `Mean absolute error by week of admission: estimated ${last.estimated.toFixed(2)} days in the week from ${last.fromDay}; on the holdout it was ${last.promised?.toFixed(2) ?? 'not measured'}.`,
    unit: 'days',
    days,
    lines: [
      { name: 'estimated', values: weeks.map(({ estimated }) => estimated), dashed: true },
      { name: 'realised', values: weeks.map(({ realised }) => realised) },
      { name: 'promised by the holdout', values: weeks.map(({ promised }) => promised) },
    ],
    marks: within.map(({ kind, day }) => ({ name: kind, day })),
  };
  const plot: Plot = {
    title: 'Mean absolute error by week of admission',
    svg: timeline(sheet),
    wide: timeline({ ...sheet, width: 800, height: 280 }),
    table: {
      title: 'Errors by week of admission, days',
      columns: [
        'week from',
        'version',
        'admissions',
        'estimated',
        'realised',
        'promised',
        'score / expected',
      ],
      rows: weeks.map((week) => [
        week.fromDay,
        week.version,
        week.admissions,
        week.estimated,
        week.realised ?? '–',
        week.promised ?? '–',
        week.ratio ?? '–',
      ]),
    },
  };
  return {
    title,
    sentences: [
      'Estimated: from the curves, while patients are still in hospital. Realised: once nearly all patients of a week are discharged.',
    ],
    plots: [plot],
  };
}

function eventsSection({ views: { marks } }: Operations): Section {
  const tables: Table[] = [
    {
      title: 'Promotions and alarms, the latest first',
      columns: ['day', 'what', 'of', 'severity', 'in words'],
      rows: marks.map(({ day, kind, subject, severity, message }) => [day, kind, subject, severity, message]),
    },
  ];
  return marks.length > 0
    ? { title: 'What happened', tables }
    : {
        title: 'What happened',
        sentences: ['Promotions and alarms will stand here; there has been none yet.'],
      };
}

function driftSection({ views: { drift } }: Operations): Section {
  if (drift.length === 0)
    return {
      title: 'Drift of the inputs',
      sentences: ['Appears once WATCH_PREDICTIONS has compared a week of admissions with the training rows.'],
    };
  const { fromDay, toDay, version } = itemAt(drift, 0);
  const drawn = drift.slice(0, MOST_BARS);
  const flagged = drift.filter((one) => one.flagged).map(({ feature }) => feature);
  const title = `Shift of the inputs, week from ${fromDay}`;
  return {
    title: 'Drift of the inputs',
    sentences: [
      `Admissions from ${fromDay} to ${toDay} against the rows that ${version} was trained on. ${flagged.length > 0 ? `Shifted significantly: ${flagged.join(', ')}.` : 'No input has shifted significantly and far enough to report.'}`,
    ],
    plots: [
      {
        title,
        svg: bars({
          label: `${title}: most ${itemAt(drawn, 0).feature}, by ${(itemAt(drawn, 0).shift * 100).toFixed(1)} points`,
          names: drawn.map(({ feature, flagged: is }) => (is ? `! ${feature}` : feature)),
          series: [{ name: 'shift', values: drawn.map(({ shift }) => shift) }],
          format: 'percent',
        }),
        table: {
          title,
          columns: ['feature', 'test', 'admissions', 'shift, points', 'PSI', 'findable, points', 'moved'],
          rows: drift.map((one) => [
            one.feature,
            one.test,
            one.admissions,
            one.shift * 100,
            one.psi ?? '–',
            one.findable === null ? '–' : one.findable * 100,
            one.flagged ? 'yes' : '',
          ]),
        },
      },
    ],
  };
}

function runsSection({ views: { runs }, zone }: Operations): Section {
  const kinds = [...new Set(runs.map(({ kind }) => kind))].sort();
  const sum = (of: readonly Runs[], value: (one: Runs) => number) =>
    of.reduce((all, one) => all + value(one), 0);
  const scored = runs.filter(({ kind }) => kind === 'scoring');
  const title = 'Admissions scored a day';
  return {
    title: 'Runs',
    plots:
      scored.length < 2
        ? []
        : [
            {
              title,
              svg: columns({
                label: `${title}: ${itemAt(scored, -1).rows} on ${itemAt(scored, -1).day}`,
                names: scored.map(({ day }) => day.slice(5)),
                series: [{ name: 'admissions', values: scored.map(({ rows }) => rows) }],
                unit: 'admissions',
              }),
              table: {
                title,
                columns: ['day', 'admissions'],
                rows: scored.map(({ day, rows }) => [day, rows]),
              },
            },
          ],
    tables:
      kinds.length === 0
        ? []
        : [
            {
              title: `Runs since ${itemAt(runs, 0).day}`,
              columns: ['kind', 'runs', 'failed', 'killed', 'rows', 'seconds a run', `last (${zone})`],
              rows: kinds.map((kind) => {
                const own = runs.filter((one) => one.kind === kind);
                const count = sum(own, (one) => one.runs);
                const last = itemAt(own, -1).lastAt;
                return [
                  kind,
                  count,
                  sum(own, ({ failed }) => failed),
                  sum(own, ({ unended }) => unended),
                  sum(own, ({ rows }) => rows),
                  sum(own, ({ seconds }) => seconds) / count,
                  last === null ? '–' : localTime(last, zone),
                ];
              }),
            },
          ],
  };
}

function cost({ views, money, zone }: Operations): Section {
  const { trainings } = views;
  const { estimate, costs, instanceType, instanceHour } = money;
  const dollars = (amount: number | null | undefined) =>
    amount == null ? '–' : `$${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)}`;
  const tables: Table[] = [
    {
      title: 'A month at list prices',
      columns: ['what', 'at least', 'dollars', 'at most', 'assumes'],
      rows: estimate.monthly.map(({ what, leastUsd, typicalUsd, usd, assumes }) => [
        what,
        dollars(leastUsd),
        dollars(typicalUsd),
        dollars(usd),
        assumes,
      ]),
    },
    ...(trainings.length === 0
      ? []
      : [
          {
            title: `Trainings (billed: seconds of ${instanceType})`,
            columns: ['version', 'status', `opened (${zone})`, 'minutes', 'billed seconds', 'dollars'],
            rows: trainings.map((one) => [
              one.version ?? '–',
              one.status.toLowerCase(),
              localTime(one.openedAt, zone),
              one.seconds / 60,
              one.billedSeconds,
              dollars(instanceHour === undefined ? null : (one.billedSeconds / 3600) * instanceHour),
            ]),
          },
        ]),
    ...(costs === null
      ? []
      : [
          {
            title: `The same use of AWS would have cost ${dollars(costs.total)} (${costs.prices.region}, list prices of ${costs.prices.date})`,
            columns: ['what', 'quantity', 'unit', 'dollars'],
            rows: costs.lines.map((line) => [line.what, line.quantity, line.unit, dollars(line.cost)]),
          },
        ]),
  ];
  return {
    title: 'Cost',
    sentences: [
      `${dollars(estimate.leastUsd)} to ${dollars(estimate.usd)} a month, ${dollars(estimate.typicalUsd)} in the middle. ${estimate.delay} ${estimate.source}.`,
    ],
    tables,
  };
}
