// Translates batches of external functions in a thread of its own, so that the thread that serves goes on meanwhile and
// several batches are translated at once.
import { parentPort } from 'node:worker_threads';
import { SnowflakeError } from '../errors.js';
import type { HandlerSource } from '../javascript/scalar.js';
import type { PackedColumn } from '../storage/packed-texts.js';
import {
  BatchTranslation,
  type ServiceAnswer,
  type TranslatedFunction,
  type TranslatedRequest,
} from './translation.js';

/** A translator by its place in the thread, which has it already unless it comes along. */
export interface PlacedTranslator {
  readonly place: number;
  readonly source?: HandlerSource;
}

/** A function whose translators are in the thread: a model's may be as large as a thousand batches of a row. */
export interface PlacedFunction extends Omit<TranslatedFunction, 'request' | 'response'> {
  readonly request?: PlacedTranslator;
  readonly response?: PlacedTranslator;
}

/** What the thread is to do with the batch of a number. */
export type TranslationTask =
  | { id: number; of: PlacedFunction; rows: number; data: string }
  | { id: number; answer: ServiceAnswer }
  | { id: number; end: true };

export type TranslationResult = { id: number } & (
  | { request: TranslatedRequest }
  | { cells: PackedColumn[] }
  | { refused: { code: string; sqlState: string; message: string } }
  | { failed: Error }
);

const batches = new Map<number, BatchTranslation>();
const translators: HandlerSource[] = [];
const port = parentPort!;

function translatorAt(placed: PlacedTranslator | undefined): HandlerSource | undefined {
  if (placed?.source) translators[placed.place] = placed.source;
  return placed && translators[placed.place];
}

port.on('message', (task: TranslationTask) => {
  const { id } = task;
  if ('end' in task) {
    batches.delete(id);
    return;
  }
  try {
    if ('answer' in task) {
      const cells = batches.get(id)!.answer(task.answer);
      const buffers = cells.flatMap((column) =>
        'numbers' in column
          ? [column.numbers.buffer, column.nulls.buffer]
          : [column.bytes.buffer, column.lengths.buffer],
      );
      port.postMessage({ id, cells } satisfies TranslationResult, buffers);
      return;
    }
    const [request, response] = [translatorAt(task.of.request), translatorAt(task.of.response)];
    const of = { ...task.of, request, response };
    const batch = new BatchTranslation(of, task.rows);
    batches.set(id, batch);
    const made = batch.request(task.data);
    port.postMessage({ id, request: made } satisfies TranslationResult, [made.body.buffer]);
  } catch (error) {
    port.postMessage({ id, ...failure(error) } satisfies TranslationResult);
  }
});

function failure(error: unknown) {
  if (!(error instanceof SnowflakeError))
    return { failed: error instanceof Error ? error : new Error(String(error)) };
  const { code, sqlState, message } = error;
  return { refused: { code, sqlState, message } };
}
