/** A local AWS in a temporary folder, with the official clients pointed at it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsOptions, type LocalAws, startAws } from '@local-cloud/aws/server.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export const ACCOUNT = '123456789012';

/** One local AWS for a test file. */
export class TestCloud {
  readonly stateDir = mkdtempSync(join(tmpdir(), 'aws-'));
  clock = new MovableClock();
  aws!: LocalAws;

  async start(options: Partial<AwsOptions> = {}): Promise<void> {
    this.aws = await startAws({
      stateDir: this.stateDir,
      clock: this.clock,
      propagationDelay: 0,
      ...options,
    });
  }

  /** Ends it; the state stays until `remove`. */
  async stop(): Promise<void> {
    await this.aws.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  config(credentials: Keys = this.aws) {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return {
      endpoint: this.aws.endpoint,
      region: this.aws.region,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
      maxAttempts: 1,
    };
  }

  iam = (keys?: Keys) => new IAMClient(this.config(keys));
  sts = (keys?: Keys) => new STSClient(this.config(keys));
  s3 = (keys?: Keys) => new S3(this.config(keys));
  apigateway = (keys?: Keys) => new APIGatewayClient(this.config(keys));

  /** A user that may do what the statements say. */
  async user(name: string, ...statements: object[]): Promise<Keys> {
    const iam = this.iam();
    await iam.send(new CreateUserCommand({ UserName: name }));
    if (statements.length > 0)
      await iam.send(
        new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument: policy(...statements) }),
      );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  }

  /** A role with a trust statement and what it may do; returns its ARN. */
  async role(name: string, trust: object, ...statements: object[]): Promise<string> {
    const iam = this.iam();
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...trust }),
      }),
    );
    if (statements.length > 0)
      await iam.send(
        new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: policy(...statements) }),
      );
    return Role!.Arn!;
  }

  /** Credentials of a role that these keys may assume. */
  async assume(keys: Keys, roleArn: string, session: string, externalId?: string): Promise<Keys> {
    const { Credentials } = await this.sts(keys).send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: session,
        ...(externalId !== undefined && { ExternalId: externalId }),
      }),
    );
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  }
}

export function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Expects a call to be refused by name; returns the error for a closer look. */
export async function refused(call: Promise<unknown>, name: string, message?: RegExp): Promise<Error> {
  let error: Error;
  try {
    await call;
  } catch (caught) {
    error = caught as Error;
    expect(error.name).to.equal(name, error.message);
    if (message) expect(error.message).to.match(message);
    return error;
  }
  throw new Error(`expected ${name}, but the call succeeded`);
}
