import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SnowflakeError } from '../errors.js';
import type { HandlerSource } from '../javascript/scalar.js';
import type { PackedColumn } from '../storage/packed-texts.js';
import type { ServiceAnswer, TranslatedFunction, TranslatedRequest } from './translation.js';
import type {
  PlacedFunction,
  PlacedTranslator,
  TranslationResult,
  TranslationTask,
} from './translation-thread.js';

/** So many threads translate at once, at most. */
export const THREADS: number = Math.min(availableParallelism(), 4);
const threads: Thread[] = [];
let lastId = 0;

/** A batch that a thread translates: its request, then its answer, then `end`. */
export interface RemoteTranslation {
  /** @param data see BatchTranslation, which has the errors too */
  request(data: string): Promise<TranslatedRequest>;
  answer(answer: ServiceAnswer): Promise<PackedColumn[]>;
  /** Lets the thread forget the batch. */
  end(): void;
}

/** Opens a batch of so many rows in a thread that has little to do. */
export function translation(of: TranslatedFunction, rows: number): RemoteTranslation {
  const thread = leastBusy();
  const id = ++lastId;
  thread.batches++;
  return {
    request: (data) =>
      thread
        .ask<{ request: TranslatedRequest }>({ id, of: thread.place(of), rows, data })
        .then(({ request }) => request),
    answer: (answer) =>
      thread.ask<{ cells: PackedColumn[] }>({ id, answer }, [answer.body.buffer]).then(({ cells }) => cells),
    end: () => {
      thread.batches--;
      thread.tell({ id, end: true });
    },
  };
}

/** An idle thread, a new one while there are processors, else the one with the fewest batches. */
function leastBusy(): Thread {
  const [least] = [...threads].sort((a, b) => a.batches - b.batches);
  if (least && (least.batches === 0 || threads.length >= THREADS)) return least;
  const thread = new Thread();
  threads.push(thread);
  return thread;
}

/** Translators that a thread keeps, at most. */
const MOST_TRANSLATORS = 50;

class Thread {
  /** Batches that are not at their end. */
  batches = 0;
  private readonly places = new Map<HandlerSource, number>();
  /** Why it is no more. */
  private over: Error | undefined;
  private readonly worker = new Worker(new URL('./translation-thread.js', import.meta.url));
  private readonly waiting = new Map<
    number,
    { resolve(result: TranslationResult): void; reject(error: Error): void }
  >();

  constructor() {
    this.worker.on('message', (result: TranslationResult) => {
      const { resolve, reject } = this.waiting.get(result.id)!;
      this.forget(result.id);
      if ('refused' in result) {
        const { code, sqlState, message } = result.refused;
        reject(new SnowflakeError(code, sqlState, message));
      } else if ('failed' in result) reject(result.failed);
      else resolve(result);
    });
    this.worker.on('error', (error) => this.onEnd(error));
    this.worker.on('exit', () => this.onEnd(new Error('A thread of translators ended before it answered.')));
    this.worker.unref();
  }

  /** A function with the numbers of its translators in this thread, and with those themselves that it has not. */
  place({ request, response, ...of }: TranslatedFunction): PlacedFunction {
    return {
      ...of,
      ...(request && { request: this.placeTranslator(request) }),
      ...(response && { response: this.placeTranslator(response) }),
    };
  }

  private placeTranslator(source: HandlerSource): PlacedTranslator {
    const known = this.places.get(source);
    if (known !== undefined) return { place: known };
    let place = this.places.size;
    if (place >= MOST_TRANSLATORS) {
      const [oldest, free] = this.places.entries().next().value!;
      this.places.delete(oldest);
      place = free;
    }
    this.places.set(source, place);
    return { place, source };
  }

  ask<T>(task: TranslationTask, transfer: ArrayBuffer[] = []): Promise<T & TranslationResult> {
    // It may have ended while the batch was with the service, and a thread that is gone does not answer.
    if (this.over) return Promise.reject(this.over);
    return new Promise<TranslationResult>((resolve, reject) => {
      this.waiting.set(task.id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage(task, transfer);
    }) as Promise<T & TranslationResult>;
  }

  tell(task: TranslationTask): void {
    this.worker.postMessage(task);
  }

  private forget(id: number): void {
    this.waiting.delete(id);
    // An idle thread keeps no process alive.
    if (this.waiting.size === 0) this.worker.unref();
  }

  private onEnd(error: Error): void {
    this.over ??= error;
    const place = threads.indexOf(this);
    if (place >= 0) threads.splice(place, 1);
    for (const [id, { reject }] of [...this.waiting]) {
      this.forget(id);
      reject(error);
    }
  }
}
