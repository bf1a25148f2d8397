import { expect } from 'chai';
import { checkProtected } from '../../../contracts/checking/check-protected.js';
import type { ColumnProfile } from '../../../contracts/profiling/profile.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../deploy/products.js';

describe('protected columns', () => {
  refuseProducts({ runs: ['sql/checking/stand-ins.sql'] });
  const cloud = hostedCloud('', 'applied');
  let ctx: OpenContext;
  before(async () => {
    ctx = await cloud.open();
    // A district has one race in nine of ten stays; neither age nor the bed has to do with it; three levels, 1,500 stays.
    await ctx.snowflake.execute(`CREATE TABLE PREDICT_LOS.LOS.VISITS AS
SELECT SEQ AS VISIT, MOD(SEQ, 3) AS DISTRICT, IFF(MOD(FLOOR(SEQ / 3), 10) = 0, 'b', TO_VARCHAR(MOD(SEQ, 3))) AS RACE,
  MOD(SEQ * 7919, 90) AS AGE, MOD(SEQ * 31, 7) AS BED, MOD(SEQ, 9) AS LOS
FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS SEQ FROM TABLE(GENERATOR(ROWCOUNT => 1500)))`);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const columns = new Map(
    ['VISIT', 'DISTRICT', 'RACE', 'AGE', 'BED'].map((name) => [
      name,
      { name, source: name, type: 'VARCHAR', distinct: 4 } as unknown as ColumnProfile,
    ]),
  );
  const check = (features: string, groups: string) =>
    checkProtected(
      ctx,
      parseContract(
        `name: visits\ntable: VISITS\nid: VISIT\nlos: LOS\ncolumns: { VISIT: NUMBER, DISTRICT: NUMBER, RACE: VARCHAR, AGE: NUMBER, BED: NUMBER, LOS: NUMBER }\nfeatures: ${features}\ngroups: ${groups}`,
        'visits.yaml',
      ),
      'PREDICT_LOS.LOS.VISITS',
      columns,
    );

  it('kept out of the model are held against each input: what stands for them is named, with its figure', async () => {
    const features =
      '{ DISTRICT: { type: categorical }, AGE: { type: numeric }, BED: { type: categorical } }';
    const [found, ...others] = await check(features, '[[RACE]]');
    expect(others).to.deep.equal([]);
    // Levels 0, 1, 2 and b have .3, .3, .3 and .1 of the stays: blind, .72 of guesses are wrong, by district .9 × .1 + .1 × .9 = .18.
    expect(found)
      .to.have.property('warning')
      .that.match(/^RACE is protected and no input, but inputs stand for it: DISTRICT \(75 %\)\. /);
  });

  it('are held against one input at a time: what only two of them tell together goes unseen', async () => {
    // Of stays half have each coin; whether both show the same side is the race.
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE PREDICT_LOS.LOS.VISITS AS
SELECT * REPLACE (MOD(AGE, 2) AS DISTRICT, MOD(FLOOR(VISIT / 2), 2) AS BED, IFF(MOD(AGE, 2) = MOD(FLOOR(VISIT / 2), 2), 'a', 'b') AS RACE) FROM PREDICT_LOS.LOS.VISITS`);
    const features = (also: string) =>
      `{ DISTRICT: { type: categorical }, BED: { type: categorical }${also} }`;
    expect(await check(features(''), '[[RACE]]')).to.deep.equal([]);
    const [found] = await check(
      features(", BOTH: { type: categorical, sql: DISTRICT || '-' || BED }"),
      '[[RACE]]',
    );
    expect(found).to.have.property('warning').that.contains('BOTH (100 %)');
  });

  it('in no group are named, and inputs themselves are a person’s choice', async () => {
    expect(await check('{ RACE: { type: categorical }, AGE: { type: numeric } }', '[[RACE]]')).to.deep.equal(
      [],
    );
    expect(await check('{ RACE: { type: categorical }, AGE: { type: numeric } }', '[[BED]]')).to.deep.equal([
      {
        warning:
          "Protected, and in none of the contract's groups, so that nothing compares predictions by it: RACE.",
      },
    ]);
  });
});
