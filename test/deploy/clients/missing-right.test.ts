import { expect } from 'chai';
import { isRefusal, missingRight } from '../../../deploy/clients/missing-right.js';
import { SnowflakeError } from '../../../deploy/clients/snowflake.js';
import type { Context } from '../../../deploy/context.js';
import { examine } from '../../../doctor/examine.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

const denied =
  'User: arn:aws:iam::123456789012:user/ci is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis';

describe('what a cloud refuses', () => {
  it('is told from a mistake of our own', () => {
    expect(isRefusal(new SnowflakeError('no', {}))).to.equal(true);
    expect(isRefusal(Object.assign(new Error('no'), { $metadata: {} }))).to.equal(true);
    expect(isRefusal(new TypeError('x is undefined'))).to.equal(false);
  });

  it('has a next step where a right is lacked, in both clouds', () => {
    expect(missingRight(denied)).to.contain('los bootstrap');
    expect(missingRight("Insufficient privileges to operate on schema 'LOS'.")).to.contain('los bootstrap');
    expect(
      missingRight('Cannot execute task , EXECUTE TASK privilege must be granted to owner role'),
    ).to.contain('GRANT EXECUTE TASK ON ACCOUNT TO ROLE');
    expect(missingRight("invalid identifier 'AGE'")).to.equal(undefined);
  });

  it('is not sent from the doctor to the plan and back', async () => {
    const look = async () => {
      throw Object.assign(new Error(denied), { $metadata: {} });
    };
    const { first } = await examine({ snowflake: {} } as Context, {} as Contract, [
      { name: 'declaration', asks: '', look },
    ]);
    expect(first!.fix).to.contain('los bootstrap').and.not.to.contain('los plan');
  });
});
