// Runs JavaScript procedures in a thread of their own, because `snowflake.execute` is synchronous: the handler
// sends its request to the main thread and sleeps (Atomics.wait) until the answer is there.
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { SyntaxProblem } from './es2017.js';
import { type ApiColumn, apiErrors, procedureApi, type Told } from './procedure-api.js';
import { resultSets } from './result-set.js';
import { compileHandler, handlerRealm, runInRealm, uncaughtMessage } from './sandbox.js';
import { sfDates } from './sf-date.js';
import { type Uncaught, uncaught } from './telemetry.js';
import { telemetryApi } from './telemetry-api.js';

/** What the main thread sends to start a call. Values are wire cells. */
export interface ProcedureCall {
  name: string;
  parameters: { name: string; kind: string }[];
  values: (string | null)[];
  body: string;
  returns: string;
  /** The session's TIMEZONE. */
  timezone: string;
}

/** The same, looked through. */
export interface CheckedCall extends ProcedureCall {
  /** What is in its body that ES2017 does not have (newer-syntax.ts). */
  newer: SyntaxProblem | undefined;
}

/** How a call ended. */
export type ProcedureEnd = { value: string | null } | { code: string; message: string; uncaught: Uncaught };

export type FromWorker = { request: string } | Told | { end: ProcedureEnd };

const { port, wake } = workerData as { port: MessagePort; wake: Int32Array };

port.on('message', (call: CheckedCall) => {
  port.postMessage({ end: run(call) } satisfies FromWorker);
});

function send(request: string): string {
  port.postMessage({ request } satisfies FromWorker);
  // The notice of the answer before may come late, when the thread waits for the next one already.
  do Atomics.wait(wake, 0, 0);
  while (Atomics.load(wake, 0) === 0);
  Atomics.store(wake, 0, 0);
  return (receiveMessageOnPort(port) as { message: string }).message;
}

function run({ name, parameters, values, body, returns, timezone, newer }: CheckedCall): ProcedureEnd {
  const { context, zone, conversions } = handlerRealm(timezone);
  const failed = runInRealm<typeof apiErrors>(context, apiErrors)(name);
  const dates = runInRealm<typeof sfDates>(context, sfDates)(zone);
  const textOf = ({ kind, scale }: ApiColumn, cell: string) =>
    JSON.parse(send(JSON.stringify({ text: cell, kind, scale }))) as string;
  const sets = runInRealm<typeof resultSets>(context, resultSets)(conversions, dates, failed, textOf);
  const statements = runInRealm<typeof procedureApi>(context, procedureApi)(send, failed, dates, sets);
  const telemetry = runInRealm<typeof telemetryApi>(
    context,
    telemetryApi,
  )((told) => port.postMessage({ told } satisfies FromWorker));
  const snowflake = Object.assign(statements, telemetry.snowflake);
  Object.assign(context, telemetry, { snowflake, SfDate: dates.SfDate });
  try {
    const handler = compileHandler(
      context,
      name,
      parameters.map((p) => p.name),
      body,
      newer,
    );
    const passed = values.map((cell, i) =>
      cell === null ? undefined : conversions.fromCell(parameters[i]!.kind, cell),
    );
    return { value: conversions.toCell(returns, handler(...passed)) };
  } catch (error) {
    return { ...describeEnd(error, name, body), uncaught: uncaught(error) };
  }
}

/** What the CALL fails with. */
function describeEnd(error: unknown, name: string, body: string): { code: string; message: string } {
  const thrown = error as { code?: unknown; stackTraceTxt?: unknown; message?: unknown } | null | undefined;
  if (typeof thrown?.code === 'string') return { code: thrown.code, message: String(thrown.message) };
  if (typeof thrown?.stackTraceTxt === 'string')
    return {
      code: '100183',
      message: `Execution error in store procedure ${name}:\n${thrown.message}\nAt ${thrown.stackTraceTxt}`,
    };
  return { code: '100132', message: uncaughtMessage(error, name, body) };
}
