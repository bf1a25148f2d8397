import { printableSplit, type SplitResult } from '../../procedures/fitting/split.js';
import { percent } from '../../procedures/ground/percent.js';
import { LONG_DECILE, LONG_STAY_LEVEL, type Measure } from '../../procedures/judging/measures.js';
import type { RegistryEntry, VersionFigures, VersionRecord } from '../../procedures/versions/registry.js';
import type { BedQuality } from '../beds/quality.js';
import type { Figure, Table } from '../mail/events.js';
import { localTime } from '../text/local-time.js';
import { formatTable } from '../text/table.js';
import { metricFigures } from './metric-figures.js';

/** A version with everything that is known of it. */
export interface Overview {
  readonly entry: RegistryEntry;
  /** Without the model where the role may not read it. */
  readonly record: VersionFigures & Partial<Pick<VersionRecord, 'model'>>;
  readonly measures: readonly Measure[];
  /** All versions of the dataset, newest first. */
  readonly versions: readonly RegistryEntry[];
  /** Accuracy of bed forecasts since it answers, by nights ahead. */
  readonly beds: readonly BedQuality[];
  /** The version of XGBoost that made the model, if its file can be read and says so. */
  readonly xgboost?: string | undefined;
}

/**
 * Part of it that may be printed: not the model, whose encoder holds mean stays of rare levels, and not the shortest
 * stay.
 */
export type PrintableOverview = Omit<Overview, 'record'> & { readonly record: VersionFigures };

export function printableOverview({ record, ...rest }: Overview): PrintableOverview {
  const { model: _model, ...shown } = record;
  const { split, ...lineage } = record.lineage as { split?: SplitResult };
  return {
    ...rest,
    record: { ...shown, lineage: { ...lineage, ...(split ? { split: printableSplit(split) } : {}) } },
  };
}

/** The version's figures in words. */
export function figuresOf({ record }: PrintableOverview): Figure[] {
  return metricFigures(record.metrics);
}

/**
 * Its errors by group and by decile of the prediction, what became of each tenth of the long-stay probability, and how many
 * of the long stays were in each level.
 */
export function tablesOf({ measures }: PrintableOverview): Table[] {
  const own = measures.filter(({ predictor, groupedBy }) => predictor === 'model' && groupedBy !== 'all');
  const names = [...new Set(own.map(({ groupedBy }) => groupedBy))];
  return names.map((name) => {
    const lines = own.filter(({ groupedBy }) => groupedBy === name);
    if (name === LONG_STAY_LEVEL) return levelTable(lines);
    if (name === LONG_DECILE)
      return {
        title: `By ${name}`,
        columns: ['Tenth', 'Stays', 'Long stays predicted', 'Long stays'],
        rows: lines.map((m) => [m.level, m.rows, percent(m.longStaysPredicted), percent(m.longStays)]),
      };
    return {
      title: `By ${name}`,
      columns: [
        'Group',
        'Stays',
        'Mean stay',
        'Predicted',
        'RMSE',
        'MAE',
        'MAE of mean stay',
        'MAE of median',
        'CRPS',
        'Log score',
        'In 80 %',
        'In 95 %',
      ],
      rows: lines.map((m) => [
        m.level,
        m.rows,
        (m.bedDaysActual / m.admissions).toFixed(2),
        (m.bedDaysPredicted / m.admissions).toFixed(2),
        m.rmse.toFixed(2),
        m.mae.toFixed(2),
        percent(m.relativeMae),
        ...[m.maeOfMedian, m.crps, m.logScore].map((value) => value?.toFixed(2) ?? ''),
        percent(m.coverage),
        percent(m.coverage95),
      ]),
    };
  });
}

/** The levels beside what came: that of all long stays most are in 4 and 5, and of how few patients these are. */
function levelTable(lines: readonly Measure[]): Table {
  const all = total(lines, ({ admissions }) => admissions);
  const longStays = total(lines, (m) => m.admissions * m.longStays);
  return {
    title: `By ${LONG_STAY_LEVEL}`,
    columns: [
      'Level',
      'Stays',
      'Of all stays',
      'Mean stay',
      'Long stays predicted',
      'Long stays',
      'Of all long stays',
    ],
    rows: lines.map((m) => [
      m.level,
      m.rows,
      percent(m.admissions / all),
      (m.bedDaysActual / m.admissions).toFixed(2),
      percent(m.longStaysPredicted),
      percent(m.longStays),
      percent(longStays > 0 ? (m.admissions * m.longStays) / longStays : null),
    ]),
  };
}

function total(lines: readonly Measure[], of: (line: Measure) => number): number {
  return lines.reduce((sum, line) => sum + of(line), 0);
}

/** Versions as a terminal lists them. @param zone IANA name of the zone that times are shown in */
export function versionLines(entries: readonly RegistryEntry[], zone: string): string[] {
  return formatTable({
    title: '',
    columns: ['Version', 'Status', `Trained (${zone})`, 'Promoted', 'Endpoint'],
    rows: entries.map((e) => [
      e.version,
      e.proposedAt ? `${e.status}, proposed` : e.status,
      localTime(e.createdAt, zone),
      e.promotedAt ? localTime(e.promotedAt, zone) : '',
      e.endpoint ?? '',
    ]),
  }).slice(1);
}

/** Prints a version's accuracy. */
export function overviewLines(shown: PrintableOverview): string[] {
  const { entry, record } = shown;
  return [
    '',
    `${entry.version} (${entry.status}), on ${record.metrics.rows.toLocaleString('en-US')} holdout stays:`,
    ...formatTable({
      title: '',
      columns: ['', ''],
      rows: figuresOf(shown).map(({ label, value }) => [label, value]),
    }).slice(2),
    ...tablesOf(shown).flatMap((table) => ['', ...formatTable(table)]),
  ];
}
