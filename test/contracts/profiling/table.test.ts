import { expect } from 'chai';
import { draftContract } from '../../../contracts/drafting/draft-contract.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import type { LocalCloud } from '../../deploy/local-context.js';

describe('a first contract from a table that was there before', () => {
  let local: LocalCloud;
  let ctx: OpenContext;
  before(async () => {
    local = hostedCloud('mail: { to: [] }', 'applied');
    ctx = await local.open();
    await ctx.snowflake.execute(`CREATE TABLE PREDICT_LOS.LOS.STAYS_SEEN AS SELECT
  SEQ4() AS ENCOUNTER_ID,
  'P' || MOD(SEQ4(), 150) AS PATIENT_ID,
  DATEADD(day, MOD(SEQ4(), 90), '2026-01-01'::DATE) AS "Visit Start",
  IFF(MOD(SEQ4(), 9) = 0, NULL, DATEADD(day, MOD(SEQ4(), 90) + MOD(SEQ4(), 7), '2026-01-01'::DATE)) AS "Visit End",
  IFF(MOD(SEQ4(), 20) = 0, 'unbekannt', TO_VARCHAR(MOD(SEQ4(), 80) + 18)) AS AGE,
  IFF(MOD(SEQ4(), 3) = 0, 'seen' || CHR(10) || 'by ' || SEQ4(), 'nothing ' || SEQ4()) AS REMARK,
  TO_VARCHAR(DATEADD(day, -MOD(SEQ4(), 90), '2026-01-01'::DATE), 'DD/MM/YYYY') AS REFERRED,
  TO_VARCHAR(100 + MOD(SEQ4() * 7, 300)) AS DIAGNOSIS_CODE,
  IFF(MOD(SEQ4(), 6) = 0, 'Penicillin', NULL) AS ALLERGIES,
  4700 + MOD(SEQ4(), 30) AS KOSTENSTELLE,
  MOD(SEQ4(), 40) AS BEATMUNGSSTUNDEN
FROM TABLE(GENERATOR(ROWCOUNT => 300))`);
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  it('tells texts, numbers, dates and codes apart by counting in Snowflake', async () => {
    const { yaml, open, looks } = await draftContract(ctx, 'stays_seen');
    expect(open).to.deep.equal([]);
    const contract = parseContract(yaml, 'seen.yaml');
    expect(contract).to.deep.include({
      id: 'ENCOUNTER_ID',
      patient: 'PATIENT_ID',
      admission: 'VISIT_START',
      discharge: 'VISIT_END',
      afterAdmission: ['BEATMUNGSSTUNDEN'],
      sources: { VISIT_START: 'Visit Start', VISIT_END: 'Visit End' },
    });
    expect(contract.features).to.deep.include({
      AGE_NUMBER: { type: 'numeric', sql: 'TRY_TO_DOUBLE(AGE)' },
      ALLERGIES: { type: 'categorical', default: 'none' },
      KOSTENSTELLE: { type: 'categorical' },
    });
    expect(contract.features).not.to.have.any.keys('REMARK', 'REFERRED', 'AGE');
    expect(yaml).to.match(/free text: REMARK/);
    expect(looks.join('\n'))
      .to.match(/AGE: numbers \(95 %\) and other texts/)
      .and.match(/REFERRED: dates \(100 %\) in a column of texts/);
  });
});
