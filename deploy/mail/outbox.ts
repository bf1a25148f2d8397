import { randomUUID } from 'node:crypto';
import type { EventMessage, Scope } from '../../procedures/notifying/outbox.js';
import type { Report } from '../../procedures/notifying/record.js';
import { type Argument, callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import type { Outbox } from './spool.js';

/** Seconds after which a report goes by the spool: where Snowflake cannot be reached, the driver itself tries for minutes. */
const PATIENCE = 30;

/** Nothing can be written into LOS_EVENTS: there is none yet, no network, or no right to. */
export class OutboxUnreachable extends Error {}

/** LOS_EVENTS, by its procedures. */
export class SnowflakeOutbox implements Outbox {
  readonly waits = 'It waits in LOS_EVENTS for the next los command or los notify';
  private readonly lease = randomUUID();

  constructor(private readonly ctx: Pick<Context, 'snowflake' | 'settings'>) {}

  async take(scope: Scope, report?: Report): Promise<EventMessage[]> {
    try {
      if (report && report.severity !== 'routine')
        return await this.call('LOS_REPORT_EVENT', [this.lease, scope, { object: report }]);
      if (report) await this.call('LOS_REPORT_ROUTINE', [report.kind, report.scored]);
      const taken = this.call('LOS_LEASE_EVENTS', [this.lease, scope]);
      // A role that may report and not send leaves it to who sends.
      return await (report ? taken.catch(() => []) : taken);
    } catch (error) {
      if (scope === 'notify') throw error;
      throw new OutboxUnreachable(messageOf(error), { cause: error });
    }
  }

  async settle(sent: readonly string[], refused: readonly EventMessage[]): Promise<void> {
    const ids = refused.map(({ id }) => id);
    await this.call('LOS_MARK_EVENTS_SENT', [this.lease, { array: sent }, { array: ids }]);
  }

  private call(name: string, args: readonly Argument[]): Promise<EventMessage[]> {
    return withTimeout(callProcedure<EventMessage[]>(this.ctx, name, args));
  }
}

/** @throws Error where it takes too long */
async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Snowflake did not answer in ${PATIENCE} s`)), PATIENCE * 1000);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
