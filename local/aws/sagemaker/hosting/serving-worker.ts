/** A thread of the serving pool: loads models and answers invocations, one at a time. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Booster } from '../../xgboost/booster.js';
import { type ContainerResponse, invoke } from './container.js';

export type ServingTask =
  | { kind: 'load'; id: number; modelFile: string }
  | { kind: 'unload'; modelFile: string }
  | {
      kind: 'invoke';
      id: number;
      modelFile: string;
      contentType?: string;
      accept?: string;
      body: Uint8Array;
      batch?: boolean;
    };

/** A response whose body is bytes: they change threads without a copy, where text would stay in the heaps. */
export type ServedResponse = Omit<ContainerResponse, 'body'> & { body: Uint8Array<ArrayBuffer> };

export type ServingAnswer = { id: number; response?: ServedResponse; error?: string };

const encoder = new TextEncoder();
const boosters = new Map<string, Booster>();

function boosterOf(modelFile: string): Booster {
  let booster = boosters.get(modelFile);
  if (!booster) {
    booster = Booster.load(readFileSync(modelFile));
    // As the container does: one thread per worker, the workers share the processors.
    booster.set('nthread', '1');
    boosters.set(modelFile, booster);
  }
  return booster;
}

parentPort!.on('message', (task: ServingTask) => {
  if (task.kind === 'unload') {
    boosters.get(task.modelFile)?.close();
    boosters.delete(task.modelFile);
    return;
  }
  const answer: ServingAnswer = { id: task.id };
  try {
    const booster = boosterOf(task.modelFile);
    if (task.kind === 'invoke') {
      const { contentType, accept, body, batch } = task;
      const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      const response = invoke(booster, { contentType, accept, body: buffer, batch });
      answer.response = { ...response, body: encoder.encode(response.body) };
    }
  } catch (error) {
    answer.error = (error as Error).message;
  }
  parentPort!.postMessage(answer, answer.response ? [answer.response.body.buffer] : []);
});
