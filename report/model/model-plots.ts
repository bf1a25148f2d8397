import type { Selection } from '../../procedures/fitting/selection.js';
import type { Measure } from '../../procedures/judging/measures.js';
import {
  DECILE,
  isOfThePrediction,
  LONG_DECILE,
  LONG_STAY_LEVEL,
} from '../../procedures/judging/measures.js';
import { itemAt } from '../../udfs/require-value.js';
import { bars, columns } from '../charts/bars.js';
import { calibration } from '../charts/calibration.js';
import type { Table } from '../mail/events.js';
import type { Plot } from '../pages/page.js';
import { learningPlot } from './learning-plot.js';
import { type Overview, tablesOf } from './overview.js';
import { selectionTable } from './selection.js';

/** Levels of a group that are drawn, the largest; the table has all. */
const MOST_BARS = 24;

/** The section of what is measured by group. */
export const GROUPS = 'Performance by group';

/** By the heading of the card under which they stand. */
export function plotsOf(
  champion: Overview,
  challenger: Overview | null,
): Readonly<Record<string, readonly Plot[]>> {
  const own = champion.measures.filter(({ predictor }) => predictor === 'model');
  const names = [...new Set(own.map(({ groupedBy }) => groupedBy))].filter(
    (name) => !isOfThePrediction(name),
  );
  const all = own.find(({ groupedBy }) => groupedBy === 'all');
  const tables = new Map(tablesOf(champion).map((table) => [table.title, table]));
  const of = (name: string) => own.filter(({ groupedBy }) => groupedBy === name);
  const table = (name: string) => tables.get(`By ${name}`);
  const deciles = of(DECILE);
  return {
    Performance: sidesPlots(champion, challenger),
    Model: [...learningPlot(champion.record.lineage), ...importance(champion)],
    Calibration: [
      ...decilePlots(deciles, table(DECILE)),
      ...pitPlot(champion.record.metrics.pit),
      ...longStayPlot(of(LONG_DECILE), table(LONG_DECILE)),
      ...levelPlot(of(LONG_STAY_LEVEL), table(LONG_STAY_LEVEL)),
    ],
    [GROUPS]: names.flatMap((name) => groupPlots(name, of(name), all, table(name))),
  };
}

/** Champion, challenger and what needs no model, on the same rows: those of the challenger where there is one. */
function sidesPlots(champion: Overview, challenger: Overview | null): Plot[] {
  const measured = challenger ?? champion;
  const sides = measured.measures.filter(({ groupedBy }) => groupedBy === 'all');
  const nameOf = ({ predictor }: Measure) => {
    if (predictor === 'model') return measured.entry.version;
    return /^(mean|median)$/.test(predictor) ? `predicting the ${predictor}` : predictor;
  };
  const ranked = [...sides].sort((a, b) => a.mae - b.mae);
  if (ranked.length === 0) return [];
  const title = challenger
    ? `${challenger.entry.version} beside ${champion.entry.version}: errors in days, on stays that neither saw`
    : 'Errors in days, on holdout stays';
  return [
    {
      title,
      svg: bars({
        label: `${title}: ${ranked.map((side) => `${nameOf(side)} MAE ${side.mae.toFixed(2)}`).join(', ')}`,
        names: ranked.map(nameOf),
        series: [
          { name: 'MAE', values: ranked.map(({ mae }) => mae) },
          { name: 'RMSE', values: ranked.map(({ rmse }) => rmse) },
        ],
      }),
      table: {
        title,
        columns: ['who', 'stays', 'MAE', 'RMSE', 'CRPS'],
        rows: ranked.map((side) => [nameOf(side), side.rows, side.mae, side.rmse, side.crps ?? '–']),
      },
    },
  ];
}

function importance({ record }: Overview): Plot[] {
  const { selection } = record.lineage as { selection?: Selection | null };
  if (!selection) return [];
  const table = selectionTable(selection);
  const top = table.rows.slice(0, MOST_BARS);
  return [
    {
      title: table.title,
      svg: bars({
        label: `${table.title}: most of all ${top[0]?.[0]}, ${top[0]?.[1]}`,
        names: top.map(([name]) => String(name)),
        series: [{ name: 'share', values: top.map(([, share]) => Number.parseFloat(String(share)) / 100) }],
        format: 'percent',
      }),
      table,
    },
  ];
}

function decilePlots(deciles: readonly Measure[], table: Table | undefined): Plot[] {
  if (deciles.length === 0 || !table) return [];
  const points = deciles.map((m) => ({
    predicted: m.bedDaysPredicted / m.admissions,
    actual: m.bedDaysActual / m.admissions,
  }));
  const covered = deciles.map(({ coverage }) => coverage);
  return [
    {
      title: 'Mean stay by tenth of the prediction',
      svg: calibration({
        label: `Mean stay over mean prediction, by tenth of the prediction: from ${itemAt(points, 0).actual.toFixed(1)} days where ${itemAt(points, 0).predicted.toFixed(1)} were predicted to ${itemAt(points, -1).actual.toFixed(1)} where ${itemAt(points, -1).predicted.toFixed(1)} were.`,
        unit: 'days',
        points,
      }),
      table,
    },
    {
      title: 'Stays inside their 80 % interval, by tenth of the prediction',
      svg: columns({
        label: `Stays inside their 80 % interval, by tenth of the prediction: ${range(covered)}`,
        names: deciles.map(({ level }) => String(Number(level))),
        series: [{ name: 'inside', values: covered }],
        format: 'percent',
        unit: 'share of stays',
        reference: { name: '80 %', value: 0.8 },
      }),
      table,
    },
  ];
}

function pitPlot(pit: readonly number[] | undefined): Plot[] {
  if (pit === undefined) return [];
  const title = 'Stays in each tenth of their curve (PIT)';
  return [
    {
      title,
      svg: columns({
        label: `${title}: ${range(pit)}, 10 % where curves are right`,
        names: pit.map((_, i) => String(i + 1)),
        series: [{ name: 'stays', values: pit }],
        format: 'percent',
        unit: 'share of stays',
        reference: { name: '10 %', value: 1 / pit.length },
      }),
      table: {
        title,
        columns: ['tenth', 'share of stays, %'],
        rows: pit.map((share, i) => [i + 1, Math.round(share * 1000) / 10]),
      },
    },
  ];
}

function longStayPlot(deciles: readonly Measure[], table: Table | undefined): Plot[] {
  if (deciles.length === 0 || !table) return [];
  const points = deciles.map(({ longStays, longStaysPredicted }) => ({
    predicted: longStaysPredicted ?? 0,
    actual: longStays,
  }));
  return [
    {
      title: 'Long stays by tenth of their probability',
      svg: calibration({
        label: `Share of long stays over their mean probability, by tenth of it: ${range(points.map(({ actual }) => actual))}`,
        unit: 'share of long stays',
        format: 'percent',
        points,
      }),
      table,
    },
  ];
}

function levelPlot(levels: readonly Measure[], table: Table | undefined): Plot[] {
  if (levels.length === 0 || !table) return [];
  const came = levels.map(({ longStays }) => longStays);
  return [
    {
      title: 'Long stays by level',
      svg: columns({
        label: `Share of long stays by level: ${range(came)}`,
        names: levels.map(({ level }) => level),
        series: [
          { name: 'long stays', values: came },
          { name: 'predicted', values: levels.map(({ longStaysPredicted }) => longStaysPredicted) },
        ],
        format: 'percent',
        unit: 'share of stays',
      }),
      table,
    },
  ];
}

function groupPlots(
  name: string,
  levels: readonly Measure[],
  all: Measure | undefined,
  table: Table | undefined,
): Plot[] {
  if (levels.length < 2 || !table) return [];
  const drawn = levels.slice(0, MOST_BARS);
  const title = `Mean absolute error by ${name}, days`;
  const worst = itemAt(
    [...drawn].sort((a, b) => b.mae - a.mae),
    0,
  );
  return [
    {
      title,
      svg: bars({
        label: `${title}: most in ${worst.level}, ${worst.mae.toFixed(2)}`,
        names: drawn.map(({ level }) => level),
        series: [{ name: 'MAE', values: drawn.map(({ mae }) => mae) }],
        ...(all ? { reference: { name: `all: ${all.mae.toFixed(2)}`, value: all.mae } } : {}),
      }),
      table,
    },
  ];
}

function range(shares: readonly (number | null)[]): string {
  const known = shares.filter((share) => share !== null).map((share) => share * 100);
  return `from ${Math.min(...known).toFixed(1)} to ${Math.max(...known).toFixed(1)} %`;
}
