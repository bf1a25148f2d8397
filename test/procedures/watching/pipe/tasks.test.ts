import { expect } from 'chai';
import fc from 'fast-check';
import { parseDeclaration } from '../../../../deploy/headers/header.js';
import type { Scope } from '../../../../deploy/objects/scope.js';
import { scheduledTasks } from '../../../../deploy/objects/source.js';
import type { ScheduledTask } from '../../../../procedures/object.js';
import { type SeenTask, taskSign } from '../../../../procedures/watching/pipe/task-rule.js';

const HOUR = 3_600_000;
const NOW = 1_000_000 * HOUR;
const ago = (hours: number) => NOW - hours * HOUR;
const scope = {
  render: (text: string) => ({ text }),
  name: (name: string) => name,
  exists: () => true,
} as unknown as Scope;
const task = (header: string): ScheduledTask =>
  scheduledTasks(
    [
      parseDeclaration(
        'tasks/made-up.sql',
        'task',
        `${header}\n-- Counts the beds. Every day.\nCREATE TASK {{name}}`,
      ),
    ],
    scope,
  )[0]!;

/** Three that no line of the product knows. */
const daily = task(
  '-- name: LOS_COUNT\n-- operators: run\n-- run: counting\n-- schedule: USING CRON 0 6 * * * UTC',
);
const often = task('-- name: LOS_OFTEN\n-- operators: run\n-- schedule: 15 MINUTE');
const woken = task('-- name: LOS_WOKEN\n-- operators: operate\n-- run: waking');

const seen = (more: Partial<SeenTask> = {}): SeenTask => ({
  state: 'started',
  madeAt: ago(10_000),
  well: { at: ago(0.1), shown: '2026-12-01 06:00' },
  last: { status: 'SUCCEEDED', at: ago(0.1), message: '' },
  alarmAt: null,
  ...more,
});
const well = (hours: number) => ({ well: { at: ago(hours), shown: 'then' } });
const failed = (hours: number, status: 'FAILED' | 'REFUSED' | 'RUNNING' = 'FAILED') => ({
  last: { status, at: ago(hours), message: 'No bed is left.' },
});
const told = (of: ScheduledTask, more: Partial<SeenTask>) => {
  const sign = taskSign(of, seen(more), NOW);
  return sign && `${sign.severity} ${sign.subject}: ${sign.message}`;
};

describe('the rule for tasks', () => {
  it('takes from the header when a task comes, and from its comment what it does', () => {
    expect(daily).to.deep.equal({ name: 'LOS_COUNT', run: 'counting', hours: 24, does: 'Counts the beds.' });
    expect(often.hours).to.equal(0.25);
    expect(woken.hours).to.equal(null);
  });

  it('tells of a task added by a file alone: suspended, gone, failed, hanging, silent, refused', () => {
    for (const each of [daily, often, woken]) {
      expect(told(each, {})).to.equal(null);
      expect(told(each, { state: 'suspended' })).to.equal(
        `critical ${each.name}: The task ${each.name} is suspended. What it does: Counts the beds.`,
      );
      expect(told(each, { state: 'gone' })).to.contain(
        `critical ${each.name}: The task ${each.name} is gone.`,
      );
      expect(told(each, { ...well(2), ...failed(1) })).to.match(
        /has not succeeded since then; its last run failed: No bed/,
      );
      expect(told(each, { ...well(5), ...failed(3, 'RUNNING') })).to.contain('has not ended');
    }
    expect(told(daily, { ...well(26), last: null })).to.equal(null);
    expect(told(daily, { ...well(26.1), last: null })).to.match(
      /^critical .* has not succeeded since then\./,
    );
    expect(told(often, { ...well(2.3), last: null })).to.match(/^critical/);
    expect(told(woken, { ...well(9000), last: null }), 'nothing wakes it').to.equal(null);
    expect(told(daily, { ...well(25), ...failed(1) })).to.match(/^warning/);
    expect(told(daily, { ...well(50), ...failed(1) })).to.match(/^critical/);
    expect(told(daily, { ...well(25), ...failed(1, 'REFUSED') })).to.equal(null);
    expect(told(daily, { ...well(27), ...failed(1, 'REFUSED') })).to.contain('was refused: No bed is left.');
    expect(told(daily, { well: null, ...failed(1, 'REFUSED') }), 'no version yet').to.equal(null);
    expect(told(daily, { well: null, last: null })).to.contain('has not succeeded yet');
    expect(told(daily, { well: null, last: null, madeAt: ago(3) }), 'made just now').to.equal(null);
    expect(told(daily, { state: null }), 'SHOW is refused').to.equal(null);
  });

  it('is quiet in any order of good runs by the schedule, and ends an alarm only by a success', () => {
    const hours = fc.integer({ min: 1, max: 26 });
    fc.assert(
      fc.property(hours, fc.constantFrom(daily, woken), (since, each) => {
        expect(told(each, well(since))).to.equal(null);
      }),
    );
    fc.assert(
      fc.property(hours, hours, (success, alarm) => {
        const sign = told(daily, { ...well(success), last: null, alarmAt: ago(alarm) });
        expect(sign === null).to.equal(success <= alarm);
      }),
    );
  });
});
