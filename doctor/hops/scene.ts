import type { Row } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { roleDetails } from '../../deploy/resources/aws/role-details.js';
import { makePlan, type Plan, type Stack } from '../../deploy/resources/plan.js';
import { reading, readOnce } from '../../deploy/resources/reading.js';
import { buildStack } from '../../deploy/stack/index.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { qualify } from '../../procedures/ground/names.js';
import { type Champion, readChampion } from '../champion.js';
import type { Refusal } from '../check.js';
import { isAnswer } from '../run.js';

/** Plan with the kinds that could not be read. */
export interface ReadablePlan extends Plan {
  readonly unread: ReadonlyMap<string, Refusal>;
}

/** Scene of one examination. What does not change meanwhile is read once. */
export class Scene {
  /** Kinds that could not be read, and the hop that has said so. */
  readonly blamed = new Map<string, string>();
  /** For what plan and checks both read: each question is asked once. */
  readonly read: Context;

  constructor(
    readonly ctx: Context,
    readonly contract: Contract,
  ) {
    this.read = reading(ctx);
  }

  /** Reads once: later calls under the same key get the same answer. */
  readOnce<T>(key: string, read: () => Promise<T>): Promise<T> {
    return readOnce(this.read, key, read);
  }

  /** A command line that mends something, for this target. */
  readonly los = (command: string): string =>
    `los ${command}${this.ctx.target.name === 'cloud' ? ' --target cloud' : ''}`;

  stack(): Promise<Stack> {
    return this.readOnce('stack', () => buildStack(this.ctx));
  }

  plan(): Promise<ReadablePlan> {
    return this.readOnce('plan', async () => {
      const unread = new Map<string, Refusal>();
      const plan = await makePlan(this.read, await this.stack(), (kind, error) => {
        if (!isAnswer(error)) throw error;
        unread.set(kind, unread.get(kind) ?? error);
      });
      return { ...plan, unread };
    });
  }

  /** The live REST API's id; undefined: there is none. */
  async apiId(): Promise<string | undefined> {
    return (await this.plan()).outputs.get(`aws.rest-api:${this.ctx.settings.aws.restApi.name}`)?.id;
  }

  /** Its address with the stage, as Snowflake calls it. */
  async apiUrl(): Promise<string | undefined> {
    return (await this.plan()).outputs.get(`aws.rest-api:${this.ctx.settings.aws.restApi.name}`)?.invokeUrl;
  }

  champion(): Promise<Champion | undefined> {
    return this.readOnce('champion', () => readChampion(this.ctx));
  }

  role(name: string) {
    return roleDetails(this.read, name);
  }

  /** DESCRIBE FUNCTION, by property in lower case; with its argument types, unqualified. */
  async describeFunction(name: string): Promise<Readonly<Record<string, string>>> {
    const rows: Row[] = await this.read.snowflake.query(
      `DESCRIBE FUNCTION ${qualify(this.ctx.settings, name)}`,
    );
    return Object.fromEntries(
      rows.map((row) => [String(row.property).toLowerCase(), String(row.value ?? '')]),
    );
  }
}
