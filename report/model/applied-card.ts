import { parse } from 'yaml';
import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { sourceName } from '../../procedures/dataset/raw.js';
import { interval95 } from '../../procedures/equity/compare-groups.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import type { TrainingSettings } from '../../procedures/ground/plan.js';
import { isOfThePrediction, type Measure } from '../../procedures/judging/measures.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import type { Participants, Side } from '../../procedures/judging/participants.js';
import { roundFigures } from '../../procedures/publishing/rounding.js';
import { type Answers, type Question, renderAnswered } from '../text/answered.js';
import { limits } from './card-limits.js';
import { groupComparison } from './group-comparison.js';
import type { Overview } from './overview.js';

/** A part of the card: a text, parts by name in the schema's order, or one part several times. */
export type Part = string | readonly Part[] | { readonly [name: string]: Part };

/** CHAI's Applied Model Card of a version. */
export interface AppliedCard {
  readonly version: string;
  readonly parts: { readonly [name: string]: Part };
  /** What people are asked for, and may replace. */
  readonly questions: readonly Question[];
}

/** A result as the card's examples write them, in JSON. */
export interface Result {
  readonly Label: string;
  readonly ValueJson: string;
}

/**
 * Fills in the Applied Model Card of the Coalition for Health AI, v0.2 (templates/applied-card.yaml.hbs): what the registry
 * knows from it, everything else from a person's answers. Figures are rounded as everywhere that people read them.
 * @param answers of people, the same for every version
 */
export function chaiCard(overview: Overview, answers: Answers): AppliedCard {
  const { entry, record } = overview;
  const { contract, featureOrder, participants, split, image, settings } = record.lineage as unknown as {
    readonly contract: Contract;
    readonly featureOrder: readonly string[];
    readonly participants: Participants;
    readonly split: SplitResult;
    readonly image: string;
    readonly settings: Pick<TrainingSettings, 'equity'>;
  };
  const known = limits(overview);
  const groups = overview.measures.filter(
    ({ predictor, groupedBy }) => predictor === 'model' && !isOfThePrediction(groupedBy),
  );
  const compared = groupComparison(overview.measures, contract, settings.equity);
  const values = {
    findings: compared?.sentences.join(' '),
    tolerance: settings.equity
      ? compared && `${compared.tolerance} of bias, ${compared.share} of coverage`
      : undefined,
    version: entry.version,
    status: entry.status.toLowerCase(),
    released: (entry.promotedAt ?? entry.createdAt).slice(0, 10),
    dataset: contract.name,
    source: sourceName(contract),
    split: split.rule,
    sides: participants.sides.map(describeSide),
    holdout: participants.sides.filter(({ side }) => side === 'holdout').map(describeSide),
    features: featureOrder.map((name) => `${name} (${contract.features[name]?.type})`).join(', '),
    after: columnsUnknownOnArrival(contract).join(', '),
    candidate: record.parameters.candidate,
    image,
    limits: known,
    groupedBy: [...new Set(groups.map(({ groupedBy }) => groupedBy))].join(', '),
    results: results(record.metrics),
    fairness: fairness(groups),
    safety: safety(record.metrics),
    r2: roundFigures(Math.max(0, record.metrics.r2), record.metrics.rows, 'r2'),
    rows: record.metrics.rows,
  };
  const { text, questions } = renderAnswered('applied-card.yaml.hbs', values, answers, 'yaml');
  return { version: entry.version, parts: parse(text), questions };
}

function describeSide({ side, rows, patients, from, to, mean }: Side): string {
  const days = from === null ? '' : `, admitted ${from} to ${to}`;
  return `${side}: ${rows} stays${patients === null ? '' : ` of ${patients} patients`}${days}${mean === null ? '' : `, mean stay ${roundFigures(mean, rows)} days`}`;
}

/** Errors of the whole distribution, of the mean and of the median, beside those of knowing nothing. */
function results(metrics: Metrics): Result[] {
  const of = resultsOf(metrics);
  return [
    of('RMSE', 'rmse', 'days'),
    of('Mean absolute error', 'mae', 'days'),
    of('Explained variance (R²)', 'r2'),
    of('CRPS of the predicted curve', 'crps', 'days'),
    of('CRPS of the distribution of all training stays', 'noFeaturesCrps', 'days'),
    of('RMSE of predicting the mean', 'meanRmse', 'days'),
    of('MAE of predicting the median', 'medianMae', 'days'),
  ];
}

/** Whether promises hold. */
function safety(metrics: Metrics): Result[] {
  const of = resultsOf(metrics);
  return [
    of('Bias (predicted − actual)', 'bias', 'days'),
    of('Calibration slope (actual over predicted)', 'slope'),
    of('Stays inside the 80 % interval, as a share', 'coverage'),
    of('Stays inside the 95 % interval, as a share', 'coverage95'),
    of('Long stays predicted, as a share', 'longStaysPredicted'),
    of('Long stays, as a share', 'longStays'),
    of('Brier score of the probability of a long stay', 'brier'),
  ];
}

function resultsOf(exact: Metrics) {
  const metrics = roundFigures(exact, exact.rows) as Metrics;
  return (label: string, name: keyof Metrics, unit?: string): Result => {
    const interval = metrics.confidence[name];
    const own = unit === undefined ? {} : { unit };
    return result(
      label,
      interval?.every(Number.isFinite)
        ? {
            kind: 'estimate_ci',
            estimate: metrics[name],
            lower: interval[0],
            upper: interval[1],
            level: 95,
            ...own,
          }
        : { kind: 'single', value: metrics[name], ...own },
    );
  };
}

/** Bias and coverage of each group that is measured, with 95 % intervals; their number where there is none, for the schema asks for a result. */
function fairness(groups: readonly Measure[]): Result[] {
  if (groups.length === 0) return [result('Groups measured', { kind: 'single', value: 0, unit: 'count' })];
  return groups.flatMap((exact) => {
    const { groupedBy, level, rows, bias, coverage, compared } = roundFigures(
      { ...exact, compared: compareEnds(exact) },
      exact.rows,
    ) as Omit<Measure, 'compared'> & { readonly compared: ReturnType<typeof compareEnds> };
    const label = `${groupedBy} ${level}, ${rows} stays`;
    const withEnds = (value: number, ends: readonly number[] | undefined) =>
      ends
        ? { kind: 'estimate_ci', estimate: value, lower: ends[0], upper: ends[1], level: 95 }
        : { kind: 'single', value };
    return [
      result(`Bias, ${label}`, { ...withEnds(bias, compared?.bias), unit: 'days' }),
      ...(coverage === null
        ? []
        : [result(`Inside the 80 % interval, ${label}`, withEnds(coverage, compared?.coverage))]),
    ];
  });
}

/** Ends of the intervals of a group's bias and coverage; undefined: it was measured without. */
function compareEnds({ compared }: Measure) {
  return compared ? { bias: interval95(compared.bias), coverage: interval95(compared.coverage) } : undefined;
}

function result(label: string, value: object): Result {
  return { Label: label, ValueJson: JSON.stringify(value) };
}

/** Characters that no document of XML may have. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The card as a document of the schema https://mc.chai.org/v0.2/schema.xsd. */
export function chaiCardXml({ parts }: AppliedCard): string {
  const escapeText = (text: string) =>
    text.replace(NO_XML, '\uFFFD').replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const lines = (name: string, part: Part, indent: string): string[] => {
    if (typeof part === 'string') return [`${indent}<${name}>${escapeText(part)}</${name}>`];
    if (Array.isArray(part)) return part.flatMap((each) => lines(name, each, indent));
    const inside = Object.entries(part).flatMap(([own, each]) => lines(own, each, `${indent}  `));
    const opening = indent === '' ? `${name} xmlns="https://mc.chai.org/v0.2/schema.xsd"` : name;
    return [`${indent}<${opening}>`, ...inside, `${indent}</${name}>`];
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines('AppliedModelCard', parts, '').join('\n')}\n`;
}

/** The same in JSON. */
export function chaiCardJson({ parts }: AppliedCard): string {
  return `${JSON.stringify({ AppliedModelCard: parts }, null, 2)}\n`;
}
