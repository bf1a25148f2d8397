// What a body's syntax is held to is looked at in the thread that serves, once for all threads that run it: acorn takes long in
// each that has not compiled it yet.
import { createHash } from 'node:crypto';
import { parse } from 'acorn';
import type { SyntaxProblem } from './es2017.js';
import { functionSource } from './sandbox.js';
import type { HandlerSource } from './scalar.js';

const MOST_KNOWN = 1000;
/** By the hash of a source. */
const known = new Map<string, SyntaxProblem | undefined>();

/** The first thing in a handler that ES2017 does not have; undefined when there is none. */
export function newerSyntax(parameters: readonly string[], body: string): SyntaxProblem | undefined {
  const source = functionSource(parameters, body);
  const key = createHash('sha256').update(source).digest('base64');
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, findProblem(source));
  }
  return known.get(key);
}

function findProblem(source: string): SyntaxProblem | undefined {
  try {
    parse(source, { ecmaVersion: 2017, sourceType: 'script' });
    return undefined;
  } catch (error) {
    const { message, loc } = error as SyntaxError & { loc: { line: number; column: number } };
    return { message: message.replace(/ \(\d+:\d+\)$/, ''), line: loc.line, column: loc.column };
  }
}

const sources = new WeakMap<object, HandlerSource>();

/** What a function's handler is made of, looked through; the same for the same routine, which is never changed in place. */
export function handlerSource(routine: Omit<HandlerSource, 'newer'>): HandlerSource {
  const looked = sources.get(routine);
  if (looked) return looked;
  const { name, arguments: parameters, returns, strict, body } = routine;
  const newer = newerSyntax(
    parameters.map((parameter) => parameter.name),
    body,
  );
  const source = { name, arguments: parameters, returns, strict, body, newer };
  sources.set(routine, source);
  return source;
}
