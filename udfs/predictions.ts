import type { Band, LongStay, TranslatorData } from './model.js';

export interface ResponseEvent {
  readonly body: unknown;
  readonly translatorData: TranslatorData;
}

/**
 * Reads the endpoint's answer and holds every prediction at the model's floor.
 * @returns days per row, in the order of `translatorData.rows`
 * @throws Error when the answer is not one number per row
 */
export function predictedDays({ body, translatorData }: ResponseEvent): number[] {
  return heldAtFloor(body, translatorData.rows.length, translatorData);
}

/**
 * The same for a body of any number of lines.
 * @throws Error when the answer is not one number per line sent
 */
export function heldAtFloor(
  body: unknown,
  lines: number,
  { floor, version }: Pick<TranslatorData, 'floor' | 'version'>,
): number[] {
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

/** The probability of a long stay at a prediction. */
export function longStayProbability(days: number, { points }: LongStay): number {
  const after = points.findIndex(([predicted]) => predicted >= days);
  const next = points[after];
  const before = after < 0 ? points[points.length - 1] : points[after - 1];
  if (!next || !before) return (next ?? before)?.[1] ?? Number.NaN;
  const share = (days - before[0]) / (next[0] - before[0]);
  return before[1] + share * (next[1] - before[1]);
}
