import { GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { GetUserCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { refused, TestCloud } from '../support.js';

describe('signature verification', () => {
  const cloud = new TestCloud();
  before(() => cloud.start());
  after(() => cloud.remove());

  it('knows who signed', async () => {
    const who = await cloud.sts().send(new GetCallerIdentityCommand({}));
    expect(who).to.include({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/admin' });
  });

  it('refuses an unknown key with each service’s own error', async () => {
    const keys = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' };
    await refused(cloud.sts(keys).send(new GetCallerIdentityCommand({})), 'InvalidClientTokenId');
    await refused(cloud.iam(keys).send(new GetUserCommand({})), 'InvalidClientTokenId');
    await refused(cloud.s3(keys).send(new ListBucketsCommand({})), 'InvalidAccessKeyId');
    await refused(cloud.apigateway(keys).send(new GetRestApisCommand({})), 'UnrecognizedClientException');
  });

  it('refuses a wrong secret', async () => {
    const keys = { accessKeyId: cloud.aws.accessKeyId, secretAccessKey: 'not-the-secret' };
    await refused(cloud.sts(keys).send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch');
    await refused(cloud.s3(keys).send(new ListBucketsCommand({})), 'SignatureDoesNotMatch');
    await refused(cloud.apigateway(keys).send(new GetRestApisCommand({})), 'InvalidSignatureException');
  });

  it('refuses a session token that does not belong to the key', async () => {
    const keys = { ...cloud.config().credentials, sessionToken: 'made up' };
    await refused(cloud.sts(keys).send(new GetCallerIdentityCommand({})), 'InvalidClientTokenId');
    await refused(cloud.s3(keys).send(new ListBucketsCommand({})), 'InvalidToken');
  });

  it('refuses a request whose time is far off, which lets the client correct its clock', async () => {
    const late = new TestCloud();
    await late.start();
    late.clock.advance(3600_000);
    await refused(late.s3().send(new ListBucketsCommand({})), 'RequestTimeTooSkewed');
    const client = late.sts();
    await refused(client.send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch', /expired/);
    // The client learns the offset from the first answer and signs the second request with it.
    await client.send(new GetCallerIdentityCommand({}));
    await late.remove();
  });

  it('refuses an unsigned request, and a body that is not the signed one', async () => {
    const unsigned = await fetch(cloud.aws.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(unsigned.status).to.equal(403);
    expect(await unsigned.text()).to.contain('<Code>MissingAuthenticationToken</Code>');

    const client = cloud.sts();
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace('2011-06-15', '2011-06-16');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await refused(client.send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch');
  });

  it('refuses a signature for another region, and takes us-east-1 where AWS knows no region', async () => {
    const { APIGatewayClient } = await import('@aws-sdk/client-api-gateway');
    const { SageMakerClient, ListModelsCommand } = await import('@aws-sdk/client-sagemaker');
    const elsewhere = { ...cloud.config(), region: 'eu-west-1' };
    const words = /Credential should be scoped to a valid region, not 'eu-west-1'/;
    const calls: [() => Promise<unknown>, string][] = [
      [() => new APIGatewayClient(elsewhere).send(new GetRestApisCommand({})), 'InvalidSignatureException'],
      [() => new SageMakerClient(elsewhere).send(new ListModelsCommand({})), 'InvalidSignatureException'],
      [() => new IAMClient(elsewhere).send(new ListRolesCommand({})), 'SignatureDoesNotMatch'],
      [() => new STSClient(elsewhere).send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch'],
    ];
    for (const [call, code] of calls) await refused(call(), code, words);
    const abroad = new TestCloud();
    await abroad.start({ region: 'eu-west-1' });
    try {
      for (const region of ['us-east-1', 'eu-west-1']) {
        const config = { ...abroad.config(), region };
        expect(await new STSClient(config).send(new GetCallerIdentityCommand({}))).to.have.property('Arn');
        expect(await new IAMClient(config).send(new ListRolesCommand({}))).to.have.property('Roles');
      }
    } finally {
      await abroad.remove();
    }
  });
});
