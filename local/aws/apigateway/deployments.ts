// API Gateway's control plane: deployments and stages. A change is not live before a deployment.
import { featureError } from '../errors.js';
import { patchAccessLog } from './access-log.js';
import { type ApiCall, type ApiOperation, apiOf, map, only, page, text } from './call.js';
import {
  type ApiState,
  badRequest,
  conflict,
  type Deployment,
  missingError,
  newId,
  type Stage,
} from './model.js';
import { applyPatches, set, setEntry } from './patch.js';

export const deploymentOperations: Record<string, ApiOperation> = {
  'POST /restapis/{api}/deployments'(call) {
    only(call, 'CreateDeployment', ['stageName', 'stageDescription', 'description', 'variables']);
    const state = apiOf(call);
    const methods = Object.values(state.resources).flatMap((resource) =>
      Object.values(resource.resourceMethods),
    );
    if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
    if (methods.some((method) => !method.methodIntegration))
      throw badRequest('No integration defined for method');
    const { policy, binaryMediaTypes, minimumCompressionSize, endpointConfiguration } = state.api;
    const isPrivate = endpointConfiguration.types[0] === 'PRIVATE';
    if (isPrivate && policy === undefined)
      throw badRequest("Private REST API doesn't have a resource policy attached to it");
    const deployment: Deployment = {
      id: newId(6),
      description: text(call.body.description),
      createdDate: seconds(call),
      snapshot: structuredClone({
        resources: state.resources,
        policy,
        binaryMediaTypes,
        minimumCompressionSize,
        ...(isPrivate && { private: true }),
      }),
    };
    state.deployments[deployment.id] = deployment;
    const stageName = text(call.body.stageName);
    if (stageName) {
      const stage = state.stages[stageName];
      if (stage) {
        stage.deploymentId = deployment.id;
        stage.lastUpdatedDate = seconds(call);
      } else newStage(call, state, stageName, deployment.id, text(call.body.stageDescription));
      const variables = map<string>(call.body.variables);
      if (variables) state.stages[stageName]!.variables = variables;
    }
    call.apis.save(state);
    return describe(deployment);
  },

  'GET /restapis/{api}/deployments': (call) =>
    page(
      call,
      Object.values(apiOf(call).deployments)
        .sort((a, b) => b.createdDate - a.createdDate)
        .map(describe),
    ),

  'GET /restapis/{api}/deployments/{deployment}': (call) => describe(deploymentOf(call, apiOf(call))),

  'DELETE /restapis/{api}/deployments/{deployment}'(call) {
    const state = apiOf(call);
    const { id } = deploymentOf(call, state);
    if (Object.values(state.stages).some((stage) => stage.deploymentId === id))
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    delete state.deployments[id];
    call.apis.save(state);
    return undefined;
  },

  'POST /restapis/{api}/stages'(call) {
    only(call, 'CreateStage', ['stageName', 'deploymentId', 'description', 'variables', 'tags']);
    const state = apiOf(call);
    const name = text(call.body.stageName) ?? '';
    const deploymentId = text(call.body.deploymentId) ?? '';
    if (!state.deployments[deploymentId]) throw missingError('Invalid Deployment identifier specified');
    if (state.stages[name]) throw conflict('Stage already exists');
    const stage = newStage(call, state, name, deploymentId, text(call.body.description));
    stage.variables = map<string>(call.body.variables);
    stage.tags = map<string>(call.body.tags);
    call.apis.save(state);
    return stage;
  },

  'GET /restapis/{api}/stages'(call) {
    const { stages } = apiOf(call);
    const deployment = call.request.query.get('deploymentId');
    // This list alone has no pages.
    return {
      item: Object.values(stages).filter((stage) => !deployment || stage.deploymentId === deployment),
    };
  },

  'GET /restapis/{api}/stages/{stage}': (call) => stageOf(call, apiOf(call)),

  'PATCH /restapis/{api}/stages/{stage}'(call) {
    const state = apiOf(call);
    const stage = stageOf(call, state);
    applyPatches(call, {
      '/deploymentId': ({ value }) => {
        if (!state.deployments[value]) throw badRequest('Invalid deployment identifier specified');
        stage.deploymentId = value;
      },
      '/description': (patch) => {
        stage.description = set(patch.value, patch);
      },
      '/variables/{}': (patch, name) => {
        stage.variables = setEntry(stage.variables, name, patch.value, patch);
      },
      '/accessLogSettings/{}': (patch, name) => patchAccessLog(call, stage, patch, name),
      '/*/{}': (patch, name) => {
        const setting = {
          '*/throttling/rateLimit': 'throttlingRateLimit',
          '*/throttling/burstLimit': 'throttlingBurstLimit',
        }[name];
        if (!setting)
          throw featureError(
            'API Gateway',
            `the method setting /*/${name}`,
            'It has throttling/rateLimit and burstLimit for all methods.',
          );
        const settings = setEntry(stage.methodSettings?.['*/*'], setting, Number(patch.value), patch);
        stage.methodSettings = settings && { '*/*': settings };
      },
    });
    stage.lastUpdatedDate = seconds(call);
    call.apis.save(state);
    return stage;
  },

  'DELETE /restapis/{api}/stages/{stage}'(call) {
    const state = apiOf(call);
    delete state.stages[stageOf(call, state).stageName];
    call.apis.save(state);
    return undefined;
  },
};

const seconds = ({ context }: ApiCall): number => Math.floor(context.clock.now() / 1000);

function describe(deployment: Deployment): unknown {
  const { snapshot: _, ...rest } = deployment;
  return rest;
}

function deploymentOf(call: ApiCall, state: ApiState): Deployment {
  const deployment = state.deployments[call.names.deployment!];
  if (!deployment) throw missingError('Invalid Deployment identifier specified');
  return deployment;
}

/** The stage that the path names. */
export function stageOf(call: ApiCall, state: ApiState): Stage {
  const stage = state.stages[call.names.stage!];
  if (!stage) throw missingError('Invalid stage identifier specified');
  return stage;
}

function newStage(
  call: ApiCall,
  state: ApiState,
  name: string,
  deploymentId: string,
  description?: string,
): Stage {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  const stage: Stage = {
    stageName: name,
    deploymentId,
    description,
    createdDate: seconds(call),
    lastUpdatedDate: seconds(call),
  };
  state.stages[name] = stage;
  return stage;
}
