import Handlebars from 'handlebars';
import type { Figure, Table } from '../../deploy/mail/events.js';
import type { Contract, Feature } from '../../procedures/dataset/contract.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import type { Gain } from '../../procedures/fitting/candidate-scores.js';
import { percent } from '../../procedures/ground/percent.js';
import { isOfThePrediction } from '../../procedures/judging/measures.js';
import type { Participants } from '../../procedures/judging/participants.js';
import type { Competition, LearningPoint } from '../../procedures/training/run.js';
import { bedQualityTable } from '../beds/quality.js';
import { template } from '../templates.js';
import { limits } from './card-limits.js';
import { figuresOf, type Overview, tablesOf } from './overview.js';
import { describeSelection, describeWeighing, type KnownSelection, selectionTable } from './selection.js';

/**
 * The model card of a version in Markdown (templates/model-card.md.hbs): aggregated figures only.
 * @param contract the dataset's contract; what the version was trained with is taken from its lineage
 * @param written the day on which it is, YYYY-MM-DD
 * @param tables whether those of tenths, groups and features are in it, or stand elsewhere
 */
export function modelCard(
  contract: Contract,
  overview: Overview,
  written: string,
  tables: 'with tables' | 'without tables' = 'with tables',
): string {
  const { entry, record } = overview;
  const { metrics, model } = record;
  const lineage = record.lineage as {
    contract?: Contract;
    split?: Record<string, unknown>;
    candidates?: {
      name: string;
      rmse: number | null;
      mae: number | null;
      crps?: number | null;
      rounds?: number | null;
    }[];
    featureOrder?: readonly string[];
    settings?: { chooseBy: string };
    selection?: KnownSelection | null;
    participants?: Participants;
    image?: string;
    learned?: readonly LearningPoint[] | null;
  } & KnownCompetition &
    Record<string, unknown>;
  const trained = lineage.contract ?? contract;
  const split = lineage.split ?? {};
  const { candidate, ...parameters } = record.parameters;
  const inside = tables === 'with tables';
  const measured = inside ? tablesOf(overview).map(escaped) : [];
  const values = {
    version: entry.version,
    status: entry.status.toLowerCase(),
    written,
    dataset: trained.name,
    data: dataFigures(trained, split, lineage.participants),
    participants: lineage.participants && participantRows(lineage.participants),
    flow: flowFigures(trained, split, lineage.participants !== undefined),
    weighted: split.weighted === true,
    outcome: trained.los
      ? `the column ${trained.los}, in days`
      : `the days from ${trained.admission} to ${trained.discharge}`,
    after: columnsUnknownOnArrival(trained),
    features: inOrder(trained, lineage.featureOrder).map(
      ([name, { type, default: given, sql, history }]) => ({
        name,
        kind: `${type}${sql ? `, computed: \`${cell(sql)}\`` : ''}${history && trained.history ? `, ${HISTORY[history]} in ${trained.history.days} days before` : ''}`,
        missing: given === undefined ? 'stays missing' : `counts as \`${cell(String(given))}\``,
        share: shareOf(lineage.participants?.missing[name], given !== undefined),
      }),
    ),
    model: `SageMaker's built-in XGBoost (${lineage.image ?? 'image not recorded'})${overview.xgboost ? `, trained by XGBoost ${overview.xgboost}` : ''}${candidate ? `, candidate \`${candidate}\`, chosen among those below by the validation rows` : ''}.`,
    selection: lineage.selection && { ...selectionOf(lineage.selection), inside },
    candidates: lineage.candidates?.map(({ name, rmse, mae, crps, rounds }) => ({
      name,
      crps: score(crps),
      rmse: score(rmse),
      mae: score(mae),
      rounds: rounds ?? '',
    })),
    learned: (inside ? lineage.learned : null)?.map(({ rows, crps, rmse, mae }) => ({
      rows,
      crps: score(crps),
      rmse: score(rmse),
      mae: score(mae),
    })),
    competition: describeCompetition(lineage, candidate),
    decidedBy: lineage.settings?.chooseBy.toUpperCase(),
    parameters: Object.entries(parameters).map(([label, value]) => ({ label: `\`${label}\``, value })),
    rows: metrics.rows,
    calibrationRows: metrics.calibrationRows,
    bands: model.bands.length,
    onCurves: model.ends === 'curve',
    widened: (model.widenings ?? []).reduce((sum, { groups }) => sum + Object.keys(groups).length, 0),
    scale: model.scale,
    spread: model.spread && {
      what: model.spread.kind === 'quotient' ? 'stay divided by prediction' : 'stay minus prediction',
      bands: model.spread.around.length,
    },
    hazards: model.hazards && {
      periods: model.hazards.ends.length + 1,
      lastEnd: model.hazards.ends[model.hazards.ends.length - 1],
      groups: (model.paces?.groups ?? []).reduce((sum, { paces }) => sum + Object.keys(paces).length, 0),
      pace: model.paces?.all,
      apart: model.hazards.apart?.by,
    },
    longStayDays: model.longStay?.days,
    levels: model.longStay?.levels !== undefined,
    figures: figuresOf(overview),
    calibration: figuresOf(overview).filter(({ label }) => CALIBRATION.test(label)),
    deciles: measured.filter(isOfPrediction),
    groups: measured.filter((table) => !isOfPrediction(table)),
    beds: bedQualityTable(overview.beds),
    explained: model.explained,
    limits: limits(overview),
    versions: overview.versions.map((each) => ({
      version: each.version,
      status: each.status.toLowerCase(),
      trained: each.createdAt.slice(0, 10),
      promoted: each.promotedAt?.slice(0, 10) ?? '',
    })),
    lineage: lineageFigures(overview, lineage),
  };
  return `${handlebars
    .compile(template('model-card.md.hbs'), { noEscape: true })(values)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\|\n\n\|/g, '|\n|')
    .trim()}\n`;
}

const CALIBRATION = /^(Bias|Bed-days|Calibration slope|Stays in each tenth|Inside|Long stays)/;
const isOfPrediction = ({ title }: Table) => isOfThePrediction(title.slice('By '.length));
const SIDES = {
  train: 'fitted to',
  validation: 'chooses, stops and calibrates',
  holdout: 'held out: every figure of performance',
  'left out': 'not used: earlier admissions of held-out patients',
} as const;

const HISTORY = { admissions: 'earlier admissions', bedDays: 'days in hospital' } as const;

const handlebars = Handlebars.create();
handlebars.registerHelper('join', (items: unknown) => (Array.isArray(items) ? items.join(', ') : items));

function figure(label: string, value: unknown): Figure[] {
  return value === undefined || value === null ? [] : [{ label, value: String(value) }];
}

function dataFigures(
  contract: Contract,
  split: Record<string, unknown>,
  participants: Participants | undefined,
): Figure[] {
  const days = participants?.sides.flatMap(({ from, to }) => (from && to ? [from, to] : [])).sort() ?? [];
  return [
    ...figure('Table', `\`${contract.table}\`, one row per admission`),
    ...(days.length ? figure('Admitted', `${days[0]} to ${days.at(-1)}`) : []),
    ...figure('Split', split.rule),
    ...(contract.patient ? figure('Patients', 'none is on more than one side of the split') : []),
  ];
}

function participantRows({ sides }: Participants) {
  return sides.map(({ side, rows, admissions, mean, longStays, from, to, patients }) => ({
    side: SIDES[side],
    rows,
    admissions: Math.round(admissions),
    from: from ?? '',
    to: to ?? '',
    mean: mean === null ? 'too few patients' : mean.toFixed(2),
    longStays: percent(longStays),
    patients: patients ?? '',
  }));
}

/** Who was left out, and, where the version does not know more of its participants, how many there were. */
function flowFigures(contract: Contract, split: Record<string, unknown>, counted: boolean): Figure[] {
  return [
    ...(counted
      ? []
      : [
          ...figure('Rows fitted to', split.train),
          ...figure('Rows that choose, stop and calibrate', split.validation),
          ...figure('Rows held out', split.holdout),
          ...(contract.patient
            ? figure('Earlier admissions of held-out patients, not used', split.leftOut)
            : []),
          ...figure('Mean stay of the rows fitted to, days', rounded(split.trainMean)),
        ]),
    ...figure('Stays that had not ended when the data was taken, not used', split.unfinished),
    ...figure('Admissions left out because too many of their time had not ended', split.immature),
  ];
}

/** A default has taken the place of missing values before the rows were counted. */
function shareOf(share: number | undefined, filled: boolean): string {
  if (share === undefined) return 'not recorded';
  return filled && share === 0 ? 'filled' : percent(share);
}

/** A lineage comes out of a VARIANT, whose keys Snowflake sorts. */
function inOrder(
  { features }: Contract,
  order: readonly string[] = Object.keys(features),
): [string, Feature][] {
  return order.map((name) => [name, features[name]!]);
}

function selectionOf(selection: KnownSelection): Table & { how: string; outcome: string } {
  const outcome = describeSelection(selection);
  return {
    ...escaped(selectionTable(selection)),
    how: describeWeighing(selection),
    outcome: `${outcome[0]!.toUpperCase()}${outcome.slice(1)}.`,
  };
}

function lineageFigures({ entry, record }: Overview, lineage: Record<string, unknown>): Figure[] {
  const fingerprint = lineage.fingerprint ?? lineage.dataFingerprint;
  return [
    { label: 'Trained', value: entry.createdAt },
    ...(entry.promotedAt ? [{ label: 'Last promoted', value: entry.promotedAt }] : []),
    { label: 'Training job', value: record.trainingJob },
    { label: 'Artifact', value: record.artifact },
    ...(fingerprint ? [{ label: 'Fingerprint of the training data', value: String(fingerprint) }] : []),
    ...(lineage.code ? [{ label: 'Fingerprint of the code', value: String(lineage.code) }] : []),
    ...(lineage.modelSha256
      ? [{ label: 'SHA-256 of the model file', value: String(lineage.modelSha256) }]
      : []),
    ...(entry.endpoint ? [{ label: 'Endpoint', value: entry.endpoint }] : []),
    ...(entry.requestTranslator ? [{ label: 'Request translator', value: entry.requestTranslator }] : []),
  ];
}

function escaped(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map((value) => cell(String(value)))) };
}

/** A bar would end the table's cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Empty where a candidate diverged, and for what older versions do not tell. */
function score(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(3) : '';
}

function rounded(value: unknown): number | undefined {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : undefined;
}

/** What a version's lineage says of models of hazards beside those of days; older versions say nothing. */
interface KnownCompetition {
  readonly competition?: Competition | null;
  readonly look?: Gain | null;
}

/**
 * Whether the costlier way of predicting was worth it, for the card; undefined where it did not take part.
 * @param chosen name of the candidate that was chosen
 */
function describeCompetition({ competition, look }: KnownCompetition, chosen: unknown): string | undefined {
  if (competition) {
    const { hazard, days, by, gain } = competition;
    return `On the same validation rows ${hazard}, which is asked once for each period of a stay, has ${told(gain, by)} than ${days}, which is asked once. It was ${chosen === hazard ? 'chosen' : 'not chosen'}.`;
  }
  if (look)
    return `Rows are many, so hazards were tried on a sample first: there they have ${told(look, 'crps')} than a model of days. That did not promise enough to train them on all rows.`;
  return undefined;
}

function told({ days, confidence: [low, high] }: Gain, by: string): string {
  return `a ${by.toUpperCase()} ${Math.abs(days).toFixed(3)} days ${days >= 0 ? 'lower' : 'higher'} (95 % interval of the gain: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
