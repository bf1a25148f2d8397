/// <reference path="../../procedures/snowflake.d.ts" />
import { expect } from 'chai';
import { formsOf } from '../../procedures/inspect-deployment.js';

const takes = (database: string, schema: string, statement: string) =>
  formsOf({ snowflake: { database, schema } }).some((form) => form.test(statement));

describe('the statements of a plan', () => {
  it('are taken of a database and a schema whose names have a $', () => {
    expect(takes('CARE$1', 'LOS$', 'SHOW TABLES IN SCHEMA CARE$1.LOS$')).to.equal(true);
    expect(takes('CARE$1', 'LOS$', 'SHOW SCHEMAS IN DATABASE CARE$1')).to.equal(true);
  });

  it('are taken whole, of this deployment, and no others', () => {
    for (const statement of [
      'SHOW TABLES IN SCHEMA OTHER.LOS',
      'SHOW TABLES IN SCHEMA PREDICT_LOS.LOS LIMIT 1',
      'SHOW TABLES IN SCHEMA PREDICT_LOS.LOS ->> SELECT * FROM HEALTH_ADMISSIONS',
      'SHOW TABLES IN SCHEMA PREDICT_LOS.LOS\nUNION SELECT 1',
      'SELECT * FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG',
    ])
      expect(takes('PREDICT_LOS', 'LOS', statement), statement).to.equal(false);
    expect(takes('PREDICT_LOS', 'LOS', 'SHOW TABLES IN SCHEMA PREDICT_LOS.LOS')).to.equal(true);
  });
});
