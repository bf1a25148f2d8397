// API Gateway's control plane: tags of REST APIs and stages, by ARN.
import { featureError } from '../errors.js';
import { type ApiCall, type ApiOperation, apiOf, map } from './call.js';
import { stageOf } from './deployments.js';
import { badRequest } from './model.js';

/** What an ARN like `arn:aws:apigateway:REGION::/restapis/ID[/stages/NAME]` names. */
function findTagHolder(call: ApiCall): { holder: { tags?: Record<string, string> }; save: () => void } {
  const arn = call.names.arn!;
  const match = /^arn:aws:apigateway:[a-z0-9-]+::\/restapis\/([a-z0-9]+)(?:\/stages\/([^/]+))?$/.exec(arn);
  if (!match)
    throw arn.startsWith('arn:aws:apigateway:')
      ? featureError('API Gateway', `tags of ${arn}`, 'It has tags of REST APIs and stages.')
      : badRequest('Invalid ARN specified in the request');
  const found: ApiCall = { ...call, names: { api: match[1]!, ...(match[2] && { stage: match[2] }) } };
  const state = apiOf(found);
  return { holder: match[2] ? stageOf(found, state) : state.api, save: () => call.apis.save(state) };
}

export const tagOperations: Record<string, ApiOperation> = {
  'GET /tags/{arn}': (call) => ({ tags: findTagHolder(call).holder.tags ?? {} }),
  'PUT /tags/{arn}'(call) {
    const { holder, save } = findTagHolder(call);
    holder.tags = { ...holder.tags, ...map<string>(call.body.tags) };
    save();
    return undefined;
  },
  'DELETE /tags/{arn}'(call) {
    const { holder, save } = findTagHolder(call);
    for (const key of call.request.query.getAll('tagKeys')) delete holder.tags?.[key];
    save();
    return undefined;
  },
};
