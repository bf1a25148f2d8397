import { expect } from 'chai';
import { forDataset } from '../../../deploy/dataset/context.js';
import { UserError } from '../../../deploy/errors.js';
import { report } from '../../../deploy/operate/report.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('the report of an account in which nothing is deployed', () => {
  it('says what to do', async () => {
    const cloud = hostedCloud('mail: { to: [] }');
    const root = await cloud.open();
    try {
      const { ctx, contract } = forDataset(root);
      const error = await report(ctx, contract).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).next).to.contain('los apply');
    } finally {
      await root.close();
      cloud.remove();
    }
  });
});
