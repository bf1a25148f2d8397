import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import type { RestApiDefinition } from '../../../deploy/resources/aws/rest-api.js';
import { fingerprintOf } from '../../../deploy/resources/fingerprint.js';
import { inOrder, type Stack } from '../../../deploy/resources/plan.js';
import { idOf } from '../../../deploy/resources/resource.js';
import type { SqlDefinition } from '../../../deploy/resources/snowflake/definition.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { renderPolicy } from '../../../deploy/stack/policy.js';
import { fakeContext } from '../fake-context.js';

const aws = { accountId: '123456789012', region: 'us-east-1' } as AwsClients;

describe('the stack', () => {
  let stack: Stack;
  before(async () => {
    stack = await buildStack(fakeContext({ aws }));
  });

  it('is in order, and every kind has somebody who looks after it', () => {
    const known = new Set(stack.kinds.map(({ id }) => id));
    for (const resource of inOrder(stack.resources)) expect(known, idOf(resource)).to.include(resource.kind);
  });

  it('is the same whenever it is built, so that nothing is replaced without need', async () => {
    const again = await buildStack(fakeContext({ aws }));
    const prints = (s: Stack) => s.resources.map((r) => `${idOf(r)} ${fingerprintOf(r.kind, r.definition)}`);
    expect(prints(again)).to.deep.equal(prints(stack));
  });

  it('leaves room for the fingerprint in every statement, and replaces no integration and no table', () => {
    for (const resource of stack.resources) {
      const { create, update } = resource.definition as Partial<SqlDefinition>;
      if (create === undefined) continue;
      const statements = [create, ...(update ?? [])];
      expect((update ?? [create]).at(-1), idOf(resource)).to.contain('{fingerprint}');
      if (/integration|table|database|schema|warehouse|stream/.test(resource.kind))
        for (const sql of statements) expect(sql, idOf(resource)).not.to.match(/OR REPLACE/i);
    }
  });

  it('lets Snowflake repeat what passes by waiting: throttling, 5xx, and what SageMaker makes of a failed container', () => {
    const api = stack.resources.find(({ kind }) => kind === 'aws.rest-api')!;
    const { responses } = api.definition as RestApiDefinition;
    // As API Gateway selects: the first pattern that matches as a whole, else the response without one.
    const seen = (status: string) =>
      (
        responses.find(({ pattern }) => pattern !== '' && new RegExp(`^(?:${pattern})$`).test(status)) ??
        responses.find(({ pattern }) => pattern === '')
      )?.status;
    const statuses = ['200', '400', '403', '404', '413', '424', '429', '500', '502', '503'];
    expect(statuses.map((status) => `${status} → ${seen(status)}`)).to.deep.equal([
      '200 → 200',
      '400 → 400',
      '403 → 400',
      '404 → 400',
      '413 → 400',
      '424 → 500',
      '429 → 429',
      '500 → 500',
      '502 → 500',
      '503 → 503',
    ]);
  });

  it('does not carry the account of one deployment into another', async () => {
    const other = await buildStack(
      fakeContext({ aws: { accountId: '210987654321', region: 'eu-west-1' } as AwsClients }),
    );
    expect(JSON.stringify(other.resources)).not.to.match(/123456789012|us-east-1/);
  });

  it('gives roles narrow policies: no action or principal is a wildcard', () => {
    const values = {
      prefix: 'los',
      region: 'us-east-1',
      account: '1',
      bucket: 'b',
      stage: 'prod',
      role: 'r',
    };
    for (const name of ['snowflake-storage', 'apigateway', 'sagemaker', 'rest-api-policy']) {
      const { Statement } = renderPolicy(name, values) as {
        Statement: { Action: string | string[]; Principal?: unknown }[];
      };
      for (const { Action, Principal } of Statement) {
        for (const action of [Action].flat()) expect(action).not.to.contain('*');
        expect(JSON.stringify(Principal ?? '')).not.to.contain('*');
      }
    }
    expect(() => renderPolicy('sagemaker', {})).to.throw();
  });
});
