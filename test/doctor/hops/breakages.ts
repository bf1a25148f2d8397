import {
  CreateDeploymentCommand,
  DeleteMethodCommand,
  DeleteResourceCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetDeploymentsCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Context } from '../../../deploy/context.js';
import { promote } from '../../../deploy/model/promote.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { findRestApi } from '../../../deploy/resources/aws/find-rest-api.js';
import { describeIntegration } from '../../../deploy/resources/snowflake/integrations.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { type Diagnosis, examine } from '../../../doctor/examine.js';
import { literal } from '../../../procedures/ground/names.js';
import { Journey } from '../../deploy/journey.js';

/** What the tests do to a deployment by hand, through SQL and the AWS SDK. */
export class Breakages {
  readonly journey: Journey;

  constructor(readonly ctx: OpenContext) {
    this.journey = new Journey(ctx);
  }

  look(ctx: Context = this.ctx): Promise<Diagnosis> {
    return examine(ctx, this.journey.contract);
  }

  apply() {
    return apply(this.ctx);
  }

  promote() {
    return promote(this.ctx, this.journey.contract);
  }

  /** Runs the task graph. */
  run() {
    return runGraph(this.ctx, this.journey.contract);
  }

  /** Lets calls go wrong until they are cleared by giving none. */
  async faults(...faults: string[]) {
    const { url, token } = this.ctx.target.control!;
    await fetch(`${url}/faults`, {
      method: faults.length ? 'POST' : 'DELETE',
      headers: { authorization: `Bearer ${token}` },
      ...(faults.length ? { body: JSON.stringify({ faults }) } : {}),
    });
  }

  sql(statement: string): Promise<number> {
    return this.ctx.snowflake.execute(statement);
  }

  private async method() {
    const { apiGateway } = this.ctx.aws;
    const { items: apis = [] } = await apiGateway.send(new GetRestApisCommand({}));
    const restApiId = apis[0]!.id!;
    const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
    const resourceId = items.find(({ path }) => path?.endsWith('/invocations'))!.id!;
    return { restApiId, resourceId, httpMethod: 'POST' };
  }

  async deleteApi() {
    const { restApiId } = await this.method();
    await this.ctx.aws.apiGateway.send(new DeleteRestApiCommand({ restApiId }));
  }

  async api(path: string, value: string) {
    const { restApiId } = await this.method();
    await this.ctx.aws.apiGateway.send(
      new UpdateRestApiCommand({ restApiId, patchOperations: [{ op: 'replace', path, value }] }),
    );
  }

  async deleteMethod() {
    await this.ctx.aws.apiGateway.send(new DeleteMethodCommand(await this.method()));
  }

  async changeMethod(path: string, value: string) {
    const patchOperations = [{ op: 'replace' as const, path, value }];
    await this.ctx.aws.apiGateway.send(
      new UpdateMethodCommand({ ...(await this.method()), patchOperations }),
    );
  }

  async changeIntegration(path: string, value: string) {
    const patchOperations = [{ op: 'replace' as const, path, value }];
    await this.ctx.aws.apiGateway.send(
      new UpdateIntegrationCommand({ ...(await this.method()), patchOperations }),
    );
  }

  async changeErrorPattern(statusCode: string, value: string) {
    const patchOperations = [{ op: 'replace' as const, path: '/selectionPattern', value }];
    await this.ctx.aws.apiGateway.send(
      new UpdateIntegrationResponseCommand({ ...(await this.method()), statusCode, patchOperations }),
    );
  }

  async deleteStage() {
    const { restApiId } = await this.method();
    await this.ctx.aws.apiGateway.send(new DeleteStageCommand({ restApiId, stageName: 'prod' }));
  }

  /** Deploys what is configured now, as the console's button does. */
  async deploy(description: string) {
    const { restApiId } = await this.method();
    await this.ctx.aws.apiGateway.send(
      new CreateDeploymentCommand({ restApiId, stageName: 'prod', description }),
    );
  }

  async deploymentIds(): Promise<string[]> {
    const { restApiId } = await this.method();
    const { items = [] } = await this.ctx.aws.apiGateway.send(new GetDeploymentsCommand({ restApiId }));
    return items.map(({ id }) => id!);
  }

  async changeStage(path: string, value: string) {
    const { restApiId } = await this.method();
    const patchOperations = [{ op: 'replace' as const, path, value }];
    await this.ctx.aws.apiGateway.send(
      new UpdateStageCommand({ restApiId, stageName: 'prod', patchOperations }),
    );
  }

  async policy(RoleName: string, PolicyName: string, document: object) {
    await this.ctx.aws.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
    );
  }

  /** Takes a route away, and deploys that under the mark of what apply deployed. */
  async removeRoute(path: string) {
    const { id: restApiId, description } = (await findRestApi(this.ctx))!;
    const { items = [] } = await this.ctx.aws.apiGateway.send(
      new GetResourcesCommand({ restApiId, limit: 500 }),
    );
    const resourceId = items.find((item) => item.path === path)!.id;
    await this.ctx.aws.apiGateway.send(new DeleteResourceCommand({ restApiId, resourceId }));
    await this.deploy(description!.split(' ').at(-1)!);
  }

  async stripPolicies(RoleName: string) {
    const { PolicyNames = [] } = await this.ctx.aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await this.ctx.aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  }

  async deleteRole(RoleName: string) {
    await this.stripPolicies(RoleName);
    await this.ctx.aws.iam.send(new DeleteRoleCommand({ RoleName }));
  }

  async trust(RoleName: string, statement: object) {
    await this.ctx.aws.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
        }),
      }),
    );
  }

  /** The right user with the external ID of another integration. */
  async wrongExternalId(role: string, integration: string, property: string) {
    const described = await describeIntegration(this.ctx, integration);
    await this.trust(role, {
      Principal: { AWS: described?.[`${property}_IAM_USER_ARN`] },
      Condition: { StringEquals: { 'sts:ExternalId': 'of_another_integration' } },
    });
  }

  /** Makes an integration again as it was, which gives it a new external ID. */
  async replaceApiIntegration(name: string) {
    const [row] = await this.ctx.snowflake.query(`SHOW API INTEGRATIONS LIKE '${name}'`);
    const described = await describeIntegration(this.ctx, name);
    await this.sql(
      `CREATE OR REPLACE API INTEGRATION ${name} API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${described!.API_AWS_ROLE_ARN}'
API_ALLOWED_PREFIXES = ('${described!.API_ALLOWED_PREFIXES!.replace(/^\[|\]$/g, '')}') ENABLED = TRUE COMMENT = ${literal(String(row!.comment))}`,
    );
  }
}
