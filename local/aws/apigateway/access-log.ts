// The access log of stages, and the account's role without which there is none. CloudWatch is a folder of files here.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import type { AwsContext } from '../service.js';
import type { ApiCall, ApiOperation } from './call.js';
import { badRequest, type Stage } from './model.js';
import { applyPatches, type Patch, setEntry } from './patch.js';

interface AccountState {
  cloudwatchRoleArn?: string;
}

const accountFile = ({ context, request }: ApiCall): string =>
  join(context.stateDir, 'apigateway-accounts', `${request.identity.accountId}.json`);

const accountOf = (call: ApiCall): AccountState => readState<AccountState>(accountFile(call)) ?? {};

/** One setting an account and region. */
export const accountOperations: Record<string, ApiOperation> = {
  'GET /account': (call) => ({
    ...accountOf(call),
    throttleSettings: { burstLimit: 5000, rateLimit: 10000 },
  }),
  'PATCH /account'(call) {
    const account = accountOf(call);
    applyPatches(call, {
      '/cloudwatchRoleArn': ({ op, value }) => {
        if (op === 'remove') delete account.cloudwatchRoleArn;
        else {
          call.context.checkPassRole(call.request.identity, value, 'apigateway.amazonaws.com');
          account.cloudwatchRoleArn = value;
        }
      },
    });
    writeState(accountFile(call), account);
    return account;
  },
};

/** What a patch of a stage's access log does. */
export function patchAccessLog(call: ApiCall, stage: Stage, patch: Patch, name: string): void {
  if (name !== 'destinationArn' && name !== 'format')
    throw badRequest(`Invalid patch path '/accessLogSettings/${name}'`);
  if (patch.op !== 'remove' && accountOf(call).cloudwatchRoleArn === undefined)
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
  if (
    name === 'destinationArn' &&
    patch.op !== 'remove' &&
    !/^arn:aws:logs:[^:]+:\d{12}:log-group:[^:]+$/.test(patch.value)
  )
    throw badRequest(`Invalid ARN specified in the request: ${patch.value}`);
  stage.accessLogSettings = setEntry(stage.accessLogSettings, name, patch.value, patch);
}

/** Writes a request's line into the file of the stage's log group. @param variables of `$context` */
export function logAccess(
  { stateDir }: AwsContext,
  { accessLogSettings }: Stage,
  variables: Readonly<Record<string, string>>,
): void {
  const { destinationArn, format } = accessLogSettings ?? {};
  if (destinationArn === undefined || format === undefined) return;
  const folder = join(stateDir, 'access-logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const group = destinationArn.replace(/^.*:log-group:/, '').replaceAll('/', '_');
  const line = format.replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => variables[name] ?? '-');
  appendFileSync(join(folder, `${group}.log`), `${line}\n`, { mode: 0o600 });
}
