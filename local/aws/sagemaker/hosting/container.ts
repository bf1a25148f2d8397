/**
 * The serving half of the built-in XGBoost container: a request body in, predictions out.
 * Source: aws/sagemaker-xgboost-container (algorithm_mode/serve.py, serve_utils.py, encoder.py), November 2026.
 */
import type { Booster, Predictions } from '../../xgboost/booster.js';
import { CsvError, CsvReader, sniffDelimiter } from '../../xgboost/csv.js';
import { addLibsvm, emptyRows, LibsvmError, sparseMatrix } from '../../xgboost/libsvm.js';
import { Matrix } from '../../xgboost/matrix.js';
import { pythonFloat, pythonJsonFloat } from './python-text.js';

export interface ContainerRequest {
  contentType?: string;
  accept?: string;
  body: Buffer;
  /** For a transform job, the container writes predictions as lines, whatever is accepted. */
  batch?: boolean;
}

export interface ContainerResponse {
  status: number;
  contentType: string;
  body: string;
}

/** The container's MAX_CONTENT_LENGTH, unless its environment says otherwise. */
const MOST_BYTES = 6 * 1024 * 1024;
const ACCEPTS = ['application/json', 'application/jsonlines', 'application/x-recordio-protobuf', 'text/csv'];
const KNOWN_TYPES =
  'csv, libsvm, parquet, recordio-protobuf, text/csv, text/libsvm, text/x-libsvm, application/x-parquet, application/x-recordio-protobuf';

/** Answers one invocation with a loaded model. Not safe for two threads at once, as the booster is not. */
export function invoke(booster: Booster, request: ContainerRequest): ContainerResponse {
  if (request.body.length > MOST_BYTES)
    return refusal(413, 'The data value transmitted exceeds the capacity limit.');
  if (request.body.length === 0) return { status: 204, contentType: 'text/html; charset=utf-8', body: '' };
  let matrix: Matrix;
  try {
    matrix = parse(request);
  } catch (error) {
    return refusal(415, (error as Error).message);
  }
  let predictions: Predictions;
  try {
    checkWidth(booster.features, matrix.columns, mediaType(request.contentType));
    predictions = booster.predict(matrix);
  } catch (error) {
    return refusal(400, `Unable to evaluate payload provided: ${(error as Error).message}`);
  } finally {
    matrix.close();
  }
  const accept = mediaType(request.accept);
  if (request.batch && (!accept || accept === '*/*' || ACCEPTS.includes(accept)))
    return { status: 200, contentType: accept || 'text/csv', body: asLines(predictions) };
  const wanted = !accept || accept === '*/*' ? 'text/csv' : accept;
  if (wanted === 'text/csv')
    return { status: 200, contentType: 'text/csv; charset=utf-8', body: asCsv(predictions) };
  if (wanted === 'application/json')
    return { status: 200, contentType: 'application/json', body: asJson(predictions) };
  if (ACCEPTS.includes(wanted))
    return refusal(
      406,
      `The local SageMaker does not support Accept ${wanted}; use text/csv or application/json.`,
    );
  const listed = ACCEPTS.map((type) => `'${type}'`).join(', ');
  return refusal(
    406,
    `Accept type ${accept} is not supported. Please use supported accept types: [${listed}].`,
  );
}

/**
 * Rows of another width than the model's are a mistake that XGBoost itself would answer, absent features being missing.
 * The words and the tolerance of one are the container's (predict in serve_utils.py; its issue 410). Its source of June 2026 asks
 * so of pickled models only; here the others are not served what is not theirs either.
 */
function checkWidth(model: number, data: number, contentType: string): void {
  if (!contentType.includes('csv')) {
    if (data > model + 1)
      throw new Error(
        `Feature size of libsvm inference data ${data} is larger than feature size of trained model ${model}.`,
      );
  } else if (data !== model && data !== model - 1)
    throw new Error(
      `Feature size of csv inference data ${data} is not consistent with feature size of trained model ${model}.`,
    );
}

function refusal(status: number, body: string): ContainerResponse {
  return { status, contentType: 'text/html; charset=utf-8', body };
}

/** The media type without parameters, in lower case. */
function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]!.trim().toLowerCase();
}

function parse(request: ContainerRequest): Matrix {
  // The container takes a body without a content type for libsvm.
  const contentType = mediaType(request.contentType) || 'text/libsvm';
  if (/^(text\/)?csv$/.test(contentType)) return parseCsv(request.body);
  if (/^(text\/(x-)?)?libsvm$/.test(contentType)) return parseLibsvm(request.body);
  if (!KNOWN_TYPES.split(', ').includes(contentType))
    throw new Error(`${request.contentType} is not an accepted ContentType: ${KNOWN_TYPES}.`);
  throw new Error(
    `The local SageMaker does not support the content type ${contentType}; send text/csv or text/libsvm.`,
  );
}

function parseLibsvm(body: Buffer): Matrix {
  const rows = emptyRows();
  try {
    addLibsvm(rows, body.toString('utf8'), false);
  } catch (error) {
    if (!(error instanceof LibsvmError)) throw error;
    throw new Error(
      `Loading libsvm data failed with Exception, please ensure data is in libsvm format:\n <class 'ValueError'>\n ${error.message}`,
    );
  }
  // Indices that start at 1 are shifted, as the container does.
  const fromOne = rows.columns.length > 0 && rows.columns.every((column) => column >= 1);
  return sparseMatrix(rows, fromOne ? 1 : 0);
}

function parseCsv(body: Buffer): Matrix {
  const text = trim(body);
  const fail = (why: string) =>
    new Error(
      `Loading csv data failed with Exception, please ensure data is in csv format:\n <class 'ValueError'>\n ${why}`,
    );
  const end = text.indexOf(10);
  const firstLine = text.toString('latin1', 0, Math.min(512, end < 0 ? text.length : end));
  const delimiter = sniffDelimiter(firstLine);
  if (delimiter === undefined) throw fail('Could not determine delimiter');
  const reader = new CsvReader({ delimiter });
  try {
    reader.push(text);
    reader.endFile();
  } catch (error) {
    if (error instanceof CsvError) throw fail(error.message);
    throw error;
  }
  const { values, rows, columns } = reader.table();
  // One thread: the pool answers several invocations side by side.
  return Matrix.dense(values, rows, columns, 1);
}

/** Without leading and trailing white space, as Python's strip. */
function trim(body: Buffer): Buffer {
  const blank = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13);
  let start = 0;
  let end = body.length;
  while (start < end && blank(body[start]!)) start += 1;
  while (end > start && blank(body[end - 1]!)) end -= 1;
  return body.subarray(start, end);
}

function asCsv({ values, rows, perRow }: Predictions): string {
  let text = '';
  for (let row = 0; row < rows; row += 1) {
    text += pythonFloat(values[row * perRow]!);
    for (let i = 1; i < perRow; i += 1) text += `,${pythonFloat(values[row * perRow + i]!)}`;
    text += '\n';
  }
  return text;
}

/** Python's text of each prediction: a number, or a list of them. */
function asLines({ values, rows, perRow }: Predictions): string {
  let text = '';
  for (let row = 0; row < rows; row += 1) {
    const cells = Array.from(values.subarray(row * perRow, (row + 1) * perRow), pythonFloat);
    text += perRow === 1 ? `${cells[0]}\n` : `[${cells.join(', ')}]\n`;
  }
  return text;
}

function asJson({ values, rows, perRow }: Predictions): string {
  const scores: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const cells = Array.from(values.subarray(row * perRow, (row + 1) * perRow), pythonJsonFloat);
    scores.push(`{"score": ${perRow === 1 ? cells[0] : `[${cells.join(', ')}]`}}`);
  }
  return `{"predictions": [${scores.join(', ')}]}`;
}
