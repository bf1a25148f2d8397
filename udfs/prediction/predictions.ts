import { type Curve, meanOf, mix } from '../curve/curve.js';
import { curveOfHazards, scaleHazard } from '../curve/hazards.js';
import { curveOf } from '../curve/residual-distribution.js';
import type { TranslatorData } from '../model.js';
import { requireValue } from '../require-value.js';

export interface ResponseEvent {
  readonly body: unknown;
  readonly translatorData: TranslatorData;
}

/** Answer of a response translator: one value per row of the batch, under Snowflake's row numbers. */
export interface Answer<T> {
  readonly body: { readonly data: (readonly [row: number, value: T])[] };
}

/**
 * Answers every row of a batch, in Snowflake's order.
 * @param predicted answers a row that the endpoint was asked about; called in the order of the lines sent
 * @param refusal answers a row that was not sent, from the reason why
 */
export function answerRows<T>(
  { rows, refused = {} }: TranslatorData,
  predicted: (position: number) => T,
  refusal: (reason: string, position: number) => T,
): Answer<T> {
  const data = rows.map((row, position): readonly [number, T] => {
    const reason = refused[position];
    return [row, reason === undefined ? predicted(position) : refusal(reason, position)];
  });
  return { body: { data } };
}

/** Prediction of a row from the endpoint's answer alone. */
export interface RowPrediction {
  /** The mean, at least the model's floor. */
  readonly days: number;
  /** Curve of a hazard model, and of an average; the curve of another follows from its days. */
  readonly curve?: Curve;
  /** True if it is an average over what the row may turn out to have. */
  readonly averaged?: true;
}

/**
 * Reads the endpoint's answer to the rows of a batch.
 * @returns a prediction for each row that was sent, in that order
 * @throws Error when the answer is not as many numbers as were asked for
 */
export function predictions({ body, translatorData }: ResponseEvent): RowPrediction[] {
  return readPredictions(body, positionsSent(translatorData), translatorData);
}

/** Positions in the batch of the rows that were sent. */
function positionsSent({ rows, refused }: TranslatorData): number[] {
  const positions: number[] = [];
  for (let i = 0; i < rows.length; i++) if (refused?.[i] === undefined) positions.push(i);
  return positions;
}

/**
 * Gives items one after the other, to a caller that knows how many there are.
 * @throws Error where there is none left
 */
export function oneByOne<T>(items: readonly T[]): () => T {
  let place = 0;
  return () => requireValue(items[place++], `one more than ${items.length} predictions`);
}

type Read = Pick<
  TranslatorData,
  'floor' | 'version' | 'scale' | 'hazards' | 'pace' | 'paces' | 'draws' | 'spread'
>;

/** The position of a question that is about no row of the batch. */
export const NO_ROW = -1;

/**
 * The same for any number of questions. Where none asked about a row, the answer is to the line that stood in for them:
 * of no admission.
 * @param positions of the row that each question was about
 * @throws Error when the answer is not a number for each line sent
 */
export function readPredictions(body: unknown, positions: readonly number[], data: Read): RowPrediction[] {
  if (positions.length === 0) return [];
  const { floor, hazards, scale = 1 } = data;
  const each = hazards ? hazards.ends.length : 1;
  const drawsOf = (position: number) => data.draws?.[position] ?? 1;
  const numbers = readAnswers(
    body,
    positions.reduce((sum, position) => sum + drawsOf(position), 0) * each,
    data,
  );
  const readOne = (position: number, i: number): RowPrediction => {
    if (!hazards) return { days: Math.max((numbers[i] as number) * scale, floor) };
    const plain = curveOfHazards(numbers.slice(i * each, (i + 1) * each), hazards, floor);
    const curve = scaleHazard(plain, data.paces?.[position] ?? data.pace ?? 1);
    return { days: Math.max(meanOf(curve), floor), curve };
  };
  let line = 0;
  return positions.map((position) => {
    const drawn: RowPrediction[] = [];
    for (let draw = drawsOf(position); draw > 0; draw--) drawn.push(readOne(position, line++));
    return drawn.length === 1 ? (drawn[0] as RowPrediction) : average(drawn, data);
  });
}

/** Average prediction over equally likely rows. */
function average(drawn: readonly RowPrediction[], { spread, floor }: Read): RowPrediction {
  const days = drawn.reduce((sum, one) => sum + one.days, 0) / drawn.length;
  const curves: Curve[] = [];
  for (const one of drawn) {
    const curve = one.curve ?? (spread && curveOf(one.days, spread, floor));
    if (curve) curves.push(curve);
  }
  return { days, averaged: true, ...(curves.length > 0 && { curve: mix(curves) }) };
}

function readAnswers(body: unknown, lines: number, { version }: Pick<TranslatorData, 'version'>): number[] {
  const numbers = readNumbers(body);
  if (numbers.length !== lines)
    throw new Error(`The endpoint of ${version} answered ${numbers.length} predictions for ${lines} rows.`);
  for (let i = 0; i < numbers.length; i++)
    if (!Number.isFinite(numbers[i]))
      throw new Error(`The endpoint of ${version} answered something that is no number for row ${i}.`);
  return numbers;
}

/**
 * The container answers text/csv (a value a line; older and multi-model images: one comma-joined line) or
 * JSON {"predictions": [{"score": x}, …]}. One line of CSV is valid JSON as well, so Snowflake may hand a
 * number over instead of text.
 */
function readNumbers(body: unknown): number[] {
  if (typeof body === 'number') return [body];
  if (Array.isArray(body)) return body.map(Number);
  if (typeof body === 'string') {
    const text = body.trim();
    if (text.startsWith('{') || text.startsWith('[')) return readNumbers(JSON.parse(text));
    return text === '' ? [] : text.split(/[\s,]+/).map(Number);
  }
  if (body !== null && typeof body === 'object' && 'predictions' in body) {
    const { predictions } = body as { predictions: { score: unknown }[] };
    return predictions.map((prediction) => Number(prediction.score));
  }
  throw new Error(`The endpoint answered ${body === null ? 'null' : typeof body}, not predictions.`);
}
