import { expect } from 'chai';
import { longestGapHours, TRIGGER_SECONDS, timesDue } from '../../../deploy/ground/schedule.js';

const at = (text: string) => Date.parse(text);
const due = (schedule: string, since: string, now: string, most = 100) =>
  timesDue(schedule, at(since), at(now), most);

describe('how often a schedule was due', () => {
  it('follows from an interval', () => {
    expect(due('15 MINUTE', '2026-11-25T08:00:00Z', '2026-11-25T08:29:59Z')).to.equal(1);
    expect(due('15 MINUTE', '2026-11-25T08:00:00Z', '2026-11-25T08:30:00Z')).to.equal(2);
    expect(due('triggered', '2026-11-25T08:00:00Z', '2026-11-25T08:30:00Z')).to.equal(2);
    expect(due('1 MINUTE', '2026-11-25T08:00:00Z', '2027-11-25T08:00:00Z', 2)).to.equal(2);
    expect(due('15 MINUTE', '2026-11-25T08:00:00Z', '2026-11-25T07:00:00Z')).to.equal(0);
  });

  it('counts the minutes of a cron schedule, after the first moment and up to the last', () => {
    expect(due('USING CRON 0 * * * * UTC', '2026-11-25T08:00:00Z', '2026-11-25T10:00:00Z')).to.equal(2);
    expect(due('USING CRON */20 6-7 * * * UTC', '2026-11-25T05:00:00Z', '2026-11-25T09:00:00Z')).to.equal(6);
  });

  it('lets no one wait for a schedule that rests over the weekend', () => {
    // Friday evening to Monday, before and after its two times.
    const office = 'USING CRON 0 8-17 * * MON-FRI UTC';
    expect(due(office, '2026-11-27T17:30:00Z', '2026-11-30T08:59:00Z')).to.equal(1);
    expect(due(office, '2026-11-27T17:30:00Z', '2026-11-30T09:00:00Z')).to.equal(2);
  });

  it('reads the times in the zone of the schedule, over its change of clocks', () => {
    const zone = 'USING CRON 30 6 * * * America/New_York';
    expect(due(zone, '2026-03-07T12:00:00Z', '2026-03-08T10:29:00Z')).to.equal(0);
    expect(due(zone, '2026-03-07T12:00:00Z', '2026-03-08T10:30:00Z')).to.equal(1);
  });

  it('takes a day of the month or a weekday where both are given', () => {
    const both = 'USING CRON 0 6 1 * MON UTC';
    // The first of December 2026 is a Tuesday; 30 November and 7 December are Mondays.
    expect(due(both, '2026-11-29T00:00:00Z', '2026-12-08T00:00:00Z')).to.equal(3);
  });

  it('leaves so many hours between two runs at most', () => {
    const gaps = [
      '15 MINUTE',
      '12 HOUR',
      'triggered',
      'USING CRON 0 4 * * * UTC',
      'USING CRON 5 6,12,20 * * * UTC',
    ];
    expect(gaps.map(longestGapHours)).to.deep.equal([0.25, 12, TRIGGER_SECONDS / 3600, 24, 10]);
    expect(longestGapHours('USING CRON */10 * * * * UTC')).to.equal(1);
    expect(longestGapHours('USING CRON 0 6 * * MON-FRI UTC')).to.equal(168);
    expect(longestGapHours('USING CRON 0 6 1 * * UTC')).to.equal(744);
    expect(longestGapHours('USING CRON 0 6 1 1 * UTC')).to.equal(12 * 744);
    expect(longestGapHours('USING CRON 0 6 1 JAN,apr,7,OCT * UTC')).to.equal(3 * 744);
  });

  it('leaves out the hour that a clock leaps over in spring', () => {
    const gap = (hours: string) => longestGapHours(`USING CRON 30 ${hours} * * * Europe/Berlin`);
    expect(['2', '5', '*', '2,14', '6-18'].map(gap)).to.deep.equal([48, 24, 2, 24, 12]);
  });
});
