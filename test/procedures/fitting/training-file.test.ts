import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import { objectOf } from '../../../procedures/dataset/feature-sql.js';
import { fitEncoder } from '../../../procedures/fitting/encoder.js';
import {
  encodeValues,
  requireOneFile,
  type Side,
  trainingRowsSql,
} from '../../../procedures/fitting/training-file.js';
import { Refused } from '../../../procedures/ground/work.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { createEncoder } from '../../../procedures/versions/version-functions.js';
import { encode, type RawRow, toCsvLine } from '../../../udfs/encoding/encoding.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { scripted } from '../scripted.js';

describe('training rows put together of their values', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    ctx = await local.open();
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  it('are what the encoder makes of whole rows: with values that are missing, rare, new or nowhere, of patients whom no one names', async () => {
    const { contract: health } = forDataset(ctx);
    const contract = {
      ...health,
      features: {
        DEPOSIT: { type: 'numeric' as const },
        // No training row has one: it has no columns.
        NOWHERE: { type: 'categorical' as const },
        WARD: { type: 'categorical' as const },
        GRADE: { type: 'ordered' as const, levels: ['low', 'high'] },
        // A name that the statement itself could want.
        WEIGHT: { type: 'categorical' as const },
      },
    };
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE HEALTH_TRAINING_SET AS
SELECT CASE_ID, IFF(MOD(CASE_ID, 11) = 0, NULL, MOD(CASE_ID, 250)) AS PATIENTID,
  DECODE(MOD(CASE_ID, 7), 0, NULL, 1, 0::FLOAT, 2, -0.1, 3, 1e-9, 4, 123456789.125, CASE_ID / 3)::FLOAT AS DEPOSIT,
  IFF(CASE_ID < 300, NULL, 'new')::VARCHAR AS NOWHERE,
  DECODE(MOD(CASE_ID, 5), 0, NULL, 1, '', 2, 'a', 3, 'it''s, "b"', IFF(CASE_ID < 300, 'a', 'new')) AS WARD,
  DECODE(MOD(CASE_ID, 4), 0, NULL, 1, 'low', 2, 'high', 'none of them') AS GRADE,
  CASE WHEN MOD(CASE_ID, 9) = 0 THEN NULL WHEN MOD(CASE_ID, 29) = 1 THEN 'R' || MOD(CASE_ID, 5) ELSE 'W' || MOD(CASE_ID, IFF(CASE_ID < 300, 20, 25)) END AS WEIGHT,
  (1 + MOD(CASE_ID, 23))::FLOAT AS LOS, IFF(CASE_ID < 300, 'train', 'validation') AS ROW_SIDE, 1::FLOAT AS ROW_WEIGHT
FROM (SELECT SEQ4() AS CASE_ID FROM TABLE(GENERATOR(ROWCOUNT => 400)))`);
    const plan = await planOfDeployment(ctx, contract);
    const fitted = await drive(ctx, fitEncoder(plan, 12));
    // Its levels differ by their means alone; others have places and rows, too.
    const features = fitted.map((code) =>
      code.kind === 'target' ? { ...code, rows: Object.keys(code.levels).map((_, i) => 10 + i) } : code,
    );
    expect(features.map(({ kind }) => kind)).to.deep.equal([
      'numeric',
      'onehot',
      'onehot',
      'ordered',
      'target',
    ]);
    const version = versionOf(contract, ctx.settings, 1);
    const model = { version: version.name, endpoint: 'e', features, floor: 1, bands: [] };
    await drive(ctx, createEncoder(plan, version, model));
    await drive(ctx, encodeValues(plan, version, features, { trainMean: 12 }));
    const read = async (side: Side, which?: string) =>
      await ctx.snowflake.query<{ LINE: string; CASE_ID: number; LOS: number; F: RawRow }>(
        `SELECT t.*, ${objectOf(Object.keys(contract.features), (name) => `s.${name}`)} AS F
FROM (${trainingRowsSql(plan, features, side, { weighted: false }, which)}) AS t
JOIN HEALTH_TRAINING_SET AS s ON s.CASE_ID = t.CASE_ID ORDER BY t.CASE_ID`,
      );
    const validation = await read('validation');
    expect(validation).to.have.length(100);
    for (const { LINE, LOS, F } of validation)
      expect(LINE).to.equal(`${LOS},${toCsvLine(encode(F, features))}`);
    const train = await read('train');
    expect(train).to.have.length(300);
    for (const { LINE, LOS, F } of train) {
      // Of the last feature the statistic is of other rows; its level's place and rows follow.
      const [line, own] = [LINE, `${LOS},${toCsvLine(encode(F, features))}`].map((text) => text.split(','));
      const [statistic] = line!.splice(-3, 1);
      own!.splice(-3, 1);
      expect(line).to.deep.equal(own);
      expect(Number(statistic)).to.be.within(1, 23);
    }
    const some = await read('train', 'CASE_ID < 10');
    expect(some).to.deep.equal(train.slice(0, 10));

    // Of rows that one file takes nothing is said, and the length of a line is measured as it is written.
    const split = { train: 300, weighted: false };
    await drive(ctx, requireOneFile(plan, features, split));
    const bytes = train.reduce((sum, { LINE }) => sum + LINE.length + 1, 0) / train.length;
    const refuse = (rows: number) =>
      scripted(requireOneFile(plan, features, { ...split, train: rows }), () => [{ BYTES: bytes }]);
    const most = Math.floor((5 * 1024 ** 3) / bytes);
    refuse(most);
    expect(() => refuse(most + 1)).to.throw(Refused, /training rows of health make a file of 6 GB/);
  });
});
