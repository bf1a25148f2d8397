import { expect } from 'chai';
import { StayWard } from './stay-ward.js';

describe('the curve of the latest morning', () => {
  let ward: StayWard;
  before(async () => {
    ward = await StayWard.open('2026-11-03 06:15:00');
    await ward.promote();
    await ward.admit({ id: 'a', admitted: '2026-11-02 10:00:00' });
    await ward.tell(['a', '2026-11-02 12:00:00', 'lactate', 3]);
    await ward.round();
  });
  after(() => ward.close());

  const expected = async () =>
    (
      await ward.query(
        "SELECT TO_VARCHAR(EXPECTED_ON, 'DD') AS DAY, GONE_BY_TOMORROW, GONE_IN_7_DAYS, DAYS_SO_FAR FROM LOS_EXPECTED_DISCHARGES",
      )
    )[0];
  const byCurves = async () => {
    await ward.run('CALL FORECAST_BEDS()');
    const rows = await ward.query(
      "SELECT BY_CURVES FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND LEVEL = 'all' AND HORIZON <= 5 ORDER BY MADE_ON DESC, HORIZON LIMIT 5",
    );
    return rows.map(({ BY_CURVES }) => Number(BY_CURVES));
  };

  it('takes the place of that of the admission in expected discharges and in the forecast of beds', async () => {
    // Half of such patients stay four days or less, of which the first is over.
    expect(await expected()).to.include({ DAY: '06', DAYS_SO_FAR: 1 });
    expect((await byCurves())[0]).to.be.lessThan(1);
    await ward.renew();
    await ward.moveTo('2026-11-03 06:45:00');
    // Of patients with this lactate no one leaves before the sixth day from now.
    expect(await expected()).to.include({ DAY: '08', GONE_BY_TOMORROW: 0, DAYS_SO_FAR: 1 });
    expect(await byCurves()).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it('goes on until there is a newer one, given that the patient is still here', async () => {
    await ward.moveTo('2026-11-08 05:00:00');
    await ward.admit({ id: 'b', admitted: '2026-11-07 22:00:00' });
    await ward.round();
    const [row] = await ward.query(
      "SELECT TO_VARCHAR(EXPECTED_ON, 'MM-DD') AS DAY FROM LOS_EXPECTED_DISCHARGES WHERE CASE_ID = 'a'",
    );
    expect(row).to.deep.equal({ DAY: '11-08' });
  });

  it('of the model of the stay alone: of others the admission has one as good', async () => {
    await ward.promote(null);
    await ward.moveTo('2026-11-08 06:15:00');
    await ward.renew();
    const rows = await ward.query("SELECT CASE_ID, TO_VARCHAR(AS_OF, 'DD') AS DAY FROM LOS_LATEST_CURVES");
    expect(rows).to.deep.equal([{ CASE_ID: 'a', DAY: '03' }]);
  });
});

describe('RENEW_PREDICTIONS, of a hospital whose admissions and discharges are days', () => {
  let ward: StayWard;
  before(async () => {
    ward = await StayWard.open('2026-11-03 06:15:00', 'DATE');
    await ward.promote();
    await ward.admit(
      { id: 'gone', admitted: '2026-11-01', left: '2026-11-02' },
      { id: 'in', admitted: '2026-11-02' },
      { id: 'leaves', admitted: '2026-11-01' },
      { id: 'new', admitted: '2026-11-03' },
    );
    await ward.tell(['in', '2026-11-02 12:00:00', 'lactate', 2]);
    await ward.round();
    await ward.run("UPDATE STAYS SET LEFT_AT = '2026-11-03' WHERE STAY_ID = 'leaves'");
    await ward.round();
  });
  after(() => ward.close());

  it('counts who leaves on the day of the morning as in, and begins with the day after the admission', async () => {
    await ward.renew();
    expect(await ward.daily('CASE_ID, DAY, SOURCE, ACTUAL_REST')).to.deep.equal([
      { CASE_ID: 'in', DAY: 1, SOURCE: 'stay', ACTUAL_REST: null },
      { CASE_ID: 'leaves', DAY: 2, SOURCE: 'admission', ACTUAL_REST: 1 },
    ]);
    await ward.run("UPDATE STAYS SET LEFT_AT = '2026-11-04' WHERE STAY_ID = 'in'");
    await ward.round();
    expect(await ward.daily('ACTUAL_REST', "CASE_ID = 'in'")).to.deep.equal([{ ACTUAL_REST: 2 }]);
  });
});
