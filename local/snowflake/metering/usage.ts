// Credits by the hour, as the metering views show them.
import type { Account } from '../account.js';
import { type Connection, literal } from '../storage/storage.js';

const HOUR = 3_600_000;

/** What used credits: a warehouse, or a task that has none, by its full name. */
export type Consumer = 'WAREHOUSE' | 'TASK';

/** The credits that one consumer used within an hour. */
export interface HourOfUse {
  readonly consumer: Consumer;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly hour: number;
  compute: number;
  cloudServices: number;
}

/** Where statements count that no warehouse runs; Snowflake has the same name for them. */
export const NO_WAREHOUSE = 'CLOUD_SERVICES_ONLY';

/** Sums credits by consumer and hour. */
export class Usage {
  private readonly hours = new Map<string, HourOfUse>();

  /** @param from, to milliseconds since 1970 @param rate credits an hour */
  addCompute(consumer: Consumer, name: string, from: number, to: number, rate: number): void {
    for (let at = from; at < to; ) {
      const hour = at - (at % HOUR);
      const end = Math.min(to, hour + HOUR);
      this.at(consumer, name, hour).compute += ((end - at) / HOUR) * rate;
      at = end;
    }
  }

  addCloudServices(consumer: Consumer, name: string, at: number, credits: number): void {
    this.at(consumer, name, at - (at % HOUR)).cloudServices += credits;
  }

  private at(consumer: Consumer, name: string, hour: number): HourOfUse {
    const key = `${consumer} ${hour} ${name}`;
    let found = this.hours.get(key);
    if (!found) {
      found = { consumer, name, hour, compute: 0, cloudServices: 0 };
      this.hours.set(key, found);
    }
    return found;
  }

  /** Oldest first. */
  all(): HourOfUse[] {
    return [...this.hours.values()].sort((a, b) => a.hour - b.hour);
  }

  /** Adds what was kept when the account was last closed. */
  async read(connection: Connection): Promise<void> {
    await connection.run(TABLE);
    const rows = await connection.rows(
      'SELECT consumer, name, hour::VARCHAR, compute::VARCHAR, cloud_services::VARCHAR FROM "$metering"',
    );
    for (const [consumer, name, hour, compute, cloudServices] of rows) {
      const kept = this.at(consumer as Consumer, name!, Number(hour));
      kept.compute += Number(compute);
      kept.cloudServices += Number(cloudServices);
    }
  }

  /** Keeps everything for the next time. */
  async keep(account: Account): Promise<void> {
    const rows = this.all().map(
      ({ consumer, name, hour, compute, cloudServices }) =>
        `(${literal(consumer)}, ${literal(name)}, ${hour}, ${compute}, ${cloudServices})`,
    );
    const connection = await account.storage.connect();
    try {
      await connection.run(TABLE);
      await connection.run(
        [
          'DELETE FROM "$metering"',
          ...(rows.length > 0 ? [`INSERT INTO "$metering" VALUES ${rows.join()}`] : []),
        ].join('; '),
      );
    } finally {
      connection.close();
    }
  }
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS "$metering" (consumer VARCHAR, name VARCHAR, hour BIGINT, compute DOUBLE, cloud_services DOUBLE)';
