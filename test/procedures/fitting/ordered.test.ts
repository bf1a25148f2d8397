import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import { fitEncoder } from '../../../procedures/fitting/encoder.js';
import { encodeValues, trainingRowsSql } from '../../../procedures/fitting/training-file.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { createEncoder } from '../../../procedures/versions/version-functions.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../deploy/products.js';

const ROWS = 17_000;
const CODES = 1100;
/** Codes of three patients each. */
const RARE = 100;

describe('ordered target statistics of a code with thousands of levels', () => {
  refuseProducts({ runs: ['sql/training/ordered.sql'] });
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  /** Rows of the training file: what they are made of, and the code's number in it. */
  let rows: {
    CASE_ID: string;
    PATIENT: string;
    CODE: string | null;
    LOS: number;
    N: number;
    PLACE: string;
  }[];
  let mean: number;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    ctx = await local.open();
    const { contract: health } = forDataset(ctx);
    const contract = { ...health, features: { HOSPITAL_CODE: { type: 'categorical' as const } } };
    const plan = await planOfDeployment(ctx, contract);
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE HEALTH_TRAINING_SET AS
SELECT CASE_ID, MOD(CASE_ID, 2500) AS PATIENTID, CASE WHEN MOD(CASE_ID, 97) = 0 THEN NULL WHEN CASE_ID < ${3 * RARE} THEN 'R' || MOD(CASE_ID, ${RARE}) ELSE 'C' || MOD(CASE_ID * 7919, ${CODES}) END AS HOSPITAL_CODE,
  (1 + MOD(CASE_ID * 104729, 23))::FLOAT AS LOS, 'train' AS ROW_SIDE, 1::FLOAT AS ROW_WEIGHT
FROM (SELECT SEQ4() AS CASE_ID FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS})))`);
    mean = Number(
      (await ctx.snowflake.query<{ M: number }>('SELECT AVG(LOS) AS M FROM HEALTH_TRAINING_SET'))[0]!.M,
    );
    const features = await drive(ctx, fitEncoder(plan, mean));
    const [code] = features;
    if (code?.kind !== 'packed') throw new Error('not packed');
    const version = versionOf(contract, ctx.settings, 1);
    await drive(
      ctx,
      createEncoder(plan, version, { version: version.name, endpoint: 'e', features, floor: 1, bands: [] }),
    );
    const split = { weighted: false, trainMean: mean };
    await drive(ctx, encodeValues(plan, version, features, split));
    const text = `SELECT TO_VARCHAR(t.CASE_ID) AS CASE_ID, TO_VARCHAR(s.PATIENTID) AS PATIENT, s.HOSPITAL_CODE AS CODE, s.LOS, t.ENCODED::FLOAT AS N,
  SUBSTR(MD5('order ' || TO_VARCHAR(s.PATIENTID)), 1, 2) AS PLACE
FROM (${trainingRowsSql(plan, features, 'train', split)}) AS t JOIN HEALTH_TRAINING_SET AS s ON s.CASE_ID = t.CASE_ID`;
    rows = (await ctx.snowflake.query<(typeof rows)[0]>(text)).map((row) => ({
      ...row,
      LOS: Number(row.LOS),
      N: Number(row.N),
    }));
    expected = (row) => {
      const level = (code: string | null) => (code?.startsWith('R') ? 'rare' : code);
      const before = rows.filter((other) => level(other.CODE) === level(row.CODE) && other.PLACE < row.PLACE);
      const stays = before.reduce((sum, { LOS }) => sum + LOS, 0);
      return (stays + code.prior * mean) / (before.length + code.prior);
    };
  });
  let expected: (row: (typeof rows)[0]) => number;
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  it('come from the rows before in an order of patients, and from no other', () => {
    expect(rows.length).to.equal(ROWS);
    for (const row of rows.filter(({ CODE }, i) => i % 60 === 0 || CODE?.startsWith('R')))
      expect(row.N, row.CASE_ID).to.be.closeTo(expected(row), 1e-3);
    expect(rows.some(({ CODE }) => CODE === null)).to.equal(true);
  });

  it('know nothing of the own patient’s stays: not even their places tell them apart', () => {
    const of = new Map<string, Set<string>>();
    for (const { PATIENT, PLACE } of rows) of.set(PATIENT, (of.get(PATIENT) ?? new Set()).add(PLACE));
    for (const places of of.values()) expect(places.size).to.equal(1);
  });
});
