import { constants, gzipSync } from 'node:zlib';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { compileScalar, type HandlerSource, type ScalarHandler } from '../javascript/scalar.js';
import type { Wanted } from '../query/bind/binder.js';
import type { PackedColumn } from '../storage/packed-texts.js';
import { packCells, type Realm } from './cells.js';

/** What a thread must know of an external function to make requests of rows and rows of answers. */
export interface TranslatedFunction {
  readonly name: string;
  readonly returns: Routine['returns'];
  readonly url: string;
  readonly zipped: boolean;
  /** sf-context-… headers and their values. */
  readonly context: Readonly<Record<string, string>>;
  readonly request?: HandlerSource;
  readonly response?: HandlerSource;
  readonly wanted?: Wanted;
}

/** A request as it goes out. */
export interface TranslatedRequest {
  readonly url: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An answer as it came, unzipped. */
export interface ServiceAnswer {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Whether its content type says that it is JSON. */
  readonly json: boolean;
}

/** One batch: what is made of its rows, and of the answer to them. */
export class BatchTranslation {
  private translatorData: string | undefined;

  constructor(
    private readonly of: TranslatedFunction,
    private readonly rows: number,
  ) {}

  /**
   * @param data the rows as Snowflake sends them, JSON: `{"data":[[0,…],…]}`
   * @throws SnowflakeError 100132 or 100349 of a translator
   */
  request(data: string): TranslatedRequest {
    const { name, context, request } = this.of;
    let { url } = this.of;
    let body = data;
    if (request) {
      const translator = handlerOf(request);
      const event = `{"body":${data},"serviceUrl":${JSON.stringify(url)},"contextHeaders":${JSON.stringify(context)}}`;
      translator.reading(() => {
        const out = translator.translate(translator.parse(event));
        const given = out?.body;
        const text = typeof given === 'string' ? given : translator.text(given);
        if (text === undefined) throw translatorError(name, 'request', 'it returned no "body"');
        body = text;
        const { urlSuffix } = out!;
        if (urlSuffix !== undefined) url += urlSuffix;
        this.translatorData = translator.text(out!.translatorData);
      });
    }
    // At its fastest: the data goes over loopback.
    const bytes = this.of.zipped
      ? gzipSync(body, { level: constants.Z_BEST_SPEED })
      : new TextEncoder().encode(body);
    return { url, body: copyBytes(bytes) };
  }

  /**
   * A cell of the function's return type for each row, in order, and of its members; see packedCells.
   * @throws SnowflakeError 100132, 100338, 100339, 100349
   */
  answer({ body, json }: ServiceAnswer): PackedColumn[] {
    const { name, returns, response, wanted } = this.of;
    const text = Buffer.from(body.buffer).toString('utf8');
    if (!response) {
      const answer = tryParse(JSON.parse, text);
      if (answer === undefined) throw formatError(name, `the response is not JSON: ${text.slice(0, 200)}`);
      return packCells(name, returns, valuesIn(answer, name, this.rows), OUR_REALM, wanted);
    }
    const translator = handlerOf(response);
    return translator.reading(() => {
      const event = translator.parse('{}') as Record<string, unknown>;
      event.body = (json ? tryParse(translator.parse, text) : undefined) ?? text;
      if (this.translatorData !== undefined) event.translatorData = translator.parse(this.translatorData);
      const answer = translator.translate(event)?.body;
      if (answer === undefined) throw translatorError(name, 'response', 'it returned no "body"');
      return packCells(name, returns, valuesIn(answer, name, this.rows), translator, wanted);
    });
  }
}

const OUR_REALM: Realm = { text: JSON.stringify, plain: Object.prototype };

/** Compiled translators, as long as there is what they are made of. */
const handlers = new WeakMap<HandlerSource, ScalarHandler>();

function handlerOf(source: HandlerSource): ScalarHandler {
  let handler = handlers.get(source);
  if (!handler) {
    handler = compileScalar(source);
    handlers.set(source, handler);
  }
  return handler;
}

/** The value of every row, in order. */
function valuesIn(answer: unknown, name: string, rows: number): unknown[] {
  const list = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(list)) throw formatError(name, 'the response has no "data" array');
  if (list.length !== rows) throw formatError(name, `${rows} rows were sent, ${list.length} came back`);
  const values: unknown[] = new Array(rows);
  for (const [at, row] of list.entries()) {
    if (!Array.isArray(row) || row[0] !== at)
      throw formatError(name, `row ${at} of the response is not [${at}, value]`);
    values[at] = row[1];
  }
  return values;
}

/** undefined for what is no JSON. */
function tryParse(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes that can change threads: a small Buffer shares its memory with others. */
function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function formatError(name: string, detail: string): SnowflakeError {
  return new SnowflakeError('100338', '22023', `Invalid response for external function ${name}: ${detail}.`);
}

function translatorError(name: string, which: string, detail: string): SnowflakeError {
  return new SnowflakeError(
    '100349',
    '22023',
    `Error in the ${which} translator of external function ${name}: ${detail}.`,
  );
}
