import { changedEvents, type EventCode, eventTexts } from '../encoding/events.js';
import { bucketOf, repeatText, STAY } from '../encoding/stay.js';
import type { Model, TranslatorData } from '../model.js';
import type { SqlSignature } from '../signature.js';
import { BatchReader } from './batch.js';
import type { Request, RequestEvent } from './request.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_STAY',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateStay>;

const reader = new BatchReader(MODEL);
const codes: readonly EventCode[] = MODEL.events ?? [];
const periods = MODEL.hazards ? MODEL.hazards.suffixes.length : 1;

/**
 * A serverless endpoint takes 4 MB, and a request has at most STAY_BATCH_ROWS rows (procedures/versions/batch-rows.ts): what is left of a row's
 * share after its own question asks what its events have changed, the most telling first.
 */
const ROW_BYTES = 120_000;
const MOST_ASKED = 6;
/** Bytes that a period adds to a line, at most. */
const SUFFIX_BYTES = 48;

/** A day that is no number is a missing one. */
function dayText(day: unknown): string {
  return Number.isFinite(Number(day)) && day !== null ? String(Number(day)) : '';
}

/**
 * Snowflake's batch of stays that have begun → CSV for the version's second endpoint: the features, DAY_OF_STAY and EVENTS. With
 * EVENTS_BEFORE, those of the morning before, each event that has changed is asked about once more as it was.
 */
export default function translateStay(event: RequestEvent): Request<TranslatorData> {
  const lines: string[] = [];
  const asked: Record<number, string[]> = {};
  const day: Record<number, number> = {};
  const rows = event.body.data.map(
    ([row, given]) => [row, given && { ...given, [STAY.bucket]: bucketOf(Number(given[STAY.day])) }] as const,
  );
  const data = reader.read({ body: { data: rows } }, ({ features, texts, position }) => {
    day[position] = Number(features[STAY.day]);
    const own = eventTexts(features[STAY.events], codes);
    const lineOf = (events: readonly string[]) =>
      [...texts, repeatText(dayText(features[STAY.day])), ...events].join(',');
    const line = lineOf(own);
    lines.push(line);
    const before = features[STAY.before];
    if (before === undefined || before === null) return;
    const most = Math.min(MOST_ASKED, Math.floor(ROW_BYTES / ((line.length + SUFFIX_BYTES) * periods)) - 1);
    const changed = changedEvents(features[STAY.events], before, codes).slice(0, Math.max(0, most));
    if (changed.length === 0) return;
    const then = eventTexts(before, codes);
    for (const i of changed) lines.push(lineOf(own.map((text, j) => (j === i ? (then[j] as string) : text))));
    asked[position] = changed.map((i) => (codes[i] as EventCode).name);
  });
  // Where no row is left, a line of no patient goes out, and its answer is thrown away.
  const none =
    lines.length === 0 ? [[reader.standIn, repeatText('0'), ...eventTexts({}, codes)].join(',')] : lines;
  return {
    body: reader.body(none),
    urlSuffix: `/${MODEL.endpoint}/invocations`,
    translatorData: { ...data, asked, day },
  };
}
