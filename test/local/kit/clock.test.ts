import { MovableClock, systemClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';

describe('clocks', () => {
  it('the system clock sleeps, and wakes early when told', async () => {
    const started = systemClock.now();
    await systemClock.sleep(30);
    expect(systemClock.now() - started).to.be.at.least(30);
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
  });

  it('a frozen clock moves only when it is moved, and wakes sleepers in their order', async () => {
    const clock = new MovableClock({ at: 1000, frozen: true });
    const woken: string[] = [];
    const later = clock.sleep(200).then(() => woken.push('later'));
    const sooner = clock.sleep(100).then(() => woken.push('sooner'));
    const never = new AbortController();
    const aborted = clock.sleep(1e9, never.signal);
    clock.advance(99);
    await Promise.resolve();
    expect(woken).to.deep.equal([]);
    clock.advance(101);
    await Promise.all([sooner, later]);
    expect(woken).to.deep.equal(['sooner', 'later']);
    expect(clock.now()).to.equal(1200);
    never.abort();
    await aborted;
  });

  it('a running clock goes with real time from wherever it was put', async () => {
    const clock = new MovableClock({ at: 5_000_000 });
    await clock.sleep(20);
    expect(clock.now()).to.be.at.least(5_000_020);
    const sleeping = clock.sleep(3600_000);
    clock.advance(3600_000);
    await sleeping;
    expect(() => clock.advance(-1)).to.throw(RangeError);
  });

  it('says whole milliseconds however it is moved, and loses no fraction', async () => {
    const clock = new MovableClock({ at: 1000.75, frozen: true });
    expect(clock.now()).to.equal(1000);
    const halves = clock.sleep(0.5);
    clock.advance(0.5);
    await halves;
    expect(clock.now()).to.equal(1001);
    clock.advance(0.5);
    expect(clock.now()).to.equal(1001);
    clock.advance(0.25);
    expect(clock.now()).to.equal(1002);
    const running = new MovableClock({ at: 5_000_000.5 });
    running.advance(0.25);
    expect(Number.isInteger(running.now())).to.equal(true);
  });
});
