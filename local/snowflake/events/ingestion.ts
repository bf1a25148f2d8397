import type { Account } from '../account.js';
import type { Column, Table } from '../catalog/objects.js';
import type { Session } from '../sessions/session.js';
import { fromCell } from '../types/cells.js';
import type { Cell } from '../types/data-type.js';
import { quote } from '../types/duck-type.js';
import type { EventRecord } from './records.js';

/** Of a larger payload only the time, the type and the source are kept: docs, logging-tracing-limitations. */
const LARGEST_PAYLOAD = 1_000_000;

/** Records written by one command. */
const BATCH = 5_000;

/** Writes records to their event tables, in the order in which they came, in transactions of its own. */
export class Ingestion {
  private waiting: EventRecord[] = [];
  private writing: Promise<void> = Promise.resolve();
  /** Tables that are being written to, or wait for it. */
  private readonly under = new Map<number, number>();
  private session: Session | undefined;

  constructor(private readonly account: Account) {}

  add(record: EventRecord): void {
    this.waiting.push(record);
  }

  /** True if records wait to be written. */
  get pending(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Writes what was added so far.
   * @returns when it is in its tables; undefined if an open transaction deletes from one of them: it may be the
   *   caller's own, so that it must be able to go on
   */
  flush(): Promise<void> | undefined {
    const records = this.waiting;
    this.waiting = [];
    const tables = new Set(records.map(({ table }) => table.id));
    for (const id of tables) this.under.set(id, (this.under.get(id) ?? 0) + 1);
    const blocked = this.account.locks
      .list()
      .some(
        ({ id, owner, since }) =>
          since !== undefined && this.under.has(id) && owner !== this.session?.transaction,
      );
    if (records.length > 0)
      this.writing = this.writing
        .then(() => this.write(records))
        .finally(() => {
          for (const id of tables) {
            const left = this.under.get(id)! - 1;
            if (left === 0) this.under.delete(id);
            else this.under.set(id, left);
          }
        });
    return blocked ? undefined : this.writing;
  }

  /** Telemetry must not fail the statement that it tells of: what cannot be written is lost, with a warning. */
  private async write(records: EventRecord[]): Promise<void> {
    const byTable = new Map<number, EventRecord[]>();
    for (const record of records) {
      const group = byTable.get(record.table.id);
      if (group) group.push(record);
      else byTable.set(record.table.id, [record]);
    }
    for (const [id, group] of byTable)
      for (let at = 0; at < group.length; at += BATCH) {
        const table = this.account.catalog.get(id);
        if (table?.kind !== 'TABLE') break; // dropped meanwhile
        try {
          await this.insert(table, group.slice(at, at + BATCH));
        } catch (error) {
          process.emitWarning(`event table ${table.name} did not take ${group.length} records: ${error}`);
          break;
        }
      }
  }

  private async insert(table: Table, records: EventRecord[]): Promise<void> {
    this.session ??= await this.account.internalSession({ user: 'SNOWFLAKE', role: '' });
    const columns = table.columns.filter(({ name }) => CELLS[name]);
    const lists = columns.map(({ name }, i) => {
      const cells = JSON.stringify(records.map(CELLS[name]!));
      return `unnest(from_json(${quote(cells)}, '["VARCHAR"]')) AS v${i}`;
    });
    // Sources are long, and most records share them.
    const sources = [...new Set(records.map(({ resource }) => resource))];
    const source = table.columns.find(({ name }) => name === 'RESOURCE_ATTRIBUTES')!;
    const places = JSON.stringify(records.map(({ resource }) => sources.indexOf(resource) + 1));
    lists.push(`unnest(from_json(${quote(places)}, '["INTEGER"]')) AS place`);
    const values = columns.map(({ type }: Column, i) => fromCell(type, `v${i}`));
    values.push(fromCell(source.type, `list_extract([${sources.map(quote).join(', ')}], place)`));
    await this.account.features.services.insertEvents(
      { account: this.account, session: this.session },
      table,
      [...columns, source],
      `SELECT ${values.map((sql, i) => `${sql} AS c${i + 1}`).join(', ')} FROM (SELECT ${lists.join(', ')})`,
    );
  }
}

const timeCell = (ms: number | undefined): Cell =>
  ms === undefined ? null : `${(ms / 1000).toFixed(3)}000000`;
const jsonCell = (value: unknown): Cell => (value === undefined ? null : JSON.stringify(sortKeys(value)));

/** What a record has in each column beside its source; the columns that are not here are reserved, and NULL. */
const CELLS: Record<string, (record: EventRecord) => Cell> = {
  TIMESTAMP: ({ time }) => timeCell(time),
  START_TIMESTAMP: ({ start }) => timeCell(start),
  OBSERVED_TIMESTAMP: ({ observed }) => timeCell(observed),
  TRACE: ({ trace }) => jsonCell(trace),
  RECORD_TYPE: ({ type }) => type,
  RECORD: (record) => (isTooLarge(record) ? null : jsonCell(record.record)),
  RECORD_ATTRIBUTES: (record) => (isTooLarge(record) ? null : jsonCell(record.attributes)),
  VALUE: (record) => (isTooLarge(record) ? null : (record.value ?? null)),
};

function isTooLarge({ attributes, value }: EventRecord): boolean {
  return (value?.length ?? 0) + (attributes ? JSON.stringify(attributes).length : 0) > LARGEST_PAYLOAD;
}

/** Objects list their keys in the order of the alphabet. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
