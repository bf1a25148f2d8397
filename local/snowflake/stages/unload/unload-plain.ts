// COPY INTO a location as one file of text whose records are the values as they are: DuckDB writes them, and no row comes
// to JavaScript.
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Account } from '../../account.js';
import { type CompiledQuery, prepare } from '../../query/run/run.js';
import { literal } from '../../storage/storage.js';
import { temporaryPath } from '../files/temporary.js';
import type { CsvFormat, JsonFormat } from '../formats/format.js';
import { freeNames, packer, sizeError, type Unload, type UnloadedFile } from './unload-files.js';
import { headerOf } from './unload-text.js';

/**
 * Writes the records of a query into the one file of SINGLE = TRUE, in the query's order. An empty result writes none.
 * @param record DuckDB SQL of a line, of the query's columns; see plainRecord
 */
export async function writePlain(
  account: Account,
  unload: Unload & { format: CsvFormat | JsonFormat },
  query: CompiledQuery,
  record: string,
): Promise<UnloadedFile[]> {
  const records = await temporaryPath(account, '');
  const whole = await temporaryPath(account, '');
  try {
    const writing = prepare(query.binder, query.sql, (sql) =>
      query.binder.session.connection.run(
        // Its writer of CSV without delimiter and quotes writes texts as they are, many at once; that of blobs one by one.
        `COPY (SELECT ${record} FROM (${sql})) TO ${literal(records)} (FORMAT CSV, HEADER false, DELIMITER '', QUOTE '', ESCAPE '')`,
      ),
    );
    // What is there already is looked for meanwhile.
    const [names, written] = await Promise.allSettled([freeNames(unload), writing]);
    if (names.status === 'rejected') throw names.reason;
    const name = names.value('', 0);
    if (written.status === 'rejected') throw written.reason;
    const rows = written.value;
    if (rows === 0) return [];
    const { path, input } = await packRecords(unload, records, whole);
    if ((await stat(path)).size > unload.maxFileSize) throw sizeError(unload.maxFileSize);
    return [{ name, rows, input, output: await unload.location.files.store(name, path) }];
  } finally {
    for (const path of [records, whole]) await rm(path, { force: true });
  }
}

/** The file with its header, packed as the format says. @returns where it is, and its bytes before packing */
async function packRecords(
  unload: Unload & { format: CsvFormat | JsonFormat },
  records: string,
  whole: string,
): Promise<{ path: string; input: number }> {
  const header = headerOf(unload);
  const input = Buffer.byteLength(header) + (await stat(records)).size;
  const pack = packer(unload.format.compression);
  if (header === '' && !pack) return { path: records, input };
  const text = async function* () {
    yield Buffer.from(header);
    yield* createReadStream(records);
  };
  const file = createWriteStream(whole, { mode: 0o600 });
  await (pack ? pipeline(text, pack, file) : pipeline(text, file));
  return { path: whole, input };
}
