// What API Gateway keeps: REST APIs with resources, methods and integrations, as the control plane's JSON has them,
// and deployments, each a frozen copy of what was there when it was made.
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import { AwsError } from '../errors.js';

export interface IntegrationResponse {
  statusCode: string;
  selectionPattern?: string;
  responseParameters?: Record<string, string>;
  contentHandling?: string;
}

export interface Integration {
  type: 'AWS';
  httpMethod: string;
  uri: string;
  credentials?: string;
  requestParameters?: Record<string, string>;
  passthroughBehavior: string;
  contentHandling?: string;
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: string[];
  integrationResponses?: Record<string, IntegrationResponse>;
}

export interface MethodResponse {
  statusCode: string;
  responseParameters?: Record<string, boolean>;
  responseModels?: Record<string, string>;
}

export interface Method {
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired: false;
  operationName?: string;
  requestParameters?: Record<string, boolean>;
  requestModels?: Record<string, string>;
  methodResponses?: Record<string, MethodResponse>;
  methodIntegration?: Integration;
}

export interface Resource {
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  resourceMethods: Record<string, Method>;
}

export interface RestApi {
  id: string;
  name: string;
  description?: string;
  createdDate: number;
  version?: string;
  binaryMediaTypes?: string[];
  minimumCompressionSize?: number;
  apiKeySource: 'HEADER';
  endpointConfiguration: { types: string[]; ipAddressType: string };
  policy?: string;
  tags?: Record<string, string>;
  disableExecuteApiEndpoint: boolean;
  rootResourceId: string;
}

/** What an invocation sees: nothing changed since the deployment. */
export interface Snapshot {
  resources: Record<string, Resource>;
  policy?: string;
  binaryMediaTypes?: string[];
  minimumCompressionSize?: number;
  /** Of an API that only VPC endpoints reach. */
  private?: boolean;
}

export interface Deployment {
  id: string;
  description?: string;
  createdDate: number;
  snapshot: Snapshot;
}

export interface Stage {
  stageName: string;
  deploymentId: string;
  description?: string;
  createdDate: number;
  lastUpdatedDate: number;
  variables?: Record<string, string>;
  tags?: Record<string, string>;
  accessLogSettings?: Record<string, string> | undefined;
  /** Of all methods, under the key of all methods, `*` `/` `*`. */
  methodSettings?: Record<string, { throttlingRateLimit?: number; throttlingBurstLimit?: number }>;
}

/** One REST API with everything in it. */
export interface ApiState {
  accountId: string;
  api: RestApi;
  resources: Record<string, Resource>;
  deployments: Record<string, Deployment>;
  stages: Record<string, Stage>;
}

/** All REST APIs, each a file of the state folder. */
export class Apis {
  private readonly apis = new Map<string, ApiState>();

  constructor(private readonly folder: string) {
    let files: string[] = [];
    try {
      files = readdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    for (const file of files) {
      const state = file.endsWith('.json') && readState<ApiState>(join(folder, file));
      if (state) this.apis.set(state.api.id, state);
    }
  }

  find(id: string): ApiState | undefined {
    return this.apis.get(id);
  }

  ofAccount(accountId: string): ApiState[] {
    return [...this.apis.values()]
      .filter((state) => state.accountId === accountId)
      .sort((a, b) => a.api.createdDate - b.api.createdDate || (a.api.id < b.api.id ? -1 : 1));
  }

  save(state: ApiState): void {
    this.apis.set(state.api.id, state);
    writeState(join(this.folder, `${state.api.id}.json`), state);
  }

  delete(id: string): void {
    this.apis.delete(id);
    rmSync(join(this.folder, `${id}.json`), { force: true });
  }
}

/** An identifier as API Gateway makes them: lower-case letters and digits. */
export function newId(length: number): string {
  return [...randomBytes(length)].map((byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('');
}

export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', message, 400);
export const missingError = (message: string): AwsError => new AwsError('NotFoundException', message, 404);
export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, 409);
