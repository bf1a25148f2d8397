/**
 * The training container: a process of its own, so that the cloud stays responsive while a job trains and a job
 * that is killed is a failed job, nothing more.
 *
 * In: a TrainingTask as JSON on stdin. Out: a TrainingReport as a line on stdout. Exit code 0 or 1.
 */
import { createReadStream, statSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { CsvError, CsvReader, type NumberTable, sniffDelimiter } from '../../xgboost/csv.js';
import { XgboostError } from '../../xgboost/library.js';
import { addLibsvm, emptyRows, LibsvmError, sparseMatrix } from '../../xgboost/libsvm.js';
import { Matrix } from '../../xgboost/matrix.js';
import { train } from '../../xgboost/training.js';
import { ClientError } from '../shared/client-error.js';
import { packTarGz } from '../shared/tar.js';
import { readHyperparameters } from './hyperparameters.js';

/** The files of one channel, in order. */
export interface ChannelFiles {
  files: string[];
  gzip: boolean;
  /** The channel's ContentType; libsvm when absent, as in the container. */
  contentType?: string;
}

export interface TrainingTask {
  hyperparameters: Record<string, string>;
  channels: Record<string, ChannelFiles>;
  /** Where to write model.tar.gz. */
  output: string;
}

export type TrainingReport =
  | { kind: 'done'; metrics: Record<string, number> }
  | { kind: 'failed'; reason: string };

const PARENT = process.ppid;
const report = (entry: TrainingReport) => process.stdout.write(`${JSON.stringify(entry)}\n`);

async function run(task: TrainingTask): Promise<Record<string, number>> {
  const { weights, ...hyperparameters } = readHyperparameters(task.hyperparameters);
  const matrices: Matrix[] = [];
  const load = async (channel: ChannelFiles, name: string) => {
    const matrix = await loadChannel(channel, name, weights);
    matrices.push(matrix);
    return matrix;
  };
  try {
    const { train: trainChannel, validation, ...others } = task.channels;
    const extraneous = Object.keys(others)[0];
    if (extraneous) throw new ClientError(`Extraneous channel found: ${extraneous}`);
    if (!trainChannel) throw new ClientError('Missing required channel: train');
    const trainMatrix = await load(trainChannel, 'train');
    const validationMatrix = validation && (await load(validation, 'validation'));
    const { booster, metrics } = train({
      ...hyperparameters,
      train: trainMatrix,
      validation: validationMatrix,
      onRound() {
        // Training never yields to events, so a vanished cloud is noticed here.
        if (process.ppid !== PARENT) process.exit(1);
      },
    });
    writeFileSync(task.output, packTarGz({ 'xgboost-model': booster.save() }));
    booster.close();
    return Object.fromEntries([...metrics].map(([name, value]) => [name.replace('-', ':'), value]));
  } catch (error) {
    if (error instanceof XgboostError) throw trainingError(error.message);
    throw error;
  } finally {
    for (const matrix of matrices) matrix.close();
  }
}

/** Messages of XGBoost that the container counts as the user's. */
const USERS_FAULT =
  /label must be|must be nonnegative|base_score must be in|dataset only contains pos or neg|Check failed: preds.size\(\)|should be greater equal/;

function trainingError(message: string): Error {
  if (USERS_FAULT.test(message)) return new ClientError(message);
  return new Error(`XGB train call failed with exception:\n ${message}`);
}

async function loadChannel(channel: ChannelFiles, name: string, weights: boolean): Promise<Matrix> {
  const contentType = (channel.contentType ?? 'text/libsvm').split(';')[0]!.trim().toLowerCase();
  if (/^(text\/(x-)?)?libsvm$/.test(contentType)) return loadLibsvm(channel, name);
  if (!/^(text\/)?csv$/.test(contentType))
    throw new ClientError(
      `The local SageMaker does not support the ContentType ${contentType} of the channel ${name}, because it reads text/csv and text/libsvm only`,
    );
  const leading = weights ? 2 : 1;
  const table = await readCsv(channel, leading);
  if (table.rows === 0) throw noData(name);
  // Copying is bound by memory, not by processors: more than two threads gain nothing.
  const matrix = Matrix.dense(table.values, table.rows, table.columns, 2);
  matrix.set('label', table.leading[0]!);
  if (weights) matrix.set('weight', table.leading[1]!);
  return matrix;
}

function noData(name: string): ClientError {
  return new ClientError(`No data in ${name} channel path /opt/ml/input/data/${name}`);
}

async function loadLibsvm(channel: ChannelFiles, name: string): Promise<Matrix> {
  const rows = emptyRows();
  for (const file of channel.files) {
    try {
      addLibsvm(rows, await text(open(file, channel.gzip)), true);
    } catch (error) {
      if (!(error instanceof LibsvmError)) throw error;
      const hint = channel.contentType
        ? ''
        : ' The channel has no ContentType, which means libsvm; for CSV set text/csv.';
      throw new ClientError(`The channel ${name} is not in 'LIBSVM' format: ${error.message}.${hint}`);
    }
  }
  if (rows.rows === 0) throw noData(name);
  return sparseMatrix(rows, 0);
}

function open(file: string, gzip: boolean): Readable {
  const raw = createReadStream(file, { highWaterMark: 4 << 20 });
  return gzip ? raw.pipe(createGunzip()) : raw;
}

async function readCsv(channel: ChannelFiles, leading: number): Promise<NumberTable> {
  let reader: CsvReader | undefined;
  const bytes = channel.gzip ? 0 : channel.files.reduce((sum, file) => sum + statSync(file).size, 0);
  try {
    for (const file of channel.files) {
      for await (const chunk of open(file, channel.gzip) as AsyncIterable<Buffer>) {
        reader ??= new CsvReader({ delimiter: delimiterOf(chunk), leading, skipBlankLines: true, bytes });
        reader.push(chunk);
      }
      reader?.endFile();
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new ClientError(`Failed to load csv data with exception:\n${error.message}`);
    throw error;
  }
  return reader?.table() ?? { rows: 0, columns: 0, values: new Float32Array(), leading: [] };
}

function delimiterOf(chunk: Buffer): number {
  const end = chunk.indexOf(10);
  const delimiter = sniffDelimiter(chunk.toString('latin1', 0, end < 0 ? chunk.length : end));
  if (delimiter === undefined)
    throw new ClientError('Could not determine delimiter on the first line: it has a single column');
  return delimiter;
}

try {
  const task = JSON.parse(await text(process.stdin)) as TrainingTask;
  report({ kind: 'done', metrics: await run(task) });
} catch (error) {
  const kind = error instanceof ClientError ? 'ClientError' : 'AlgorithmError';
  report({ kind: 'failed', reason: `${kind}: ${(error as Error).message}, exit code: 1` });
  process.exitCode = 1;
}
