import type { Feature, TableFunction } from '@local-cloud/snowflake/feature.js';
import { assemble } from '@local-cloud/snowflake/features/assemble.js';
import { everyFeature } from '@local-cloud/snowflake/features/every.js';
import { expect } from 'chai';

describe('features', () => {
  const none: TableFunction = () => ({ sql: 'SELECT 1', columns: [] });

  it('are put together under their names', () => {
    const { statements, systemFunctions, tableFunctions, functionsOfTables, sqlViews } =
      assemble(everyFeature);
    expect(statements.length).to.be.greaterThan(50);
    expect([...systemFunctions.keys()]).to.include.members(['SYSTEM$CANCEL_QUERY', 'SYSTEM$SEND_EMAIL']);
    expect([...tableFunctions.keys()]).to.include.members(['FLATTEN', 'TASK_HISTORY', 'COPY_HISTORY']);
    expect([...functionsOfTables.keys()]).to.deep.equal(['VALIDATE']);
    expect([...sqlViews.keys()]).to.deep.equal(['LOAD_HISTORY']);
  });

  it('do not take the place of each other, whatever their order', () => {
    const twice: Feature = { tableFunctions: { FLATTEN: none } };
    expect(() => assemble([...everyFeature, twice])).to.throw('Two features bring FLATTEN.');
    expect(() => assemble([...everyFeature, ...everyFeature])).to.throw('Two features bring');
  });

  it('bring every service that others count on', () => {
    const without = everyFeature.filter(({ services }) => !services?.callExternal);
    expect(() => assemble(without)).to.throw('No feature brings callExternal.');
  });
});
