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

  it('are those by which it sees what is masked', () => {
    const masked = (relation: string, more = '') =>
      `SELECT REF_ENTITY_NAME, REF_COLUMN_NAME, TAG_NAME FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => '${relation}', REF_ENTITY_DOMAIN => 'TABLE'))${more}`;
    for (const statement of [
      'SHOW TAGS IN SCHEMA PREDICT_LOS.LOS',
      'DESCRIBE MASKING POLICY PREDICT_LOS.LOS.LOS_MASK_TIMESTAMP_NTZ',
      masked('PREDICT_LOS.LOS.LOS_PREDICTION_LOG'),
      masked('PREDICT_LOS.LOS.A', ` UNION ALL ${masked('PREDICT_LOS.LOS.B')}`),
    ])
      expect(takes('PREDICT_LOS', 'LOS', statement), statement).to.equal(true);
    for (const statement of [
      masked('OTHER.LOS.LOS_PREDICTION_LOG'),
      masked('PREDICT_LOS.LOS.A', ' UNION ALL SELECT CASE_ID, NULL, NULL FROM LOS_PREDICTION_LOG'),
      'DESCRIBE MASKING POLICY OTHER.LOS.LOS_MASK_NUMBER',
    ])
      expect(takes('PREDICT_LOS', 'LOS', statement), statement).to.equal(false);
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
