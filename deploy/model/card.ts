import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Contract, Feature } from '../dataset/contract.js';
import { unknownOnArrival } from '../dataset/contract.js';
import type { Figure, Table } from '../mail/events.js';
import { projectRoot } from '../project.js';
import { figuresOf, type Overview, tablesOf } from './overview.js';
import { describeSelection, describeSuspect, type Selection, selectionTable } from './selection.js';

/**
 * The model card of a version in Markdown (templates/model-card.md.hbs): aggregated figures only.
 * @param contract the dataset's contract; what the version was trained with is taken from its lineage
 */
export function modelCard(contract: Contract, overview: Overview, written: Date): string {
  const { entry, record } = overview;
  const { metrics, model } = record;
  const lineage = record.lineage as {
    contract?: Contract;
    split?: Record<string, unknown>;
    candidates?: { name: string; rmse: number; mae: number; rounds?: number | null }[];
    featureOrder?: readonly string[];
    settings?: { chooseBy: string };
    selection?: Selection | null;
    image?: string;
  } & Record<string, unknown>;
  const trained = lineage.contract ?? contract;
  const split = lineage.split ?? {};
  const { candidate, ...parameters } = record.parameters;
  const values = {
    version: entry.version,
    status: entry.status.toLowerCase(),
    written: written.toISOString().slice(0, 10),
    dataset: trained.name,
    data: dataFigures(trained, split),
    outcome: trained.los
      ? `the column ${trained.los}, in days`
      : `the days from ${trained.admission} to ${trained.discharge}`,
    after: unknownOnArrival(trained),
    features: inOrder(trained, lineage.featureOrder).map(([name, { type, default: given, sql }]) => ({
      name,
      kind: `${type}${sql ? `, computed: \`${cell(sql)}\`` : ''}`,
      missing: given === undefined ? 'stay missing' : `count as \`${cell(String(given))}\``,
    })),
    model: `SageMaker's built-in XGBoost (${lineage.image ?? 'image not recorded'})${candidate ? `, candidate \`${candidate}\`, chosen among those below by the validation rows` : ''}.`,
    selection: lineage.selection && selectionOf(lineage.selection),
    candidates: lineage.candidates?.map(({ name, rmse, mae, rounds }) => ({
      name,
      rmse: Number(rmse).toFixed(3),
      mae: Number(mae).toFixed(3),
      rounds: rounds ?? '',
    })),
    decidedBy: lineage.settings?.chooseBy.toUpperCase(),
    parameters: Object.entries(parameters).map(([label, value]) => ({ label: `\`${label}\``, value })),
    rows: metrics.rows,
    calibrationRows: metrics.calibrationRows,
    bands: model.bands.length,
    widened: (model.widenings ?? []).reduce((sum, { groups }) => sum + Object.keys(groups).length, 0),
    longStayDays: model.longStay?.days,
    figures: figuresOf(overview),
    tables: tablesOf(overview).map(escaped),
    explained: model.explained,
    limits: limits(overview),
    lineage: lineageFigures(overview, lineage),
  };
  const text = readFileSync(join(projectRoot, 'templates', 'model-card.md.hbs'), 'utf8');
  return `${handlebars
    .compile(text, { noEscape: true })(values)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\|\n\n\|/g, '|\n|')
    .trim()}\n`;
}

const handlebars = Handlebars.create();
handlebars.registerHelper('join', (items: unknown) => (Array.isArray(items) ? items.join(', ') : items));

function dataFigures(contract: Contract, split: Record<string, unknown>): Figure[] {
  const figure = (label: string, value: unknown): Figure[] =>
    value === undefined || value === null ? [] : [{ label, value: String(value) }];
  return [
    ...figure('Table', `\`${contract.table}\`, one row per admission`),
    ...figure('Split', split.rule),
    ...figure('Rows fitted to', split.train),
    ...figure('Rows that choose, stop and calibrate', split.validation),
    ...figure('Rows held out', split.holdout),
    ...figure('Stays that had not ended when the data was taken', split.unfinished),
    ...figure('Admissions left out because too many of their time had not ended', split.immature),
    ...figure('Mean stay of the rows fitted to, days', rounded(split.trainMean)),
    ...(contract.patient ? figure('Patients', 'none is on more than one side of the split') : []),
  ];
}

/** A lineage comes out of a VARIANT, whose keys Snowflake sorts. */
function inOrder(
  { features }: Contract,
  order: readonly string[] = Object.keys(features),
): [string, Feature][] {
  return order.map((name) => [name, features[name]!]);
}

function selectionOf(selection: Selection): Table & { outcome: string } {
  const outcome = describeSelection(selection);
  return {
    ...escaped(selectionTable(selection)),
    outcome: `${outcome[0]!.toUpperCase()}${outcome.slice(1)}.`,
  };
}

/** What a reader must know before using it; drawn from the figures, so that no card is silent about its own. */
function limits({ record, measures }: Overview): string[] {
  const { metrics, lineage } = record;
  const { contract, selection } = lineage as { contract?: Contract; selection?: Selection | null };
  const own = measures.filter(
    ({ predictor, groupedBy }) => predictor === 'model' && !/^(all|decile)/.test(groupedBy),
  );
  const badly = own.filter(({ rows, coverage }) => rows >= 200 && coverage !== null && coverage < 0.74);
  const biased = own.filter(({ rows, bias, rmse }) => rows >= 200 && Math.abs(bias) > 0.25 * rmse);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    ...(selection?.suspects ?? []).map(
      (suspect) =>
        `Suspected leak: ${describeSuspect(suspect)}. If it is not known on admission, no figure of this card holds for patients who have just been admitted.`,
    ),
    `It explains ${percent(Math.max(0, metrics.r2))} of the variance of stays; most of what decides a stay is not known on admission. Read the interval, not the number alone.`,
    ...(contract && !contract.admission
      ? [
          'The data has no dates: the holdout is not later than the training rows, and a change over time would not show.',
        ]
      : []),
    ...badly.map(
      (m) =>
        `${m.groupedBy} ${m.level}: only ${percent(m.coverage!)} of ${m.rows} stays are inside their 80 % interval${knownOnAdmission(contract, m.groupedBy) ? '' : ' (the group is known only after admission)'}.`,
    ),
    ...biased.map(
      (m) =>
        `${m.groupedBy} ${m.level}: predictions are ${Math.abs(m.bias).toFixed(1)} days too ${m.bias > 0 ? 'long' : 'short'} on average.`,
    ),
    'Groups that the dataset does not record (for many hospitals: language, disability, income) could not be looked at.',
    'It learned from past practice, also where that was not what patients needed.',
  ];
}

function knownOnAdmission(contract: Contract | undefined, groupedBy: string): boolean {
  return groupedBy.split(' × ').every((name) => contract?.features[name]);
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

function rounded(value: unknown): number | undefined {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : undefined;
}
