/** The serving pool: threads that answer invocations, so that concurrent requests use all processors. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { AwsContext } from '../../service.js';
import type { ContainerRequest } from './container.js';
import type { ServedResponse, ServingAnswer, ServingTask } from './serving-worker.js';

interface Thread {
  worker: Worker;
  waiting: Map<number, { resolve(response: ServedResponse | undefined): void; reject(error: Error): void }>;
}

const MOST_THREADS = 8;

/** Models served by a few threads; every thread loads a model when it first needs it. */
export class ServingPool {
  #threads: Thread[] = [];
  /** Invocations not yet answered, by model. */
  readonly #underWay = new Map<string, Set<Promise<unknown>>>();
  #lastId = 0;
  #closed = false;

  /** Loads a model, to see that it loads. Rejects with XGBoost's message. */
  async load(modelFile: string): Promise<void> {
    await this.#send((id) => ({ kind: 'load', id, modelFile }));
  }

  /** Answers an invocation. Rejects when the model cannot be loaded. */
  async invoke(modelFile: string, request: ContainerRequest): Promise<ServedResponse> {
    const answer = this.#send((id) => ({ kind: 'invoke', id, modelFile, ...request }));
    const others = this.#underWay.get(modelFile) ?? new Set();
    this.#underWay.set(modelFile, others.add(answer));
    try {
      return (await answer)!;
    } finally {
      others.delete(answer);
      if (others.size === 0) this.#underWay.delete(modelFile);
    }
  }

  /**
   * Frees a model's memory in all threads, once the invocations under way have been answered: a thread that gets
   * one of them may still have to load the model. The file may be removed afterwards.
   */
  async unload(modelFile: string): Promise<void> {
    await Promise.allSettled(this.#underWay.get(modelFile) ?? []);
    for (const { worker } of this.#threads)
      worker.postMessage({ kind: 'unload', modelFile } satisfies ServingTask);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    this.#threads = [];
  }

  #send(task: (id: number) => ServingTask): Promise<ServedResponse | undefined> {
    if (this.#closed) return Promise.reject(new Error('The local SageMaker is closing.'));
    const thread = this.#leastBusy();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.ref();
      thread.worker.postMessage(task(id));
    });
  }

  /** An idle thread, a new one while processors are free, else the one with the shortest queue. */
  #leastBusy(): Thread {
    const least = this.#threads.reduce<Thread | undefined>(
      (best, thread) => (!best || thread.waiting.size < best.waiting.size ? thread : best),
      undefined,
    );
    const most = Math.min(availableParallelism(), MOST_THREADS);
    if (least && (least.waiting.size === 0 || this.#threads.length >= most)) return least;
    const thread = this.#start();
    this.#threads.push(thread);
    return thread;
  }

  #start(): Thread {
    const worker = new Worker(new URL('./serving-worker.js', import.meta.url));
    const thread: Thread = { worker, waiting: new Map() };
    const fail = (error: Error) => {
      this.#threads = this.#threads.filter((other) => other !== thread);
      for (const { reject } of thread.waiting.values()) reject(error);
      thread.waiting.clear();
    };
    worker.on('message', ({ id, response, error }: ServingAnswer) => {
      const waiting = thread.waiting.get(id);
      thread.waiting.delete(id);
      // An idle pool keeps no process alive.
      if (thread.waiting.size === 0) worker.unref();
      if (error === undefined) waiting?.resolve(response);
      else waiting?.reject(new Error(error));
    });
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('A serving thread ended before it answered.')));
    return thread;
  }
}

const pools = new WeakMap<AwsContext, ServingPool>();

/** The pool of a local AWS: SageMaker deploys to it, the runtime invokes it. */
export function servingOf(context: AwsContext): ServingPool {
  let pool = pools.get(context);
  if (!pool) {
    pool = new ServingPool();
    pools.set(context, pool);
  }
  return pool;
}
