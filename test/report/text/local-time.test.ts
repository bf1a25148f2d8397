import { expect } from 'chai';
import { isZone, localTime } from '../../../report/text/local-time.js';

describe('a time as people of a place read it', () => {
  it('is in their zone, in summer and in winter, to the minute', () => {
    expect(localTime('2026-11-26T17:05:31.123Z', 'Europe/Berlin')).to.equal('2026-11-26 18:05');
    expect(localTime('2026-07-26T23:05:00Z', 'Europe/Berlin')).to.equal('2026-07-27 01:05');
    expect(localTime(new Date(Date.UTC(2026, 0, 1)), 'America/New_York')).to.equal('2025-12-31 19:00');
    expect(localTime('2026-11-26T00:05:00Z')).to.equal('2026-11-26 00:05');
  });

  it('comes as Snowflake writes it, too', () => {
    for (const text of [
      '2026-11-26 09:05:31.123 -0800',
      '2026-11-26 17:05:31.123 Z',
      '2026-11-26 17:05:31',
      '2026-11-26 18:05:31.000 +01:00',
    ])
      expect(localTime(text, 'Asia/Kolkata'), text).to.equal('2026-11-26 22:35');
  });

  it('stays as it is where it is none', () => {
    expect(localTime('never', 'Europe/Berlin')).to.equal('never');
    expect(localTime('2026-11-26', 'Europe/Berlin')).to.equal('2026-11-26');
  });

  it('needs a zone that there is', () => {
    expect([isZone('Europe/Berlin'), isZone('UTC'), isZone('Mars/Olympus')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
