import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import { drive } from '../../../deploy/clients/drive.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { UserError } from '../../../deploy/errors.js';
import { ask, execute, query, Refused, transaction } from '../../../procedures/ground/work.js';
import { fakeContext } from '../fake-context.js';

function context(send: (command: { input: object }) => unknown = () => ({})) {
  const sent: string[] = [];
  const snowflake = {
    query: async (sql: string) => {
      sent.push(sql);
      return [{ N: 1 }];
    },
    execute: async (sql: string) => {
      sent.push(sql);
      if (sql === 'FAIL') throw new Error('no such table');
      return 3;
    },
  } as unknown as Snowflake;
  const sageMaker = {
    send: async (command: { input: object }) => send(command),
  } as unknown as SageMakerClient;
  return { sent, ctx: fakeContext({ snowflake, aws: { sageMaker } as AwsClients }) };
}

describe('a work that is carried out from here', () => {
  it('gets rows and counts', async () => {
    const { ctx } = context();
    const work = (function* () {
      return [yield* query('SELECT 1'), yield* execute('UPDATE T')];
    })();
    expect(await drive(ctx, work)).to.deep.equal([[{ N: 1 }], 3]);
  });

  it('meets the failure of a statement where it asked for it', async () => {
    const { ctx, sent } = context();
    let message = '';
    await drive(
      ctx,
      transaction(() => execute('FAIL')),
    ).catch((error: Error) => {
      message = error.message;
    });
    expect([message, sent]).to.deep.equal(['no such table', ['BEGIN', 'FAIL', 'ROLLBACK']]);
  });

  it('gets SageMaker’s answers as LOS_SAGEMAKER gives them, its errors as values', async () => {
    const { ctx } = context(({ input }) => ({ ...input, $metadata: { requestId: '1' } }));
    expect(await drive(ctx, ask('DescribeEndpoint', { EndpointName: 'e' }))).to.deep.equal({
      ok: true,
      answer: { EndpointName: 'e' },
    });
    const refusing = context(() => {
      throw Object.assign(new Error('Could not find it'), { name: 'ValidationException', $metadata: {} });
    });
    expect(await drive(refusing.ctx, ask('DescribeEndpoint', {}))).to.deep.equal({
      ok: false,
      error: 'ValidationException',
      message: 'Could not find it',
    });
    const away = context(() => {
      throw new Error('getaddrinfo ENOTFOUND');
    });
    let message = '';
    await drive(away.ctx, ask('DescribeEndpoint', {})).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal('getaddrinfo ENOTFOUND');
  });

  it('tells its user what it refuses', async () => {
    const { ctx } = context();
    let thrown: unknown;
    // biome-ignore lint/correctness/useYield: it refuses at once
    const work = (function* () {
      throw new Refused('No.', 'Go.');
    })();
    await drive(ctx, work).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.be.instanceOf(UserError).and.include({ message: 'No.', next: 'Go.' });
  });
});
