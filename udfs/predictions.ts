import type { Band, TranslatorData } from './model.js';

export interface ResponseEvent {
  readonly body: unknown;
  readonly translatorData: TranslatorData;
}

/** What a response translator hands to Snowflake: one value per row of the batch, under Snowflake's row numbers. */
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
  refusal: (reason: string) => T,
): Answer<T> {
  const data = rows.map((row, position): readonly [number, T] => {
    const reason = refused[position];
    return [row, reason === undefined ? predicted(position) : refusal(reason)];
  });
  return { body: { data } };
}

/**
 * Reads the endpoint's answer and holds every prediction at the model's floor.
 * @returns days per row that was sent, in that order
 * @throws Error when the answer is not one number per row sent
 */
export function predictedDays({ body, translatorData }: ResponseEvent): number[] {
  return heldAtFloor(body, sentRows(translatorData), translatorData);
}

function sentRows({ rows, refused }: TranslatorData): number {
  return refused === undefined ? rows.length : rows.length - Object.keys(refused).length;
}

/**
 * The same for a body of any number of lines. Where none asked about a row, the answer is to the line that stood in
 * for them: nobody's.
 * @throws Error when the answer is not one number per line sent
 */
export function heldAtFloor(
  body: unknown,
  lines: number,
  { floor, version }: Pick<TranslatorData, 'floor' | 'version'>,
): number[] {
  if (lines === 0) return [];
  const numbers = readNumbers(body);
  if (numbers.length !== lines)
    throw new Error(`The endpoint of ${version} answered ${numbers.length} predictions for ${lines} rows.`);
  return numbers.map((number, position) => {
    if (!Number.isFinite(number))
      throw new Error(`The endpoint of ${version} answered something that is no number for row ${position}.`);
    return Math.max(number, floor);
  });
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

/** The band a prediction falls into; undefined while the version has none. */
export function bandOf(days: number, bands: readonly Band[]): Band | undefined {
  return bands.find((band) => band.upTo === null || days <= band.upTo);
}
