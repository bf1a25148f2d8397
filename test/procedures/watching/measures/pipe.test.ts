import { expect } from 'chai';
import { isUnusual, type PipeRow, pipeMeasures } from '../../../../procedures/watching/measures/pipe.js';
import { pipeSigns } from '../../../../procedures/watching/signs.js';

const usual: PipeRow = {
  ADMISSIONS: 40,
  WEEKS: 8,
  USUAL: 42,
  VARIANCE: 30,
  DAYS_KNOWN: 400,
  WITHDRAWN: 0,
  MOST_WITHDRAWN: 0,
  SINCE_CAME: 0,
  SINCE_WENT: 0,
  WENT_A_DAY: 41,
  WAITING: 0,
  QUARANTINED: 0,
  ASKED: 40,
  UNPREDICTED: 10,
  UNREAD: false,
  HOURS_SINCE_BUILT: 1,
  WAS_UNREAD: true,
};
const signs = (more: Partial<PipeRow>) => pipeSigns(pipeMeasures({ ...usual, ...more }, 6));
const kinds = (more: Partial<PipeRow>) => signs(more).map(({ kind, subject }) => `${kind}: ${subject}`);

describe('the pipeline', () => {
  it('is quiet on a usual day', () => {
    expect(signs({})).to.deep.equal([]);
    expect(signs({ UNREAD: true, HOURS_SINCE_BUILT: 1 })).to.deep.equal([]);
  });

  it('has a day with far too few or too many admissions, once it is known what is usual', () => {
    expect(kinds({ ADMISSIONS: 0 })).to.deep.equal(['volume: admissions']);
    expect(signs({ ADMISSIONS: 0 })[0]).to.include({ severity: 'critical' });
    expect(kinds({ ADMISSIONS: 90 })).to.deep.equal(['volume: admissions']);
    expect(kinds({ ADMISSIONS: 25 })).to.deep.equal([]);
    expect(kinds({ ADMISSIONS: 0, DAYS_KNOWN: 20 })).to.deep.equal([]);
    expect(kinds({ ADMISSIONS: 0, USUAL: 2, VARIANCE: 2 }), 'a small hospital').to.deep.equal([]);
  });

  it('says that more admissions were withdrawn at once than ever', () => {
    expect(kinds({ WITHDRAWN: 10 })).to.deep.equal([]);
    expect(kinds({ WITHDRAWN: 11 })).to.deep.equal(['volume: withdrawals']);
    expect(kinds({ WITHDRAWN: 50, MOST_WITHDRAWN: 20 }), 'where withdrawals are usual').to.deep.equal([]);
    expect(kinds({ WITHDRAWN: 60, MOST_WITHDRAWN: 20 })).to.deep.equal(['volume: withdrawals']);
  });

  it('misses discharges sooner where many are usual', () => {
    expect(kinds({ SINCE_WENT: 2 })).to.deep.equal(['discharges: discharges']);
    expect(kinds({ SINCE_WENT: 2, WENT_A_DAY: 3 })).to.deep.equal([]);
    expect(kinds({ SINCE_WENT: 8, WENT_A_DAY: 3 })).to.deep.equal(['discharges: discharges']);
    expect(kinds({ SINCE_WENT: null, WENT_A_DAY: null })).to.deep.equal([]);
  });

  it('says who waits, what was refused and that no one reads', () => {
    expect(kinds({ WAITING: 3, QUARANTINED: 1 })).to.deep.equal(['scoring: waiting', 'scoring: quarantined']);
    expect(kinds({ UNPREDICTED: 11 })).to.deep.equal(['scoring: no prediction']);
    expect(kinds({ ASKED: 400, UNPREDICTED: 40 })).to.deep.equal([]);
    expect(kinds({ ASKED: 400, UNPREDICTED: 41 })).to.deep.equal(['scoring: no prediction']);
    expect(signs({ UNREAD: true, HOURS_SINCE_BUILT: 9 })[0]!.message).to.match(/not been read for 9 hours/);
    expect(kinds({ UNREAD: true, HOURS_SINCE_BUILT: null }), 'it never ran').to.have.length(1);
    expect(kinds({ UNREAD: true, HOURS_SINCE_BUILT: 9, WAS_UNREAD: false }), 'a quiet night').to.deep.equal(
      [],
    );
  });

  it('leaves out what cannot be asked, and nothing else', () => {
    const all = pipeMeasures(usual, 6).map(({ measure }) => measure);
    const { QUARANTINED: _, ...without } = usual;
    expect(pipeMeasures(without, 6).map(({ measure }) => measure)).to.deep.equal(
      all.filter((measure) => measure !== 'quarantined'),
    );
    expect(pipeMeasures({ WAITING: 3 }, 6).map(({ measure }) => measure)).to.deep.equal(['waiting']);
  });

  it('has words of its own for each measure', () => {
    const all = pipeMeasures({ ...usual, ADMISSIONS: 5, SINCE_WENT: 1, WENT_A_DAY: 1 }, 6);
    const far = pipeSigns(all.map((one) => ({ ...one, value: 7, least: null, most: 3 })));
    expect(new Set(far.map(({ subject }) => subject)).size).to.equal(all.length);
    expect(new Set(far.map(({ message }) => message)).size).to.equal(all.length);
  });

  it('tells what lies outside its bounds', () => {
    const bounds = { measure: 'admissions' as const, usual: 2, least: 1, most: 3 };
    expect([0, 1, 3, 4].map((value) => isUnusual({ ...bounds, value }))).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
  });
});
