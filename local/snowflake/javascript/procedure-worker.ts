// Runs JavaScript procedures in a thread of their own, because `snowflake.execute` is synchronous: the handler
// sends its request to the main thread and sleeps (Atomics.wait) until the answer is there.
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { procedureApi } from './procedure-api.js';
import { compileHandler, createRealm, inRealm, uncaughtMessage } from './sandbox.js';
import { valueConversions } from './values.js';

/** What the main thread sends to start a call. Values are wire cells. */
export interface ProcedureCall {
  name: string;
  parameters: { name: string; kind: string }[];
  values: (string | null)[];
  body: string;
  returns: string;
}

/** How a call ended. */
export type ProcedureEnd = { value: string | null } | { code: string; message: string };

export type FromWorker = { request: string } | { end: ProcedureEnd };

const { port, wake } = workerData as { port: MessagePort; wake: Int32Array };

port.on('message', (call: ProcedureCall) => {
  port.postMessage({ end: run(call) } satisfies FromWorker);
});

function send(request: string): string {
  port.postMessage({ request } satisfies FromWorker);
  Atomics.wait(wake, 0, 0);
  Atomics.store(wake, 0, 0);
  return (receiveMessageOnPort(port) as { message: string }).message;
}

function run({ name, parameters, values, body, returns }: ProcedureCall): ProcedureEnd {
  const context = createRealm();
  const conversions = inRealm<typeof valueConversions>(context, valueConversions)();
  const api = inRealm<typeof procedureApi>(context, procedureApi)(send, conversions, name);
  Object.assign(context, api);
  try {
    const handler = compileHandler(
      context,
      name,
      parameters.map((p) => p.name),
      body,
    );
    const passed = values.map((cell, i) =>
      cell === null ? undefined : conversions.fromCell(parameters[i]!.kind, cell),
    );
    return { value: conversions.toCell(returns, handler(...passed)) };
  } catch (error) {
    const thrown = error as { code?: unknown; stackTraceTxt?: unknown; message?: unknown } | null;
    if (typeof thrown?.code === 'string') return { code: thrown.code, message: String(thrown.message) };
    if (typeof thrown?.stackTraceTxt === 'string')
      return {
        code: '100183',
        message: `Execution error in store procedure ${name}:\n${thrown.message}\n${thrown.stackTraceTxt}`,
      };
    return { code: '100132', message: uncaughtMessage(error, name, body) };
  }
}
