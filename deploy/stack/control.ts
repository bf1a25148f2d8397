import { SERVERLESS_MB } from '../../procedures/jobs/endpoint.js';
import { MOST_SECONDS } from '../../procedures/jobs/training-job.js';
import {
  CONTROL_ACTIONS,
  type ControlAction,
  controlActionNames,
} from '../../udfs/control/control-actions.js';
import type { Context } from '../context.js';
import type { RestApiRoute } from '../resources/aws/rest-api-routes.js';
import { roleArn } from './names.js';
import { renderPolicy, vpcValues } from './policy.js';

/*
 * SageMaker from SQL: LOS_SAGEMAKER(action, request) → API Gateway, a route for each action → SageMaker's control plane,
 * as a role that may do just that to what carries the project's prefix. For procedures of the owner alone.
 */

/** The path of an action's route. */
const controlPath = (action: ControlAction) => `/control/${action}`;

type Place = Pick<Context, 'settings' | 'aws'>;

const actionsJson = (actions: readonly string[]) =>
  JSON.stringify(actions.map((action) => `sagemaker:${action}`));

/** Actions of which IAM checks no name. */
export const unscopedActions = actionsJson(
  controlActionNames.filter((action) => CONTROL_ACTIONS[action].length === 0),
);

/** All others, with tags for what they make. @param except what is allowed under conditions @param more for others than procedures */
export const scopedActions = (except: readonly string[] = [], more: readonly string[] = []) =>
  actionsJson([
    ...controlActionNames.filter((action) => CONTROL_ACTIONS[action].length > 0 && !except.includes(action)),
    'AddTags',
    ...more,
  ]);

/**
 * Statements that bound actions which cost money or take code in, as the settings have it and no other, as text
 * between other statements; and the actions. IAM has keys for instance types, run time, network isolation and the VPC
 * (of training jobs and models), and the size of serverless endpoints, so that an endpoint on instances is refused
 * beside those; none for images, counts and output paths. Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon SageMaker", November 2026.
 * @param bounds for a boundary, which has no room for ids of a network: in which one jobs are, the rights of their role say
 */
export function boundJobs({ settings, aws }: Place, bounds = false) {
  const { training, endpoint, prefix } = settings;
  const own = `arn:aws:sagemaker:${aws.region}:${aws.accountId}:*/${prefix}-*`;
  const instances = endpoint.type === 'instance';
  const named = vpcValues({ settings, aws });
  const vpc = named && bounds ? { subnets: null, groups: null } : named;
  const statements = renderPolicy('jobs', {
    own,
    training,
    endpoint,
    serverlessMb: SERVERLESS_MB,
    mostSeconds: MOST_SECONDS,
    instances,
    vpc,
  }) as {
    Action: string | string[];
  }[];
  return {
    actions: statements.flatMap(({ Action }) => Action).map((action) => action.replace('sagemaker:', '')),
    jobs: statements.map((statement) => JSON.stringify(statement)).join(),
  };
}

/** Policy of the role behind the routes: the actions of the list, tags for what it makes, and pass one role on. */
export function controlPolicy({ settings, aws }: Place): object {
  const types = [
    ...new Set(controlActionNames.flatMap((action): readonly string[] => CONTROL_ACTIONS[action])),
  ];
  const { actions, jobs } = boundJobs({ settings, aws });
  return renderPolicy('control', {
    account: aws.accountId,
    kmsKey: settings.aws.kmsKey,
    executionRole: settings.aws.roles.sageMaker,
    actions: scopedActions(actions),
    unscopedActions,
    jobs,
    resources: JSON.stringify(
      types.map((type) => `arn:aws:sagemaker:${aws.region}:${aws.accountId}:${type}/${settings.prefix}-*`),
    ),
  });
}

/**
 * A route for each action. SageMaker reads the operation from X-Amz-Target, which only a constant of the route can set,
 * hence one route each.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function controlRoutes(ctx: Pick<Context, 'settings' | 'aws'>): RestApiRoute[] {
  const { settings, aws } = ctx;
  return controlActionNames.map((action) => ({
    path: controlPath(action),
    integration: {
      uri: `arn:aws:apigateway:${aws.region}:sagemaker:action/${action}`,
      credentials: roleArn(ctx, settings.aws.roles.control),
      requestParameters: {
        'integration.request.header.X-Amz-Target': `'SageMaker.${action}'`,
        'integration.request.header.Content-Type': "'application/x-amz-json-1.1'",
      },
    },
    // A procedure decides by SageMaker's error, so it must arrive: Snowflake would make an error of the query of a 4xx.
    // SageMaker throttles by 400 as well. 429 and 5xx Snowflake repeats by itself.
    responses: [
      { status: '200', pattern: '2\\d{2}|4(?!29)\\d{2}' },
      { status: '429', pattern: '429' },
      { status: '500', pattern: '' },
    ],
    // Snowflake hands a body that is called JSON to the response translator as JSON; SageMaker calls it x-amz-json.
    responseParameters: { 'method.response.header.Content-Type': "'application/json'" },
  }));
}
