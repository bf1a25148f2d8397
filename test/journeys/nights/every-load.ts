import { expect } from 'chai';
import { differences } from '../accidents/truth.js';
import { hasTurn } from '../third.js';
import { type Load, NIGHTS, type Nights } from './nights.js';

const LOADS: Readonly<Record<Load, string>> = {
  replace: 'CREATE OR REPLACE TABLE',
  swap: 'ALTER TABLE … SWAP WITH',
  truncate: 'TRUNCATE and INSERT',
};

/**
 * Describes nights of every kind of load, and one whose load fails.
 * @param source what people are told of
 * @param open makes the deployment
 */
export function describeNights(way: string, source: string, open: () => Promise<Nights>): void {
  describe(`nights of a data team that loads its own tables, changes noticed by ${way} (LOS_NIGHTS=${NIGHTS})`, () => {
    let nights: Nights;
    before(async () => {
      nights = await open();
    });
    after(() => nights?.close());

    for (const load of (Object.keys(LOADS) as Load[]).filter((_, i) => hasTurn(i)))
      it(`${NIGHTS} by ${LOADS[load]}: no failed run, no alarm, no lost grant, everybody predicted once for each state`, async function () {
        this.timeout(NIGHTS * 180_000 + 300_000);
        for (let night = 0; night < NIGHTS; night++) {
          await nights.pass(load);
          expect(await nights.wrongs(), `${load}, ${nights.today}`).to.deep.equal([]);
          if (process.env.LOS_NIGHTS) console.log(`${load}: night ${night + 1}, ${nights.today}`);
        }
        expect(await differences(nights.onCall)).to.deep.equal([]);
      });

    it('a load that leaves empty tables: nothing is withdrawn, people are told once, and all is well with the next one', async () => {
      await nights.passEmpty();
      const { onCall } = nights;
      const [row] = await onCall.query(
        'SELECT COUNT_IF(WITHDRAWN_AT > DATEADD(hour, -12, CURRENT_TIMESTAMP())) AS N FROM PREDICT_LOS.LOS.HEALTH_FEATURES',
      );
      expect(Number(row!.N)).to.equal(0);
      expect((await nights.wrongs()).map((one) => one.replace(/: Changes of .*/s, ''))).to.deep.equal([
        `alarm: ${source}`,
        `event: alarm: ${source}`,
      ]);
      await nights.pass('replace');
      expect(await differences(onCall)).to.deep.equal([]);
      expect(
        await onCall.query('SELECT SUBJECT FROM PREDICT_LOS.LOS.LOS_ALARMS WHERE ENDED_ON IS NULL'),
      ).to.deep.equal([]);
    });
  });
}
