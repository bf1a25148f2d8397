import Handlebars from 'handlebars';
import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { sourceName } from '../../procedures/dataset/raw.js';
import type { Gain } from '../../procedures/fitting/candidate-scores.js';
import type { Selection } from '../../procedures/fitting/selection.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import { percent } from '../../procedures/ground/percent.js';
import type { TrainingSettings } from '../../procedures/ground/plan.js';
import { isOfThePrediction } from '../../procedures/judging/measures.js';
import type { Refit } from '../../procedures/judging/metrics.js';
import type { Participants } from '../../procedures/judging/participants.js';
import type { StayMetrics } from '../../procedures/mornings/judging.js';
import type { Competition, LearningPoint, RefitRun } from '../../procedures/training/run.js';
import type { Model } from '../../udfs/model.js';
import { requireValue } from '../../udfs/require-value.js';
import { bedQualityTable } from '../beds/quality.js';
import type { Figure, Table } from '../mail/events.js';
import { template } from '../templates.js';
import { limits } from './card-limits.js';
import { groupComparison } from './group-comparison.js';
import { figuresOf, type Overview, tablesOf } from './overview.js';
import { describeSelection, selectionTable } from './selection.js';

/** Lineage of a version (procedures/training/states/enter.ts). */
interface Lineage {
  readonly contract: Contract;
  readonly featureOrder: readonly string[];
  readonly split: SplitResult;
  readonly participants: Participants;
  readonly settings: Pick<TrainingSettings, 'chooseBy' | 'equity'>;
  readonly selection: Selection | null;
  readonly candidates: readonly {
    readonly name: string;
    readonly rmse: number | null;
    readonly mae: number | null;
    readonly crps: number | null;
  }[];
  readonly learned: readonly LearningPoint[] | null;
  /** A model of hazards beside one of days; null where none took part. */
  readonly competition: Competition | null;
  readonly look: Gain | null;
  /** Left out by versions of 0.3.0 and before. */
  readonly refit?: RefitRun | null;
  readonly image: string;
  readonly fingerprint: string;
  readonly code: string;
}

/**
 * The model card of a version in Markdown (templates/model-card.md.hbs): aggregated figures only.
 * @param written the day on which it is, YYYY-MM-DD
 * @param tables whether those of tenths, groups and features are in it, or stand elsewhere
 */
export function modelCard(
  overview: Overview,
  written: string,
  tables: 'with tables' | 'without tables' = 'with tables',
): string {
  const { entry, record } = overview;
  const lineage = record.lineage as unknown as Lineage;
  const inside = tables === 'with tables';
  const values = {
    version: entry.version,
    status: entry.status.toLowerCase(),
    written,
    dataset: lineage.contract.name,
    ...dataSection(lineage),
    ...modelSection(overview, lineage, inside),
    ...performanceSection(overview, lineage, inside),
    limits: limits(overview),
    versions: overview.versions.map((version) => ({
      version: version.version,
      status: version.status.toLowerCase(),
      trained: version.createdAt.slice(0, 10),
      promoted: version.promotedAt?.slice(0, 10) ?? '',
    })),
    reasons: overview.versions.flatMap(({ version, promotedBy, promotionReason }) =>
      promotionReason ? [`${version} was promoted over a gate by ${promotedBy}: ${promotionReason}`] : [],
    ),
    lineage: lineageFigures(overview, lineage),
  };
  return `${handlebars
    .compile(template('model-card.md.hbs'), { noEscape: true })(values)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\|\n\n\|/g, '|\n|')
    .trim()}\n`;
}

/** Data, participants, outcome and predictors. */
function dataSection({ contract, featureOrder, participants, split, refit }: Lineage) {
  return {
    data: dataFigures(contract, split, participants),
    participants: participantRows(participants, refit?.serves === true),
    flow: [
      ...figure(
        `Unfinished stays, not used${split.unsettled ? ' to choose or judge' : ''}`,
        split.unfinished,
      ),
      ...figure(
        `Admissions left out${split.unsettled ? ' of choosing and judging' : ''}, because too many stays of their time had not ended`,
        split.immature,
      ),
    ],
    weighted: split.weighted,
    outcome: contract.los
      ? `the column ${contract.los}, in days`
      : `the days from ${contract.admission} to ${contract.discharge}`,
    after: columnsUnknownOnArrival(contract),
    features: featureOrder.map((name) => {
      const { type, default: given, sql, history } = requireValue(contract.features[name], `feature ${name}`);
      return {
        name,
        kind: `${type}${sql ? `, computed: \`${cell(sql)}\`` : ''}${history && contract.history ? `, ${HISTORY[history]} in ${contract.history.days} days before` : ''}`,
        missing: given === undefined ? 'stays missing' : `counts as \`${cell(String(given))}\``,
        share: shareOf(participants.missing[name], given !== undefined),
      };
    }),
  };
}

/** Section about the model and its rivals. */
function modelSection({ record, xgboost }: Overview, lineage: Lineage, inside: boolean) {
  const { candidate, ...parameters } = record.parameters;
  return {
    model: `SageMaker's built-in XGBoost (${lineage.image})${xgboost ? `, trained by XGBoost ${xgboost}` : ''}, candidate \`${candidate}\`, chosen among those below by the validation rows.`,
    selection: lineage.selection && { ...selectionOf(lineage.selection), inside },
    candidates: lineage.candidates.map((one) => ({ ...scores(one), name: one.name })),
    learned: (inside ? lineage.learned : null)?.map((point) => ({ ...scores(point), rows: point.rows })),
    competition: describeCompetition(lineage, candidate),
    refit: describeRefit(record.metrics.refit, lineage),
    decidedBy: lineage.settings.chooseBy.toUpperCase(),
    parameters: Object.entries(parameters).map(([label, value]) => ({ label: `\`${label}\``, value })),
  };
}

/** Describes the refit; undefined: the judged model serves. */
function describeRefit(refit: Refit | undefined, { refit: run }: Lineage): string | undefined {
  if (run?.lost !== undefined)
    return `It was to be fitted once more, to all ended stays, but that job was lost, so what was judged serves. ${run.lost}`;
  if (!run?.serves || !refit) return undefined;
  return `What serves is the chosen candidate, fitted once more, to the stays of every side. All figures of performance below are of the fit before, which had not seen the holdout (training job ${run.judge}); there are none of the one that serves, which has. On ${refit.rows} holdout stays it predicts ${percent(refit.bedDays)} of the bed-days that the one before predicted.`;
}

/** Section about the version's accuracy. */
function performanceSection(overview: Overview, lineage: Lineage, inside: boolean) {
  const { metrics, model } = overview.record;
  const figures = figuresOf(overview);
  const measured = inside ? tablesOf(overview).map(escapeCells) : [];
  return {
    rows: metrics.rows,
    calibrationRows: metrics.calibrationRows,
    made: model && intervalsOf(model),
    longStayDays: model ? model.longStay?.days : lineage.contract.longStayDays,
    levels: model?.longStay?.levels !== undefined,
    figures,
    calibration: figures.filter(({ label }) => CALIBRATION.test(label)),
    deciles: measured.filter(isOfPrediction),
    groups: measured.filter((table) => !isOfPrediction(table)),
    compared: describeComparison(overview, lineage),
    beds: bedQualityTable(overview.beds),
    stay: metrics.stay && stayFigures(metrics.stay),
    explained: model?.explained,
  };
}

/** Section about differences between groups; undefined: they were not measured for that. */
function describeComparison({ measures }: Overview, { contract, settings }: Lineage) {
  const compared = groupComparison(measures, contract, settings.equity);
  return (
    compared && { ...compared, table: escapeCells(compared.table), sentences: compared.sentences.map(cell) }
  );
}

/** Accuracy of the model of stays, by day of stay. */
function stayFigures({ mornings, stays, from, gain, confidence: [low, high], days }: StayMetrics) {
  const gained = `${gain.toFixed(3)} days of CRPS (95 % interval: ${low.toFixed(3)} to ${high.toFixed(3)})`;
  return {
    outcome:
      from === null
        ? `Over all days it gains ${gained}, which may be chance: the curve of the admission serves on all days.`
        : `From day ${from} of a stay on it serves: there it gains ${gained}.`,
    mornings,
    stays,
    days: days.map((one) => ({
      days: one.days,
      mornings: one.mornings,
      crps: one.crps.toFixed(3),
      admissionCrps: one.admissionCrps.toFixed(3),
      mae: one.mae.toFixed(3),
      admissionMae: one.admissionMae.toFixed(3),
      coverage: percent(one.coverage),
    })),
  };
}

/** Describes intervals and curves. */
function intervalsOf(model: Model) {
  return {
    bands: model.bands.length,
    onCurves: model.ends === 'curve',
    scale: model.scale,
    spread: model.spread && {
      what: model.spread.kind === 'quotient' ? 'stay divided by prediction' : 'stay minus prediction',
      bands: model.spread.around.length,
    },
    hazards: model.hazards && {
      periods: model.hazards.ends.length + 1,
      lastEnd: model.hazards.ends.at(-1),
      pace: model.paces?.all,
    },
  };
}

const CALIBRATION = /^(Bias|Bed-days|Calibration slope|Stays in each tenth|Inside|Long stays)/;
const isOfPrediction = ({ title }: Table) => isOfThePrediction(title.slice('By '.length));
const SIDES = {
  train: 'fitted to',
  validation: 'chooses, stops and calibrates',
  holdout: 'held out: every figure of performance',
  'left out': 'not used: earlier admissions of held-out patients',
  late: 'not used: too many that came then are still in',
  open: 'not used: still in at the cut-off',
} as const;

const REFITTED = {
  ...SIDES,
  validation: `${SIDES.validation}; then fitted to`,
  holdout: `${SIDES.holdout}; then fitted to`,
  'left out': 'earlier admissions of held-out patients: fitted to by what serves alone',
  late: 'too many that came then are still in: fitted to by what serves alone, if that predicts hazards',
  open: 'still in at the cut-off: what serves learned that they were, if it predicts hazards',
} as const;

const HISTORY = { admissions: 'earlier admissions', bedDays: 'days in hospital' } as const;

const handlebars = Handlebars.create();
handlebars.registerHelper('join', (items: unknown) => (Array.isArray(items) ? items.join(', ') : items));

function figure(label: string, value: unknown): Figure[] {
  return value === undefined || value === null ? [] : [{ label, value: String(value) }];
}

function dataFigures(contract: Contract, split: SplitResult, participants: Participants): Figure[] {
  const days = participants.sides.flatMap(({ from, to }) => (from && to ? [from, to] : [])).sort();
  return [
    ...figure(contract.origin ? 'Rows' : 'Table', `\`${sourceName(contract)}\`, one row per admission`),
    ...(days.length ? figure('Admitted', `${days[0]} to ${days.at(-1)}`) : []),
    ...figure('Split', split.rule),
    ...(contract.patient ? figure('Patients', 'none is on more than one side of the split') : []),
  ];
}

function participantRows({ sides }: Participants, refitted: boolean) {
  return sides.map(({ side, rows, admissions, mean, longStays, from, to, patients }) => ({
    side: refitted ? REFITTED[side] : SIDES[side],
    rows,
    admissions: Math.round(admissions),
    from: from ?? '',
    to: to ?? '',
    mean: side === 'open' ? '' : (mean?.toFixed(2) ?? 'too few patients'),
    longStays: percent(longStays),
    patients: patients ?? '',
  }));
}

/** A default has taken the place of missing values before the rows were counted. */
function shareOf(share: number | undefined, filled: boolean): string {
  if (share === undefined) return 'not recorded';
  return filled && share === 0 ? 'filled' : percent(share);
}

function selectionOf(selection: Selection): Table & { outcome: string } {
  const outcome = describeSelection(selection);
  return {
    ...escapeCells(selectionTable(selection)),
    outcome: `${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}.`,
  };
}

function lineageFigures({ entry, record }: Overview, lineage: Lineage): Figure[] {
  return [
    { label: 'Trained', value: entry.createdAt },
    ...(entry.promotedAt ? [{ label: 'Last promoted', value: entry.promotedAt }] : []),
    { label: 'Training job', value: record.trainingJob },
    { label: 'Artifact', value: record.artifact },
    { label: 'Fingerprint of the training data', value: lineage.fingerprint },
    { label: 'Fingerprint of the code', value: lineage.code },
    ...(entry.endpoint ? [{ label: 'Endpoint', value: entry.endpoint }] : []),
    ...(entry.requestTranslator ? [{ label: 'Request translator', value: entry.requestTranslator }] : []),
  ];
}

function escapeCells(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map((value) => cell(String(value)))) };
}

/** A bar would end the table's cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** In days; empty where a candidate diverged. */
function scores(of: Readonly<Record<'crps' | 'rmse' | 'mae', number | null>>) {
  const text = (value: number | null) => value?.toFixed(3) ?? '';
  return { crps: text(of.crps), rmse: text(of.rmse), mae: text(of.mae) };
}

/**
 * Describes the competition of both kinds of models, for the card; undefined where it did not take part.
 * @param chosen name of the candidate that was chosen
 */
function describeCompetition({ competition, look }: Lineage, chosen: unknown): string | undefined {
  if (competition) {
    const { hazard, days, by, gain } = competition;
    return `On the same validation rows ${hazard}, which is asked once for each period of a stay, has ${gainText(gain, by)} than ${days}, which is asked once. It was ${chosen === hazard ? 'chosen' : 'not chosen'}.`;
  }
  if (look)
    return `In a pilot on a sample, hazard models have ${gainText(look, 'crps')} than models of days. That was not enough to train them on all rows.`;
  return undefined;
}

function gainText({ days, confidence: [low, high] }: Gain, by: string): string {
  return `a ${by.toUpperCase()} ${Math.abs(days).toFixed(3)} days ${days >= 0 ? 'lower' : 'higher'} (95 % interval of the gain: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
