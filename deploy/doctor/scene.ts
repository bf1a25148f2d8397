import type { Resource as ApiResource, RestApi } from '@aws-sdk/client-api-gateway';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { findRestApi } from '../resources/aws/find-rest-api.js';
import { apiResources } from '../resources/aws/rest-api-routes.js';
import { type RoleDetails, roleDetails } from '../resources/aws/role-details.js';
import { makePlan, type Plan, type Stack } from '../resources/plan.js';
import { describeIntegration } from '../resources/snowflake/integrations.js';
import { buildStack } from '../stack/index.js';

/** What one examination looks at. Everything is read once, when a check first asks for it. */
export class Scene {
  private readonly known = new Map<string, Promise<unknown>>();

  /** @param context is copied, so that nothing read for an earlier examination is used again */
  constructor(
    context: Context,
    readonly contract: Contract,
  ) {
    this.ctx = { ...context };
  }

  readonly ctx: Context;

  /** Reads once: later calls under the same key get the same answer. */
  once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.known.get(key) ?? read();
    this.known.set(key, known);
    return known as Promise<T>;
  }

  /** A command line that mends something, for this target. */
  los(command: string): string {
    return `los ${command}${this.ctx.target.name === 'cloud' ? ' --target cloud' : ''}`;
  }

  stack(): Promise<Stack> {
    return this.once('stack', () => buildStack(this.ctx));
  }

  plan(): Promise<Plan> {
    return this.once('plan', async () => makePlan(this.ctx, await this.stack()));
  }

  /** Properties of an integration; undefined when it does not exist. */
  integration(name: string): Promise<Readonly<Record<string, string>> | undefined> {
    return this.once(`integration ${name}`, () => describeIntegration(this.ctx, name));
  }

  role(name: string): Promise<RoleDetails | undefined> {
    return this.once(`role ${name}`, () => roleDetails(this.ctx, name));
  }

  restApi(): Promise<RestApi | undefined> {
    return this.once('rest-api', () => findRestApi(this.ctx));
  }

  /** The API's resource that leads to SageMaker, with its methods. */
  endpointResource(): Promise<ApiResource | undefined> {
    return this.once('endpoint-resource', async () => {
      const api = await this.restApi();
      const resources = await apiResources(this.ctx, api?.id ?? '');
      return resources.find((resource) => resource.path === '/endpoints/{endpoint}/invocations');
    });
  }

  /** DESCRIBE FUNCTION, by property in lower case. */
  describeFunction(name: string): Promise<Readonly<Record<string, string>>> {
    return this.once(`function ${name}`, async () => {
      const rows: Row[] = await this.ctx.snowflake.query(`DESCRIBE FUNCTION ${name}`);
      return Object.fromEntries(
        rows.map((row) => [String(row.property).toLowerCase(), String(row.value ?? '')]),
      );
    });
  }
}
