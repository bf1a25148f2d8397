import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { SnowflakeError } from '../errors.js';
import type { Cell } from '../types/data-type.js';
import { newerSyntax } from './newer-syntax.js';
import type { ExecuteAnswer, Request } from './procedure-api.js';
import type { CheckedCall, FromWorker, ProcedureCall } from './procedure-worker.js';
import type { Telemetry } from './telemetry.js';

/** What a handler needs of its surroundings. */
export interface Surroundings extends Telemetry {
  /** Answers `snowflake.execute`, and the text of a value. It never throws: errors are answers. */
  answer(request: Request): Promise<ExecuteAnswer | string>;
}

/** Idle threads kept for the next call: starting one takes some 30 ms. */
const WARM = 2;
const idle: Thread[] = [];

/** A worker thread that runs one procedure at a time. */
class Thread {
  private readonly wake = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.worker = new Worker(new URL('./procedure-worker.js', import.meta.url), {
      workerData: { port: port2, wake: this.wake },
      transferList: [port2],
    });
    this.rest();
  }

  /** An idle thread must not keep the process alive. */
  rest(): void {
    this.worker.unref();
    this.port.unref();
  }

  /** @returns the handler's result; kills the thread (and rejects) when `signal` aborts */
  async run(call: ProcedureCall, around: Surroundings, signal?: AbortSignal): Promise<Cell> {
    const newer = newerSyntax(
      call.parameters.map(({ name }) => name),
      call.body,
    );
    this.worker.ref();
    this.port.ref();
    try {
      return await new Promise<Cell>((resolve, reject) => {
        const onFailure = (error: unknown) => done(() => reject(error));
        const onExit = () => onFailure(new Error(`the thread of procedure ${call.name} ended unexpectedly`));
        const onAbort = () => onFailure(new SnowflakeError('000604', '57014', 'SQL execution canceled'));
        const done = (then: () => void) => {
          this.port.off('message', onMessage);
          this.worker.off('error', onFailure).off('exit', onExit);
          signal?.removeEventListener('abort', onAbort);
          then();
        };
        const onMessage = async (message: FromWorker) => {
          if ('end' in message) {
            const { end } = message;
            if ('value' in end) done(() => resolve(end.value));
            else {
              around.recordFailure(end.uncaught);
              onFailure(new SnowflakeError(end.code, 'P0000', end.message));
            }
            return;
          }
          if ('told' in message) return around.tell(message.told);
          try {
            const reply = await around.answer(JSON.parse(message.request) as Request);
            this.port.postMessage(JSON.stringify(reply));
          } catch (error) {
            // The thread waits for an answer that will not come: it is not used again.
            return onFailure(new Error(`a request of procedure ${call.name} failed`, { cause: error }));
          }
          Atomics.store(this.wake, 0, 1);
          Atomics.notify(this.wake, 0);
        };
        this.port.on('message', onMessage);
        this.worker.on('error', onFailure).on('exit', onExit);
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted) onAbort();
        else this.port.postMessage({ ...call, newer } satisfies CheckedCall);
      });
    } catch (error) {
      if (!(error instanceof SnowflakeError) || error.code === '000604') await this.kill();
      throw error;
    }
  }

  dead = false;
  async kill(): Promise<void> {
    this.dead = true;
    await this.worker.terminate();
  }
}

/**
 * Runs a JavaScript procedure in a warm thread.
 * @throws SnowflakeError 100131, 100132, 100183 as Snowflake has them; 000604 when `signal` aborts
 */
export async function runHandler(
  call: ProcedureCall,
  around: Surroundings,
  signal?: AbortSignal,
): Promise<Cell> {
  const thread = idle.pop() ?? new Thread();
  try {
    return await thread.run(call, around, signal);
  } finally {
    if (!thread.dead) {
      thread.rest();
      if (idle.length < WARM) idle.push(thread);
      else await thread.kill();
    }
  }
}
