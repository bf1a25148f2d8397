import { LOADS } from '../../kernel/loads.js';
import type { Session } from '../../sessions/session.js';
import { literal } from '../../storage/storage.js';
import type { Row } from '../../types/data-type.js';
import type { StageFile } from '../files/files.js';

/** How long Snowflake remembers which files a table has loaded: docs, user-guide/data-load-considerations-load. */
const REMEMBERED_MS = 64 * 86_400_000;

/** One file of one COPY INTO table, as its result, COPY_HISTORY and LOAD_HISTORY tell of it. */
export interface FileLoad {
  file: StageFile;
  status: 'LOADED' | 'PARTIALLY_LOADED' | 'LOAD_FAILED';
  parsed: number;
  loaded: number;
  errorLimit: number;
  errors: number;
  first: { message: string; line: number; character: number; column: string } | undefined;
}

/** Decides which of the files a COPY has to load. */
export class LoadedBefore {
  private constructor(
    private readonly files: Map<string, { md5: string; partly: boolean }>,
    private readonly forgottenBefore: number,
    private readonly first: number | undefined,
  ) {}

  static async of(session: Session, tableId: number, now: number): Promise<LoadedBefore> {
    const rows = await session.connection.rows(
      `SELECT coalesce(place, file), md5, loaded_at::VARCHAR, status FROM ${LOADS} WHERE table_id = ${tableId} AND coalesce(status, 'LOADED') <> 'LOAD_FAILED' ORDER BY loaded_at`,
    );
    const files = new Map<string, { md5: string; partly: boolean }>();
    for (const [file, md5, at, status] of rows)
      if (Number(at) > now - REMEMBERED_MS)
        files.set(file!, { md5: md5!, partly: status === 'PARTIALLY_LOADED' });
    const first = rows[0]?.[2];
    return new LoadedBefore(
      files,
      now - REMEMBERED_MS,
      first === null || first === undefined ? undefined : Number(first),
    );
  }

  /** The file, unchanged, is in the table. @param wholly not if some of its rows were left out */
  has(file: StageFile, wholly = false): boolean {
    const known = this.load(file);
    return known !== undefined && known.md5 === file.md5 && !(wholly && known.partly);
  }

  /** Loads of an older state are known by the file's name alone. */
  private load({ place, shown }: StageFile) {
    return this.files.get(place) ?? this.files.get(shown);
  }

  /** It cannot be known any more whether it was loaded: file and table are older than the memory. */
  uncertain(file: StageFile): boolean {
    if (this.load(file) || this.first === undefined) return false;
    return file.modified < this.forgottenBefore && this.first < this.forgottenBefore;
  }
}

/** Remembers loads in the transaction that makes them. @param stage the location as COPY named it */
export async function rememberLoads(
  session: Session,
  tableId: number,
  stage: string,
  loads: FileLoad[],
  now: number,
): Promise<void> {
  if (loads.length === 0) return;
  const text = (value: string | undefined) => (value === undefined ? 'NULL' : literal(value));
  const values = loads.map(({ file, status, parsed, loaded, errorLimit, errors, first }) =>
    [
      tableId,
      literal(file.shown),
      literal(file.md5),
      now,
      literal(status),
      literal(stage),
      file.size,
      loaded,
      parsed,
      text(first?.message),
      first?.line ?? 'NULL',
      first?.character ?? 'NULL',
      text(first?.column),
      errors,
      errorLimit,
      literal(file.place),
    ].join(', '),
  );
  await session.write(`INSERT INTO ${LOADS} VALUES ${values.map((value) => `(${value})`).join()}`);
}

/** What COPY answers about a file that it was told to load, and has loaded before. */
export function skipRow(file: StageFile): Row {
  return [file.shown, 'LOAD_SKIPPED', '0', '0', null, '1', 'File was loaded before.', null, null, null];
}

/** A load as COPY's result shows it. */
export function resultRow(load: FileLoad): Row {
  const { first } = load;
  return [
    load.file.shown,
    load.status,
    String(load.parsed),
    String(load.loaded),
    String(load.errorLimit),
    String(load.errors),
    first?.message ?? null,
    first ? String(first.line) : null,
    first ? String(first.character) : null,
    first?.column ?? null,
  ];
}
