import { setTimeout as sleep } from 'node:timers/promises';
import { GetDeploymentsCommand, UpdateIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import type { Context } from '../../deploy/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { applyPlan } from '../../deploy/resources/apply.js';
import { findRestApi } from '../../deploy/resources/aws/find-rest-api.js';
import { restApiKind } from '../../deploy/resources/aws/rest-api.js';
import type { RestApiDefinition } from '../../deploy/resources/aws/rest-api-properties.js';
import { apiResources } from '../../deploy/resources/aws/rest-api-routes.js';
import { makePlan, type Stack } from '../../deploy/resources/plan.js';
import type { Resource } from '../../deploy/resources/resource.js';
import { type GrantsDefinition, grantsKind } from '../../deploy/resources/snowflake/grants.js';
import { describeIntegration } from '../../deploy/resources/snowflake/integrations.js';
import { buildStack } from '../../deploy/stack/index.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { applyUntil } from '../deploy/interrupted.js';
import { Journey } from '../deploy/journey.js';

/** What the version before had: one route of the API, and nothing of LOS_SAGEMAKER. */
async function stackBefore(ctx: Context): Promise<Stack> {
  const { resources, kinds } = await buildStack(ctx);
  const later = /los-control|los-snowflake-control|LOS_SAGEMAKER\(|LOS_CONTROL_/;
  return {
    kinds,
    resources: resources.flatMap((resource): Resource[] => {
      if (later.test(resource.name)) return [];
      const { kind, name, definition } = resource;
      const dependsOn = resource.dependsOn.filter((id) => !later.test(id));
      if (kind === 'snowflake.grants') {
        const { grants, objects } = definition as GrantsDefinition;
        const then = {
          grants: grants.filter((grant) => !later.test(grant.name)),
          objects: objects.filter((object) => !later.test(object)),
        };
        return [grantsKind.resource(name, then, { dependsOn, redo: true })];
      }
      if (kind !== 'aws.rest-api') return [{ ...resource, dependsOn }];
      const api = definition as RestApiDefinition;
      const policy = JSON.parse(JSON.stringify(api.resourcePolicy)) as {
        Statement: object[];
      };
      policy.Statement = policy.Statement.slice(0, 1);
      const then = { ...api, resourcePolicy: policy, routes: api.routes.slice(0, 1) };
      return [restApiKind.resource(name, then, { dependsOn })];
    }),
  };
}

describe('los apply over a deployment without routes to SageMaker’s control plane', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    ctx = await cloud.open();
    const stack = await stackBefore(ctx);
    await applyPlan(ctx, stack, await makePlan(ctx, stack));
    journey = new Journey(ctx);
    await journey.load(4000);
    await journey.drive();
  });
  after(async () => {
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  const identity = async () => {
    const { id } = (await findRestApi(ctx))!;
    const resources = await apiResources(ctx, id!);
    const path = '/endpoints/{endpoint}/invocations';
    const described = await describeIntegration(ctx, ctx.settings.snowflake.integrations.api);
    return {
      api: id,
      route: resources.find((resource) => resource.path === path)!.id,
      externalId: described!.API_AWS_EXTERNAL_ID,
    };
  };

  it('says what comes, and removes and replaces nothing', async () => {
    const { changes } = await plan(ctx);
    expect(changes.filter(({ action }) => action === 'remove')).to.deep.equal([]);
    const api = changes.find(({ id }) => id === 'aws.rest-api:los')!;
    expect(api.action).to.equal('update');
    // The routes by name, and not the whole of each.
    expect(api.differences.map(({ property }) => property)).to.have.members([
      'resource policy',
      'methods',
      'deployed version',
    ]);
  });

  it('heals it in place, killed on the way too, while predict_los answers throughout', async () => {
    const before = await identity();
    let asked = 0;
    let ended = false;
    const asking = (async () => {
      const own = await cloud.open();
      while (!ended) {
        const [row] = await own.snowflake.query(
          "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('VISITORS_WITH_PATIENT', 3)) AS DAYS",
        );
        expect(Number(row!.DAYS)).to.be.greaterThan(0);
        asked++;
      }
      await own.close();
    })();
    /** Waits for a whole question between two applies, however slow the machine is. */
    const answers = async () => {
      const earlier = asked;
      while (asked < earlier + 2) await Promise.race([asking, sleep(20)]);
    };
    try {
      await answers();
      // Somewhere among the routes: nothing of it is served before the end.
      for (const call of [60, 95, 130]) {
        await applyUntil(ctx, { call, carriedOut: call !== 95 });
        await answers();
      }
      await apply(ctx);
      await answers();
    } finally {
      ended = true;
    }
    await asking;
    expect(await identity()).to.deep.equal(before);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const [row] = await ctx.snowflake.query<{ ANSWER: object }>(
      "SELECT LOS_SAGEMAKER('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', 'los-none')) AS ANSWER",
    );
    expect(row!.ANSWER).to.include({ ok: false, error: 'ValidationException' });
  });

  it('leaves the routes that are right alone when one is not', async () => {
    const { id: restApiId } = (await findRestApi(ctx))!;
    const deployments = async () =>
      (await ctx.aws.apiGateway.send(new GetDeploymentsCommand({ restApiId, limit: 500 }))).items!.length;
    const had = await deployments();
    const sent: string[] = [];
    const apiGateway = new Proxy(ctx.aws.apiGateway, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'send') return value;
        return (command: object) => {
          sent.push(command.constructor.name);
          return target.send(command as never);
        };
      },
    });
    const resources = await apiResources(ctx, restApiId!);
    const { id: resourceId } = resources.find(({ path }) => path === '/control/CreateModel')!;
    await ctx.aws.apiGateway.send(
      new UpdateIntegrationCommand({
        restApiId,
        resourceId,
        httpMethod: 'POST',
        patchOperations: [
          {
            op: 'replace',
            path: '/uri',
            value: 'arn:aws:apigateway:us-east-1:sagemaker:action/DeleteModel',
          },
        ],
      }),
    );
    await apply({ ...ctx, aws: { ...ctx.aws, apiGateway } });
    expect(sent.filter((name) => name === 'PutMethodCommand')).to.have.length(1);
    expect(await deployments()).to.equal(had + 1);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });
});
