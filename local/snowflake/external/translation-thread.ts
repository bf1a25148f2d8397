// Translates batches of external functions in a thread of its own, so that the thread that serves goes on meanwhile and
// several batches are translated at once.
import { parentPort } from 'node:worker_threads';
import { SnowflakeError } from '../errors.js';
import type { PackedColumn } from '../storage/packed-texts.js';
import {
  BatchTranslation,
  type ServiceAnswer,
  type TranslatedFunction,
  type TranslatedRequest,
} from './translation.js';

/** What the thread is to do with the batch of a number. */
export type TranslationTask =
  | { id: number; of: TranslatedFunction; rows: number; data: string }
  | { id: number; answer: ServiceAnswer }
  | { id: number; end: true };

export type TranslationResult = { id: number } & (
  | { request: TranslatedRequest }
  | { cells: PackedColumn[] }
  | { refused: { code: string; sqlState: string; message: string } }
  | { failed: Error }
);

const batches = new Map<number, BatchTranslation>();
const port = parentPort!;

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
    const batch = new BatchTranslation(task.of, task.rows);
    batches.set(id, batch);
    const request = batch.request(task.data);
    port.postMessage({ id, request } satisfies TranslationResult, [request.body.buffer]);
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
