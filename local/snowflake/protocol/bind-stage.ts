import type { Account, Bind } from '../account.js';
import { SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import { resolveLocation } from '../stages/files/location.js';
import { openPlain } from '../stages/files/plain-file.js';
import { readCsv } from '../stages/formats/csv.js';
import { effective } from '../stages/formats/format.js';

/**
 * The values of a statement whose client has put them into a stage instead of the request (`bindStage`), as clients
 * do above CLIENT_STAGE_ARRAY_BINDING_THRESHOLD values: CSV files, a line for each row, a field for each `?`.
 * @param stage e.g. `@SYSTEM$BIND/0a1b…`
 * @throws SnowflakeError if the stage does not exist or its files are no CSV
 */
export async function readStagedBinds(
  account: Account,
  session: Session,
  stage: string,
): Promise<Record<string, Bind>> {
  const location = resolveLocation(account, session, `${stage.replace(/\/$/, '')}/`, 'READ');
  const format = effective(location.fileFormat ?? {});
  const columns: (string | null)[][] = [];
  for (const file of await location.files.list(location.path)) {
    const plain = await openPlain(account, location.files, file, { compression: 'AUTO' });
    try {
      if (format.type !== 'CSV') throw readError(file.name, `${format.type} is no format of bound values`);
      for (const { fields, error, line } of readCsv(await plain.text(), format)) {
        if (error) throw readError(file.name, `line ${line}: ${error.message}`);
        if (columns.length > 0 && columns.length !== fields.length)
          throw readError(file.name, `line ${line} has ${fields.length} values, not ${columns.length}`);
        if (columns.length === 0) columns.push(...fields.map(() => []));
        fields.forEach((field, at) => {
          columns[at]!.push(field ?? null);
        });
      }
    } finally {
      await plain.dispose();
    }
  }
  return Object.fromEntries(columns.map((value, at) => [String(at + 1), { type: 'TEXT', value }]));
}

function readError(file: string, what: string): SnowflakeError {
  return new SnowflakeError(
    '100132',
    '22000',
    `Bound values cannot be read from the stage file '${file}': ${what}.`,
  );
}
