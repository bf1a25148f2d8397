import vm from 'node:vm';
import { SnowflakeError } from '../errors.js';
import { type SyntaxProblem, withholdNewer } from './es2017.js';
import { valueConversions } from './values.js';
import { makeZone } from './zoned-dates.js';

/**
 * A realm of its own with the language's globals and nothing else. Like Snowflake's it compiles no strings
 * (`eval`, `new Function`). node:vm is no security boundary: what runs here is the user's own code.
 */
export function createRealm(): vm.Context {
  const context = vm.createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  });
  vm.runInContext('delete globalThis.console; delete globalThis.WebAssembly;', context);
  // --expose-gc (storage/garbage.ts) gives it to every realm, and it cannot be deleted.
  vm.runInContext('if (typeof gc === "function") gc = undefined;', context);
  return context;
}

/** A realm whose dates live in a time zone, with what brings values into it and out of it. */
export function handlerRealm(timezone: string) {
  const context = createRealm();
  const zone = runInRealm<typeof makeZone>(context, makeZone)(timezone);
  const conversions = runInRealm<typeof valueConversions>(context, valueConversions)(zone);
  return { context, zone, conversions };
}

/** Evaluates a function's own source inside the realm, so that what it makes belongs to that realm. */
export function runInRealm<T>(context: vm.Context, source: { toString(): string }): T {
  return vm.runInContext(`(${source.toString()})`, context) as T;
}

/** What handlers reach for most. */
const GLOBALS = ['Array', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Set', 'String', 'isFinite', 'isNaN'];

/**
 * Compiles a handler's body as a function of its arguments, so that line 1 of the body is line 1 in a stack. From
 * here on the realm has ES2017 only.
 * @param newer what newer-syntax.ts has found in it
 * @throws SnowflakeError 100131 for a syntax error, and for syntax newer than ES2017
 */
export function compileHandler(
  context: vm.Context,
  name: string,
  parameters: string[],
  body: string,
  newer: SyntaxProblem | undefined,
): (...values: unknown[]) => unknown {
  const script = handlerScript(name, parameters, body, newer);
  withholdNewer(context);
  const values = vm.runInContext(`[${GLOBALS.join(', ')}]`, context) as unknown[];
  const made = script.runInContext(context) as (...values: unknown[]) => (...values: unknown[]) => unknown;
  return made(...values);
}

const MOST_SCRIPTS = 100;
/** What has been compiled, by all that it was made of: a task's procedures are called again and again. */
const scripts = new Map<string, vm.Script>();

/** @throws SnowflakeError see compileHandler */
function handlerScript(
  name: string,
  parameters: string[],
  body: string,
  newer: SyntaxProblem | undefined,
): vm.Script {
  const key = [name, ...parameters, body].join('\0');
  let script = scripts.get(key);
  if (script) return script;
  script = compileScript(name, parameters, body, newer);
  if (scripts.size >= MOST_SCRIPTS) scripts.clear();
  scripts.set(key, script);
  return script;
}

const headOf = (parameters: readonly string[]) => `(function(${parameters.join(', ')}){`;

/** A handler's body as a function of its arguments. */
export function functionSource(parameters: readonly string[], body: string): string {
  return `${headOf(parameters)}${body}\n})`;
}

function compileScript(
  name: string,
  parameters: string[],
  body: string,
  newer: SyntaxProblem | undefined,
): vm.Script {
  const head = headOf(parameters);
  const source = functionSource(parameters, body);
  try {
    // Alone, or a body could close its function and go on in the one around it.
    new vm.Script(source, { filename: name, columnOffset: -head.length });
  } catch (error) {
    throw compileError(compileMessage(error, name, body));
  }
  if (newer) {
    const line = body.split('\n')[newer.line - 1] ?? '';
    const position = newer.line === 1 ? newer.column - head.length : newer.column;
    throw compileError(
      `Uncaught SyntaxError: ${newer.message} in ${name} at '${line}' position ${position} (the local Snowflake holds JavaScript to ES2017, because no page says which level the engine has)`,
    );
  }
  // As parameters of a function around it: a global of a vm context is looked up through an interceptor, every time.
  const around = `(function(${GLOBALS.join(', ')}){return ${source}})`;
  const columnOffset = -around.indexOf(source) - head.length;
  return new vm.Script(around, { filename: name, columnOffset });
}

const compileError = (what: string) =>
  new SnowflakeError('100131', 'P0000', `JavaScript compilation error: ${what}`);

/** V8 puts "name:line", the source line and a caret above the message of a syntax error. */
function compileMessage(error: unknown, name: string, body: string): string {
  const stack = String((error as Error).stack ?? error);
  const line = Number(/:(\d+)\n/.exec(stack)?.[1] ?? 1);
  const source = body.split('\n')[line - 1] ?? '';
  const caret = /\n( *)\^/.exec(stack)?.[1]?.length ?? 0;
  return `Uncaught ${error} in ${name} at '${source}' position ${caret}`;
}

/** What Snowflake says of an exception that a handler let go, with its (so spelled) "stackstrace". */
export function uncaughtMessage(error: unknown, name: string, body: string): string {
  const thrown = error as { stack?: unknown; message?: unknown } | null | undefined;
  const stack = typeof thrown?.stack === 'string' ? thrown.stack : '';
  const frames = [...stack.matchAll(/at (?:(\S+) \()?([^\s()]+):(\d+):(\d+)\)?/g)]
    .filter((frame) => frame[2] === name)
    .map((frame) => ({ caller: frame[1], line: Number(frame[3]), column: Number(frame[4]) }));
  const top = frames[0];
  if (!top) return `JavaScript execution error: Uncaught ${describe(error)} in ${name}`;
  const source = body.split('\n')[top.line - 1] ?? '';
  const trace = frames
    .map((f) => `${f.caller && f.caller !== 'eval' ? f.caller : name} line: ${f.line}`)
    .join('\n');
  return `JavaScript execution error: Uncaught ${describe(error)} in ${name} at '${source}' position ${top.column - 1}\nstackstrace: \n${trace}`;
}

function describe(error: unknown): string {
  if (error !== null && typeof error === 'object' && !('message' in error)) return JSON.stringify(error);
  return String(error);
}
