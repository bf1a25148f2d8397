import { messageOf } from '../../deploy/errors.js';
import {
  describeElsewhere,
  endpointStatements,
  gatewayService,
  type PrivateEndpoint,
  readEndpoints,
} from '../../deploy/operate/private-api.js';
import { type Answer, breaks, type Check, holds } from '../check.js';
import type { Scene } from './scene.js';

/** Check of an endpoint of one's own in Snowflake's network, by which it calls a private API. */
export const privateEndpointCheck: Check<Scene> = {
  name: 'private-endpoint',
  asks: 'Snowflake’s private endpoint of API Gateway (aws.privateApi), where one is set, is ready',
  needs: ['connection'],
  async look(scene) {
    const { ctx, los } = scene;
    const own = ctx.settings.aws.privateApi.filter((id) => id.startsWith('vpce-'));
    if (ctx.settings.aws.privateApi.length === 0) return undefined;
    const unreachable = await describeElsewhere(ctx);
    if (unreachable)
      return breaks(`aws.privateApi cannot work: ${unreachable}`, `Leave it out, then ${los('apply')}`);
    if (own.length === 0) return undefined;
    const endpoints = await readEndpoints(ctx);
    if (endpoints === 'unsupported')
      return breaks(
        'This Snowflake account has no private connectivity: that is a feature of Business Critical.',
        `Leave out aws.privateApi, then ${los('apply')}`,
      );
    if (endpoints === 'hidden')
      return holds(
        'this role may not see it',
        `ACCOUNTADMIN sees it: ${endpointStatements(ctx.aws.region).look};`,
      );
    return describe(scene, own, endpoints);
  },
};

/** Describes the endpoint that the policy of the API lets in. */
function describe(
  { ctx, los }: Scene,
  own: readonly string[],
  endpoints: readonly PrivateEndpoint[],
): Answer | undefined {
  const { region } = ctx.aws;
  const { provision, look, restore, deprovision } = endpointStatements(region);
  const service = gatewayService(region);
  const admin = (statement: string) => `ACCOUNTADMIN: ${statement};`;
  const found = endpoints.find(({ provider_service_name: of }) => of === service);
  const other = endpoints.find(
    ({ snowflake_endpoint_name: id }) => own.includes(id) && id !== found?.snowflake_endpoint_name,
  );
  const then = (id: string) => `aws.privateApi: [${id}], then ${los('apply')}`;
  if (!found)
    return breaks(
      other
        ? `${own[0]} is Snowflake’s endpoint of ${other.provider_service_name}, not of ${service}, and there is none of that.`
        : `Snowflake has no endpoint of ${service}: ${own[0]} does not exist, and calls come another way, which the API’s policy refuses.`,
      `${admin(provision)} Then its id: ${then('vpce-…')}`,
    );
  const { snowflake_endpoint_name: id, endpoint_state: state, status } = found;
  switch (state) {
    case 'PENDING_CREATION':
      return breaks(
        `Snowflake’s endpoint of ${service} is still being made (${status}).`,
        `Wait some minutes: ${admin(look)} With its id, where that is a new one: ${then('vpce-…')}`,
      );
    case 'PENDING_DELETION':
      return breaks(`Snowflake’s endpoint ${id} is to be deleted within seven days.`, admin(restore));
    case 'CREATED':
      break;
    default:
      return breaks(
        `Snowflake’s endpoint ${id} is ${state} and cannot be used.`,
        `${admin(deprovision)} ${admin(provision)} Then its new id: ${then('vpce-…')}`,
      );
  }
  if (own.includes(id)) return undefined;
  return breaks(
    `Snowflake calls through its endpoint ${id}, and aws.privateApi names ${own.join(', ')}${other ? `, of ${other.provider_service_name}` : ''}: the API’s policy refuses it.`,
    then(id),
  );
}

/**
 * Describes a refusal on the way through a private API, where its way is the cause: a role that may not see the
 * endpoint learns it here.
 */
export function describeRefusedWay({ ctx, los }: Scene, error: unknown): Answer | undefined {
  const { privateApi } = ctx.settings.aws;
  const message = messageOf(error);
  if (privateApi.length === 0 || !/explicit deny|Forbidden|Private endpoint/i.test(message)) return undefined;
  const { look, provision } = endpointStatements(ctx.aws.region);
  return breaks(
    `A call did not reach the private API by the way that its policy lets in (${privateApi.join(', ')}): ${message}`,
    `ACCOUNTADMIN: ${look}; It shows ${gatewayService(ctx.aws.region)} as CREATED, with that id; otherwise ${provision}; and the new id as aws.privateApi, then ${los('apply')}`,
  );
}
